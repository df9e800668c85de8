import CGSL
import Testing

@testable import Randomness

/// The draws beside those of the GNU Scientific Library, which takes its words from a copy of the same stream.
@Suite("Draws are GSL's, word for word,")
struct GSLDrawTests {
  /// Checks 20,000 draws: the same numbers but for `tolerance`, and the same words taken.
  private func check(
    _ name: String, tolerance: Double = 4e-16, _ ours: (inout RandomStream) -> Double,
    _ theirs: (UnsafeMutablePointer<gsl_rng>) -> Double
  ) {
    var stream = Seed(31).stream(.fading, name.utf8.count)
    var copy = stream
    var wrong = 0
    for draw in 0..<20_000 where wrong < 5 {
      let value = ours(&stream)
      let expected = drawingFrom(&copy, theirs)
      let isSame = abs(value - expected) <= tolerance * abs(expected) && stream.peek == copy.peek
      #expect(isSame, "\(name), draw \(draw): \(value), GSL \(expected)")
      wrong += isSame ? 0 : 1
    }
  }

  private func drawingFrom(
    _ stream: inout RandomStream, _ draw: (UnsafeMutablePointer<gsl_rng>) -> Double
  ) -> Double {
    withUnsafeMutablePointer(to: &stream) { stream in
      var type = gsl_rng_type(
        name: nil, max: 0xffff_ffff, min: 0, size: 0, set: { _, _ in },
        get: { UInt($0?.assumingMemoryBound(to: RandomStream.self).pointee.word() ?? 0) },
        get_double: { $0?.assumingMemoryBound(to: RandomStream.self).pointee.uniform() ?? 0 })
      return withUnsafePointer(to: &type) { type in
        var generator = gsl_rng(type: type, state: stream)
        return draw(&generator)
      }
    }
  }

  @Test("uniform and whole numbers")
  func uniforms() {
    check("flat", { $0.uniform(low: -2, high: 5) }, { gsl_ran_flat($0, -2, 5) })
    for count in [1, 3, 7, 1000, 3_000_000_000] as [UInt] {
      check(
        "integer", { Double($0.integer(in: 0...Int(count) - 1)) }, { Double(gsl_rng_uniform_int($0, count)) })
    }
  }

  @Test("exponentials, Gaussians and log-normals")
  func continuous() {
    check("exponential", { $0.exponential(mean: 2.5) }, { gsl_ran_exponential($0, 2.5) })
    check("gaussian", { $0.gaussian(standardDeviation: 3) }, { gsl_ran_gaussian($0, 3) })
    check("log-normal", tolerance: 1e-15, { $0.lognormal(zeta: 1, sigma: 0.5) }, { gsl_ran_lognormal($0, 1, 0.5) })
  }

  /// GSL's tables of the ziggurat are rounded to 12 digits, and 1 + x/(3 sqrt(d)) may cancel three of them.
  @Test("gammas of any shape", arguments: [0.05, 0.5, 0.9, 1, 2, 30])
  func gammas(shape: Double) {
    check(
      "ziggurat", tolerance: 1e-11, { Ziggurat.standard.draw(from: &$0) }, { gsl_ran_gaussian_ziggurat($0, 1) })
    check(
      "gamma", tolerance: 1e-9, { $0.gamma(shape: shape, scale: 1 / shape) }, { gsl_ran_gamma($0, shape, 1 / shape) })
  }

  @Test("successes among trials", arguments: [(3, 0.3), (10, 0.99), (11, 0.1), (5000, 0.1), (100_000, 0.002)])
  func binomial(trials: Int, probability: Double) {
    check(
      "binomial", { Double($0.binomial(trials: trials, probability: probability)) },
      { Double(gsl_ran_binomial_knuth($0, probability, UInt32(trials))) })
  }

  @Test("Dirichlet shares, where alpha is tiny too", arguments: [1e-3, 0.3, 5])
  func dirichlet(alpha: Double) {
    let alphas = [Double](repeating: alpha, count: 6)
    for place in [0, 5] {
      check(
        "Dirichlet", tolerance: 1e-9, { $0.dirichlet(alpha: alpha, count: 6)[place] },
        { generator in
          var shares = alphas
          gsl_ran_dirichlet(generator, 6, alphas, &shares)
          return shares[place]
        })
    }
  }
}

extension RandomStream {
  /// The next word, left where it is.
  fileprivate var peek: UInt32 {
    var copy = self
    return copy.word()
  }
}
