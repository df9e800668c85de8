import Numerics
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Numerics over GSL")
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
    #expect(error?.description == "Lambert W: input domain error")
  }

  @Test("Brent's method finds the root inside the bracket")
  func roots() throws {
    #expect(abs(try Numerics.root(in: 0...2) { $0 * $0 - 2 } - 1.4142135623730951) < 1e-15)
    let shift = 0.25
    #expect(abs(try Numerics.root(in: 0...10) { cos($0 - shift) - 0.5 } - (acos(0.5) + shift)) < 1e-14)
    #expect(abs(try Numerics.root(in: -1...2, absoluteTolerance: 1e-12) { $0 * $0 * $0 }) < 1e-4)
  }

  @Test("a bracket without a change of sign is an error, and so is a function without a value")
  func badBrackets() {
    #expect(throws: NumericsError.self) { try Numerics.root(in: 1...2) { $0 * $0 } }
    #expect(throws: NumericsError.self) { try Numerics.root(in: 1...2) { _ in .nan } }
    #expect(throws: NumericsError.self) { try Numerics.root(in: 0...2) { $0 < 1 ? -1 : $0 > 1.5 ? 1 : .nan } }
  }
}
