import CElementary
import CFading
import Randomness
import Synchronization

/// The variant of the kernel for this processor; both give the same bits.
enum FadingKernel {
  nonisolated(unsafe) static let functions: UnsafePointer<fading_kernels> =
    fading_kernels_avx2() ?? fading_kernels_plain()

  /// exp(2πj i/256): a cosine and a sine each.
  nonisolated(unsafe) static let phasors: UnsafePointer<Double> = {
    let phasors = UnsafeMutablePointer<Double>.allocate(capacity: 512)
    for phase in 0..<256 {
      phasors[2 * phase] = elementary_cospi(Double(phase) / 128)
      phasors[2 * phase + 1] = elementary_sinpi(Double(phase) / 128)
    }
    return UnsafePointer(phasors)
  }()
}

/// How far each wave around a device turns in an interval.
struct DeviceTurns: Sendable {
  /// f_d times the interval.
  let span: Double
  /// Scattered waves.
  let rays: Int
  let seed: Seed

  /// Numbers of a device: those of the scattered rays, the direct one's, and zeros.
  var count: Int { (rays + 8) / 8 * 8 }

  /// Draws the directions of device `index`; `turns` has room for ``count``.
  func fill(_ turns: UnsafeMutableBufferPointer<Double>, device index: Int) {
    guard let first = turns.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: rays + 1) { words in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { angles in
        var stream = seed.stream(.fadingAngle, index)
        stream.fill(words)
        angles.update(repeating: 0)
        for ray in 0..<rays { angles[ray] = (Double(ray) + Double(words[ray]) * 0x1p-32) / Double(rays) }
        angles[rays] = Double(words[rays]) * 0x1p-32
        FadingKernel.functions.pointee.circle(angles.baseAddress, count, first, angles.baseAddress)
      }
    }
    for ray in 0...rays {
      let turn = span * turns[ray]
      // Whole turns between two intervals are not seen.
      turns[ray] = span < 0.5 ? turn : turn - turn.rounded()
    }
    for ray in rays + 1..<count { turns[ray] = 0 }
  }
}

/// The waves around one device for many intervals: the turns, and their sines and cosines.
final class DeviceWaves: Sendable {
  /// Which device.
  let index: Int

  private let rays: Int
  private let turns: [Double]
  private let cosines: [Double]
  private let sines: [Double]

  fileprivate init(device index: Int, turns of: DeviceTurns) {
    (self.index, rays) = (index, of.rays)
    let turns = [Double](unsafeUninitializedCapacity: of.count) { buffer, count in
      of.fill(.init(rebasing: buffer[..<of.count]), device: index)
      count = of.count
    }
    let offsets = Int(fading_offsets)
    var rotations = Array(repeating: 0.0, count: (rays + 1) * offsets)
    for ray in 0...rays {
      for offset in 0..<offsets { rotations[ray * offsets + offset] = turns[ray] * (Double(offset) + 0.5) }
    }
    var (cosines, sines) = (rotations, rotations)
    FadingKernel.functions.pointee.circle(rotations, rotations.count, &cosines, &sines)
    (self.turns, self.cosines, self.sines) = (turns, cosines, sines)
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
    private let turns: DeviceTurns
    private let kept = Mutex([DeviceWaves?](repeating: nil, count: Cache.size))

    private static let size = 128

    init(turns span: Double, rays: Int, seed: Seed) {
      turns = DeviceTurns(span: span, rays: rays, seed: seed)
    }

    /// The waves of a device, for many intervals.
    func device(_ index: Int) -> DeviceWaves {
      if let known = kept.withLock({ $0[index % Cache.size] }), known.index == index { return known }
      let made = DeviceWaves(device: index, turns: turns)
      kept.withLock { $0[index % Cache.size] = made }
      return made
    }

    /// Hands a device's turns to the kernel, for a look at one interval, as of a million devices: nothing is kept.
    func withTurns<Result>(of index: Int, _ body: (UnsafePointer<fading_rays>) -> Result) -> Result {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: turns.count) { buffer in
        turns.fill(buffer, device: index)
        var rays = fading_rays(terms: turns.rays, turns: buffer.baseAddress, cosines: nil, sines: nil)
        return body(&rays)
      }
    }
  }
}
