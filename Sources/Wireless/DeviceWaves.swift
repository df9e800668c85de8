import CElementary
import CFading
import Randomness
import Synchronization

/// The variant of the kernel for this processor; both give the same bits.
enum FadingKernel {
  nonisolated(unsafe) static let functions: UnsafePointer<fading_kernels> =
    fading_kernels_avx2() ?? fading_kernels_plain()

  /// exp(2πj i/256): 256 cosines, then 256 sines.
  nonisolated(unsafe) static let phasors: UnsafePointer<Double> = {
    let phasors = UnsafeMutablePointer<Double>.allocate(capacity: 512)
    for phase in 0..<256 {
      phasors[phase] = elementary_cospi(Double(phase) / 128)
      phasors[256 + phase] = elementary_sinpi(Double(phase) / 128)
    }
    return UnsafePointer(phasors)
  }()
}

/// The waves around one device: how far each turns in an interval, and the turns' sines and cosines.
final class DeviceWaves: Sendable {
  /// Which device.
  let index: Int
  /// Whether it has the table that many intervals at once need.
  var hasTable: Bool { !cosines.isEmpty }

  private let rays: Int
  private let turns: [Double]
  private let cosines: [Double]
  private let sines: [Double]

  /// Draws the directions of device `index`; `span` is f_d times the interval.
  fileprivate init(device index: Int, span: Double, rays: Int, seed: Seed, withTable: Bool) {
    (self.index, self.rays) = (index, rays)
    let count = (rays + 8) / 8 * 8
    let functions = FadingKernel.functions.pointee
    func circle(_ angles: [Double]) -> (cosines: [Double], sines: [Double]) {
      var (cosines, sines) = (angles, angles)
      functions.circle(angles, angles.count, &cosines, &sines)
      return (cosines, sines)
    }
    var stream = seed.stream(.fadingAngle, index)
    var angles = Array(repeating: 0.0, count: count)
    for ray in 0..<rays { angles[ray] = (Double(ray) + stream.uniform()) / Double(rays) }
    angles[rays] = stream.uniform()
    var turns = circle(angles).cosines
    for ray in turns.indices {
      // Whole turns between two intervals are not seen.
      let turn = ray <= rays ? span * turns[ray] : 0
      turns[ray] = turn - turn.rounded()
    }
    self.turns = turns
    guard withTable else {
      (cosines, sines) = ([], [])
      return
    }
    let offsets = Int(fading_offsets)
    var rotations = Array(repeating: 0.0, count: (rays + 1) * offsets)
    for ray in 0...rays {
      for offset in 0..<offsets { rotations[ray * offsets + offset] = turns[ray] * (Double(offset) + 0.5) }
    }
    (cosines, sines) = circle(rotations)
  }

  /// Hands the arrays to the kernel.
  func withRays(_ body: (UnsafePointer<fading_rays>) -> Void) {
    turns.withUnsafeBufferPointer { turns in
      cosines.withUnsafeBufferPointer { cosines in
        sines.withUnsafeBufferPointer { sines in
          var rays = fading_rays(
            terms: rays, turns: turns.baseAddress, cosines: cosines.baseAddress, sines: sines.baseAddress)
          body(&rays)
        }
      }
    }
  }

  /// The tables of the devices looked at last: they come from the seed, and what is kept changes nothing but the time.
  final class Cache: Sendable {
    private let span: Double
    private let rays: Int
    private let seed: Seed
    private let kept = Mutex([DeviceWaves?](repeating: nil, count: Cache.size))

    private static let size = 128

    init(turns span: Double, rays: Int, seed: Seed) {
      (self.span, self.rays, self.seed) = (span, rays, seed)
    }

    /// The waves of a device; without a table they are made anew, as for a look at a million devices.
    func device(_ index: Int, withTable: Bool) -> DeviceWaves {
      if let known = kept.withLock({ $0[index % Cache.size] }), known.index == index { return known }
      let made = DeviceWaves(device: index, span: span, rays: rays, seed: seed, withTable: withTable)
      if withTable { kept.withLock { $0[index % Cache.size] = made } }
      return made
    }
  }
}
