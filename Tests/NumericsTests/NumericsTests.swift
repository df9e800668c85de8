import CGSL
import Numerics
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Special functions")
struct NumericsTests {
  /// The omega constant W(1) = 0.56714329040978387300 (OEIS A030178); W(e) = 1; W(−ln 2 / 2) = −ln 2.
  @Test("Lambert W has its known values")
  func lambertValues() throws {
    let known: [(x: Double, w: Double)] = [
      (0, 0), (1, 0.567143290409783873), (M_E, 1), (-M_LN2 / 2, -M_LN2), (-1 / M_E, -1),
    ]
    for (x, w) in known { #expect(abs(try Numerics.lambertW0(x) - w) < 1e-15) }
  }

  @Test("w exp(w) gives the argument back", arguments: [-0.3, 1e-9, 0.5, 12, 1e6, 1e300])
  func lambertInverse(x: Double) throws {
    let w = try Numerics.lambertW0(x)
    #expect(abs((log(abs(w)) + w) - log(abs(x))) < 1e-13 * max(1, abs(log(abs(x)))))
  }

  @Test("an argument outside the domain is an error, not the end of the process", arguments: [-1, Double.nan])
  func lambertDomain(x: Double) {
    let error = #expect(throws: NumericsError.self) { try Numerics.lambertW0(x) }
    #expect(error?.description == "Lambert W: the argument is outside the domain")
  }

  @Test("Lambert W is GSL's over its whole domain")
  func lambertBesideGSL() throws {
    for step in 0...4000 {
      let distance = exp2(Double(step) / 4 - 60)
      for x in [distance - 1 / M_E, distance] {
        let (ours, theirs) = (try Numerics.lambertW0(x), gsl_sf_lambert_W0(x))
        #expect(abs(ours - theirs) <= 1e-14 * abs(theirs), "W(\(x)) is \(ours), GSL \(theirs)")
      }
    }
  }

  @Test("Student's t and its quantile are GSL's", arguments: [1, 2, 3, 4, 9, 30, 99, 1000, 250_000])
  func studentBesideGSL(degreesOfFreedom n: Double) throws {
    for t in [0, 1e-9, 0.01, 0.3, 1, 1.9, 2.6, 4, 7, 12, 35, 1e3] {
      let (ours, theirs) = (
        try Numerics.studentTwoSided(-t, degreesOfFreedom: n), 2 * gsl_cdf_tdist_Q(t, n)
      )
      #expect(abs(ours - theirs) <= 1e-10 * theirs + 1e-300, "p of \(t) is \(ours), GSL \(theirs)")
    }
    for p in [1e-6, 0.025, 0.3, 0.5, 0.75, 0.9, 0.975, 0.9995, 0.9999999] {
      let (ours, theirs) = (try Numerics.studentQuantile(p, degreesOfFreedom: n), gsl_cdf_tdist_Pinv(p, n))
      #expect(abs(ours - theirs) <= 1e-9 * abs(theirs), "t of \(p) is \(ours), GSL \(theirs)")
    }
  }

  /// T₁ is Cauchy's: P(|T| > t) = 1 − (2/π) atan t, quantile tan(π (p − 1/2)). T₂ has P(|T| > t) = 1 − t/sqrt(2 + t²).
  @Test("Student's t with one and with two degrees of freedom has its closed form")
  func studentClosedForms() throws {
    for t in [0.001, 0.5, 1, 1.7, 3, 20] {
      #expect(abs(try Numerics.studentTwoSided(t, degreesOfFreedom: 1) - (1 - 2 / .pi * atan(t))) < 3e-16)
      #expect(abs(try Numerics.studentTwoSided(t, degreesOfFreedom: 2) - (1 - t / (2 + t * t).squareRoot())) < 3e-16)
    }
    for p in [0.51, 0.75, 0.975, 0.9999] {
      let expected = tan(.pi * (p - 0.5))
      #expect(abs(try Numerics.studentQuantile(p, degreesOfFreedom: 1) / expected - 1) < 2e-12 * max(1, expected))
    }
  }

  /// mpmath: sqrt(2) erfinv(2 p − 1) at 30 digits; of 0.975 the best known number of statistics.
  @Test("the normal distribution's quantile has its known values, and is GSL's")
  func normalQuantile() throws {
    #expect(abs(try Numerics.normalQuantile(0.975) - 1.959963984540054) < 1e-15)
    #expect(abs(try Numerics.normalQuantile(0.025) + 1.959963984540054) < 3e-15)
    #expect(try Numerics.normalQuantile(0.5) == 0)
    for p in [1e-300, 1e-12, 0.001, 0.2, 0.49, 0.6, 0.84, 0.9986, 0.99866, 0.999999] {
      let (ours, theirs) = (try Numerics.normalQuantile(p), gsl_cdf_ugaussian_Pinv(p))
      #expect(abs(ours - theirs) <= 1e-13 * abs(theirs), "z of \(p) is \(ours), GSL \(theirs)")
    }
  }
}
