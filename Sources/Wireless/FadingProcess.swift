import CFading
import CElementary
import Randomness
import Units

/// Small-scale fading as it moves: the power gain, of mean 1, of every (device, block) pair in every interval of time.
///
/// Gains are constant on [i, i + 1) × ``interval`` and found by name: what a pair has in interval i is a function of the
/// seed, the pair and i, whoever looks, from wherever.
///
/// - Clarke's motion: h(n) = d exp(2πj v_M n) + s M^(-1/2) Σ_m exp(2πj (v_m n + φ_m)), v = f_d step cos α, over M rays. The
///   directions α_m = 2π (m + u_m)/M, u_m uniform, belong to the device (`Purpose.fadingAngle`), so that every device's
///   own spectrum is near Clarke's and the ensemble's autocorrelation J0(2π f_d τ) to the bit; the phases φ_m, one of 256,
///   to the pair (`Purpose.fadingPhase`): as M independent phases in whole 256ths have the moments of uniform ones up
///   to the 255th, nothing is lost. d² = K/(K+1), s² = 1/(K+1); the line of sight has a direction and so a Doppler shift
///   of its own. How the directions are laid out is our choice.
/// - Block fading: a draw of the law (``Fading/draw(from:)``) for each interval, each from a stream of its own.
/// - No motion: the interval is a round, and the draws are those of ``Channel``.
public struct FadingProcess: Sendable {
  /// The law of the power.
  public let fading: Fading
  /// How it moves.
  public let motion: FadingMotion
  /// Resource blocks K.
  public let blocks: Int

  private let seed: Seed
  private let rays: Int
  private let waves: DeviceWaves.Cache?

  /// The fading of `blocks` blocks.
  ///
  /// - Precondition: what ``Fading/moves(by:)`` says, and rays within ``FadingMotion/rayLimits``.
  public init(fading: Fading, motion: FadingMotion, blocks: Int, seed: Seed) {
    (self.fading, self.motion, self.blocks, self.seed) = (fading, motion, blocks, seed)
    if case .clarke(let doppler, let step, let rays) = motion, fading != .none {
      precondition(fading.moves(by: motion), "this law of fading has no waves")
      precondition(FadingMotion.rayLimits.contains(rays), "a link has \(FadingMotion.rayLimits) rays")
      self.rays = rays
      waves = DeviceWaves.Cache(turns: doppler.value * step.value, rays: rays, seed: seed)
    } else {
      (rays, waves) = (0, nil)
    }
  }

  /// How long a gain stands still; infinite where it does for a whole round.
  public var interval: Seconds { motion.interval }

  /// A bound that no power exceeds.
  public var upperBound: Double { upperBound(k: nil) }

  /// A bound that no power exceeds, of a device of its own K: of M rays in phase, (d + s sqrt(M))².
  public func upperBound(k: Double?) -> Double {
    guard waves != nil else { return fading.law(k: k).upperBound }
    // By Cauchy's inequality, whatever K is.
    if k == nil, fading == .ricianByState { return (1 + Double(rays)) * (1 + 1e-9) }
    let (direct, scattered) = amplitudes(k)
    let reach = direct + scattered * Double(rays)
    return reach * reach * (1 + 1e-9)
  }

  /// The power of a pair in an interval, counted from 0; without motion in a round, counted from 1.
  ///
  /// - Parameter k: The K of this device's line of sight, 0 for none; `nil`: that of the law.
  public func power(device: Int, block: Int, interval index: Int, k: Double? = nil) -> Double {
    var power = 0.0
    withUnsafeMutablePointer(to: &power) {
      powers(device: device, block: block, from: index, into: .init(start: $0, count: 1), k: k)
    }
    return power
  }

  /// The powers of a pair in as many consecutive intervals as `powers` has room for, the first one `index`.
  public func powers(
    device: Int, block: Int, from index: Int, into powers: UnsafeMutableBufferPointer<Double>, k: Double? = nil
  ) {
    guard let first = powers.baseAddress else { return }
    guard let waves else {
      for item in powers.indices { powers[item] = drawn(device: device, block: block, interval: index + item, k: k) }
      return
    }
    if powers.count == 1 {
      return waves.withTurns(of: device) {
        row(of: $0, device, blocks: block..<block + 1, interval: index, k, first)
      }
    }
    let index = FadingProcess.counted(index)
    withLinks(device, blocks: block..<block + 1, k) { link, _ in
      waves.device(device).withRays { rays in
        var done = 0
        while done < powers.count {
          let (group, place) = (index + done).quotientAndRemainder(dividingBy: FadingProcess.groupLength)
          let count = min(FadingProcess.groupLength - place, powers.count - done)
          FadingKernel.functions.pointee.powers(
            rays, link, FadingKernel.phasors, Int64(group), place, count, first + done)
          done += count
        }
      }
    }
  }

  /// The powers of all blocks of a device in one interval, or of its first `count` ones.
  public func copyRow(
    device: Int, interval index: Int, into row: UnsafeMutableBufferPointer<Double>, k: Double? = nil, count: Int? = nil
  ) {
    let blocks = min(blocks, count ?? blocks)
    guard let first = row.baseAddress, blocks > 0 else { return }
    guard let waves else {
      if case .perRound = motion {
        var stream = seed.stream(.fading, index, device)
        let law = fading.law(k: k)
        for block in 0..<blocks { row[block] = law.draw(from: &stream) }
      } else {
        for block in 0..<blocks { row[block] = drawn(device: device, block: block, interval: index, k: k) }
      }
      return
    }
    waves.withTurns(of: device) { self.row(of: $0, device, blocks: 0..<blocks, interval: index, k, first) }
  }

  /// Whether the power on one of a device's blocks is as wanted. Mostly one of the first blocks answers it, and only as many
  /// are found as it takes: eight, then twice as many again and again.
  func contains(
    device: Int, interval index: Int, k: Double? = nil, where isWanted: (Double) -> Bool
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { row in
      guard let first = row.baseAddress else { return false }
      guard let waves else {
        for count in [min(8, blocks), blocks] {
          copyRow(device: device, interval: index, into: row, k: k, count: count)
          if row[..<count].contains(where: isWanted) { return true }
        }
        return false
      }
      return waves.withTurns(of: device) { rays in
        var part = 0..<min(8, blocks)
        while !part.isEmpty {
          self.row(of: rays, device, blocks: part, interval: index, k, first)
          if row[..<part.count].contains(where: isWanted) { return true }
          part = part.upperBound..<min(part.upperBound + 2 * part.count, blocks)
        }
        return false
      }
    }
  }

  /// The powers of a device's waves on some blocks in one interval.
  private func row(
    of rays: UnsafePointer<fading_rays>, _ device: Int, blocks: Range<Int>, interval index: Int, _ k: Double?,
    _ powers: UnsafeMutablePointer<Double>
  ) {
    let (group, place) = FadingProcess.counted(index).quotientAndRemainder(dividingBy: FadingProcess.groupLength)
    withLinks(device, blocks: blocks, k) { link, stride in
      FadingKernel.functions.pointee.row(
        rays, link, FadingKernel.phasors, Int64(group), place, stride, blocks.count, powers)
    }
  }

  /// The amplitudes of the direct ray and of each scattered one.
  private func amplitudes(_ k: Double?) -> (direct: Double, scattered: Double) {
    guard case .rician(let ratio) = fading.law(k: k), ratio.value > 0 else {
      return (0, (1 / Double(rays)).squareRoot())
    }
    let k = ratio.value
    return ((k / (k + 1)).squareRoot(), (1 / ((k + 1) * Double(rays))).squareRoot())
  }

  /// A draw of its own for the pair and the interval.
  private func drawn(device: Int, block: Int, interval index: Int, k: Double?) -> Double {
    if case .none = fading { return 1 }
    if case .perRound = motion {
      var stream = seed.stream(.fading, index, device)
      let law = fading.law(k: k)
      for _ in 0..<block { _ = law.draw(from: &stream) }
      return law.draw(from: &stream)
    }
    // The key of a pair's own streams, which the counter of the interval has to itself.
    var pair = seed.stream(.fadingInterval, device, block)
    let key = Seed(UInt64(pair.word()) << 32 | UInt64(pair.word()), repetition: seed.repetition)
    let index = UInt64(FadingProcess.counted(index))
    var stream = key.stream(.fadingInterval, Int(index & 0xffff_ffff), Int(index >> 32))
    return fading.law(k: k).draw(from: &stream)
  }

  /// Hands over the amplitudes and first phases of some of a device's links, and how far apart the links' phases are: a link's
  /// rays take the bytes of whole words.
  private func withLinks(
    _ device: Int, blocks: Range<Int>, _ k: Double?, _ body: (UnsafePointer<fading_link>, Int) -> Void
  ) {
    let (direct, scattered) = amplitudes(k)
    let words = (rays + 3) / 4
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: words * blocks.count) { phases in
      var stream = seed.stream(.fadingPhase, device)
      stream.skip(words * blocks.lowerBound)
      stream.fill(phases)
      for index in phases.indices { phases[index] = phases[index].littleEndian }
      let bytes = UnsafeRawBufferPointer(phases).assumingMemoryBound(to: UInt8.self)
      var link = fading_link(phases: bytes.baseAddress, scattered: scattered, direct: direct)
      body(&link, 4 * words)
    }
  }

  /// Intervals are counted up to 2⁴⁶, where a phase is still known to a thousandth of a turn; later ones are that one.
  private static func counted(_ index: Int) -> Int { min(max(index, 0), 1 << 46) }

  /// Intervals that the kernel finds at once.
  static let groupLength = Int(fading_group_length)
}

extension Fading {
  /// Whether the law can move so: only Rayleigh and Rician fading are sums of waves.
  public func moves(by motion: FadingMotion) -> Bool {
    if case .nakagami = self, case .clarke = motion { return false }
    return true
  }
}
