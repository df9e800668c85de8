import CGSL
import CPhilox

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A sequence of random numbers with a name of its own: Philox4x32-10 behind GSL's distributions.
///
/// A value, 44 bytes and no allocation: making one costs nothing, a copy repeats the same numbers. Streams of different
/// names share no number's origin, by construction (see ``Seed/stream(_:_:_:)``). A stream repeats after 2³⁴ 32-bit
/// words; the longest in use, a fading row, takes a few words a block.
public struct RandomStream: Sendable {
  private var state: philox_state

  /// The first words of `seed`'s stream named by three indices.
  init(seed: UInt64, _ first: UInt32, _ second: UInt32, _ third: UInt32) {
    state = philox_stream(seed, first, second, third)
  }

  /// One draw of a GSL function from this stream.
  private mutating func withGenerator<Result>(_ draw: (UnsafeMutablePointer<gsl_rng>) -> Result) -> Result {
    withUnsafeMutablePointer(to: &state) { state in
      var generator = gsl_rng(type: philox_type(), state: state)
      return draw(&generator)
    }
  }

  /// The next 32 random bits.
  public mutating func word() -> UInt32 {
    withGenerator { UInt32(truncatingIfNeeded: gsl_rng_get($0)) }
  }

  /// The next words, one a place: what as many calls of ``word()`` give, several at a time.
  public mutating func fill(_ words: UnsafeMutableBufferPointer<UInt32>) {
    guard let first = words.baseAddress else { return }
    philox_fill(&state, first, words.count)
  }

  /// Passes over the next `count` words without making most of them.
  public mutating func skip(_ count: Int) {
    var rest = max(0, count)
    while rest > 0, state.left > 0 {
      _ = word()
      rest -= 1
    }
    state.counter.0 &+= UInt32(truncatingIfNeeded: rest / 4)
    for _ in 0..<rest % 4 { _ = word() }
  }

  /// Uniform on [0, 1), a multiple of 2⁻³² (`gsl_rng_uniform`).
  public mutating func uniform() -> Double {
    withGenerator { gsl_rng_uniform($0) }
  }

  /// Uniform on [low, high) (`gsl_ran_flat`).
  public mutating func uniform(low: Double, high: Double) -> Double {
    withGenerator { gsl_ran_flat($0, low, high) }
  }

  /// A whole number of the range, each equally likely (`gsl_rng_uniform_int`).
  ///
  /// GSL's function ends at 2³² − 1 values; beyond, 64 bits are drawn until they fall below a multiple of the count.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    let last = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    if last < UInt64(UInt32.max) {
      let offset = withGenerator { gsl_rng_uniform_int($0, UInt(last) + 1) }
      return range.lowerBound + Int(offset)
    }
    var offset: UInt64
    let excess = last == .max ? 0 : (UInt64.max % (last + 1) + 1) % (last + 1)
    repeat { offset = UInt64(word()) << 32 | UInt64(word()) } while offset > UInt64.max - excess
    return range.lowerBound &+ Int(bitPattern: UInt(last == .max ? offset : offset % (last + 1)))
  }

  /// Exponential (`gsl_ran_exponential`): −mean · log1p(−u), at most ``largestExponential`` means.
  public mutating func exponential(mean: Double = 1) -> Double {
    withGenerator { gsl_ran_exponential($0, mean) }
  }

  /// Gaussian (`gsl_ran_gaussian`, the polar method).
  ///
  /// Polar rather than GSL's ziggurat, which is faster but takes 24 bits of a word. Takes a varying number of words.
  public mutating func gaussian(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    mean + withGenerator { gsl_ran_gaussian($0, standardDeviation) }
  }

  /// exp of a Gaussian of mean `zeta` and standard deviation `sigma` (`gsl_ran_lognormal`).
  public mutating func lognormal(zeta: Double, sigma: Double) -> Double {
    withGenerator { gsl_ran_lognormal($0, zeta, sigma) }
  }

  /// Gamma of a positive shape and scale (`gsl_ran_gamma`, Marsaglia and Tsang): mean shape · scale.
  public mutating func gamma(shape: Double, scale: Double) -> Double {
    withGenerator { gsl_ran_gamma($0, shape, scale) }
  }

  /// Shares of `count` parts from Dirichlet(alpha, …, alpha), alpha positive; they add up to 1 (`gsl_ran_dirichlet`).
  public mutating func dirichlet(alpha: Double, count: Int) -> [Double] {
    guard count > 0 else { return [] }
    let alphas = [Double](repeating: alpha, count: count)
    var shares = alphas
    withGenerator { gsl_ran_dirichlet($0, count, alphas, &shares) }
    return shares
  }

  /// Puts the elements in random order, every order equally likely (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, integer(in: 0...last))
    }
  }

  /// `count` different numbers of 0..<`total` in random order, every ordered choice equally likely; all of them where
  /// `count` exceeds `total`.
  ///
  /// The first steps of a Fisher–Yates shuffle whose untouched places are not stored: memory goes with `count` only.
  public mutating func choose(_ count: Int, of total: Int) -> [Int] {
    var moved: [Int: Int] = [:]
    return (0..<max(0, min(count, total))).map { place in
      let other = integer(in: place...(total - 1))
      let chosen = moved[other] ?? other
      moved[other] = moved[place] ?? place
      return chosen
    }
  }

  /// −ln 2⁻³² = 22.18: no exponential of mean 1 exceeds it, since a draw takes 32 bits.
  public static let largestExponential = exponential(ofWord: .max)

  /// The exponential of mean 1 that ``exponential(mean:)`` makes of the 32-bit word `word`; it grows with the word.
  @inlinable
  public static func exponential(ofWord word: UInt32) -> Double {
    -1 * log1p(-(Double(word) / 4_294_967_296))
  }
}
