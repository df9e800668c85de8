import CElementary
import Foundation
import Testing

@Suite("Elementary functions")
struct ElementaryFunctionTests {
  static let functions: [String: @Sendable (Double) -> Double] = [
    "log": { elementary_log($0) }, "log2": { elementary_log2($0) }, "log10": { elementary_log10($0) },
    "log1p": { elementary_log1p($0) }, "exp": { elementary_exp($0) }, "expm1": { elementary_expm1($0) },
    "sinpi": { elementary_sinpi($0) }, "cospi": { elementary_cospi($0) },
  ]

  /// A line of `References/references.csv`, which `make-references.py` makes with mpmath: the value is high + low.
  struct Reference {
    var function: String
    var x: Double
    var y: Double?
    var high: Double
    var low: Double
  }

  static func references() throws -> [Reference] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/references.csv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      func number(_ cell: Int) throws -> Double { try #require(Double(cells[cell]), "\(line)") }
      return Reference(
        function: String(cells[0]), x: try number(1), y: cells[2].isEmpty ? nil : try number(2), high: try number(3),
        low: try number(4))
    }
  }

  @Test("err from mpmath's values by no more than is said of them")
  func errors() throws {
    let bounds = ["exp": 0.502, "expm1": 0.506, "pow": 0.506, "sinpi": 0.77, "cospi": 0.77]
    var seen: Set<String> = []
    for reference in try Self.references() {
      var value = Double.nan
      if let y = reference.y {
        value = elementary_pow(reference.x, y)
      } else if let function = Self.functions[reference.function] {
        value = function(reference.x)
      }
      let error = (value - reference.high) - reference.low
      let bound = bounds[reference.function] ?? 0.5005
      #expect(abs(error) <= bound * reference.high.ulp, "\(reference): \(value)")
      seen.insert(reference.function)
    }
    #expect(seen.count == 9)
  }

  @Test("have the values at the ends of their domains that IEEE 754 gives them")
  func specialValues() {
    let (infinity, nan, tiny) = (Double.infinity, Double.nan, Double.leastNonzeroMagnitude)
    for (function, x, value) in [
      ("log", 0, -infinity), ("log", -0.0, -infinity), ("log", 1, 0), ("log", infinity, infinity), ("log", -1, nan),
      ("log", tiny, -744.4400719213812), ("log2", tiny, -1074), ("log10", 1e22, 22), ("log2", -tiny, nan),
      ("log10", 0, -infinity), ("log2", infinity, infinity), ("log1p", -1, -infinity), ("log1p", -1.5, nan),
      ("log1p", -0.0, -0.0), ("log1p", tiny, tiny), ("log1p", infinity, infinity),
      ("log1p", .greatestFiniteMagnitude, 709.782712893384), ("exp", 0, 1), ("exp", 710, infinity), ("exp", -746, 0),
      ("exp", -745.13, tiny), ("exp", infinity, infinity), ("exp", -infinity, 0),
      ("exp", 709.782712893384, 0x1.fffffffffff2ap1023),
      ("expm1", -0.0, -0.0), ("expm1", tiny, tiny), ("expm1", -50, -1), ("expm1", -infinity, -1),
      ("expm1", 800, infinity), ("sinpi", 0, 0), ("sinpi", -0.0, -0.0), ("sinpi", 0.5, 1), ("sinpi", -0.5, -1),
      ("sinpi", 1e300, 0), ("sinpi", infinity, nan), ("sinpi", 7, 0), ("cospi", 0.5, 0), ("cospi", 1, -1),
      ("cospi", 0x1p60, 1), ("cospi", -infinity, nan), ("cospi", 0x1.8p51 + 1, -1),
    ] as [(String, Double, Double)] {
      let result = Self.functions[function]?(x) ?? 0
      #expect(
        result == value && (result.sign == value.sign || function.hasSuffix("pi") && x.magnitude > 0.1)
          || result.isNaN && value.isNaN, "\(function)(\(x)) is \(result), not \(value)")
    }
    for (name, function) in Self.functions { #expect(function(nan).isNaN, "\(name)") }
  }

  /// C's Annex F.10.4.4, by the system's own function, of which these results are exact.
  @Test("powers of zeros, infinities, negative numbers and NaN are C's")
  func specialPowers() {
    let numbers: [Double] = [
      0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 0.25, .infinity, -.infinity, .nan, 1e300, -1e300, 0x1p53, 0x1p53 + 2,
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    ]
    for x in numbers {
      for y in numbers {
        let (ours, theirs) = (elementary_pow(x, y), pow(x, y))
        #expect(
          ours.isNaN && theirs.isNaN || abs(ours - theirs) <= theirs.ulp && ours.sign == theirs.sign || ours == theirs,
          "\(x)^\(y) is \(ours), not \(theirs)")
      }
    }
  }

  #if arch(x86_64)
    /// The x87's functions have 64 bits: they tell errors of a two-thousandth of a unit in the last place.
    @Test("are right over a hundred thousand arguments, as extended precision says")
    func extendedPrecision() {
      var state: UInt64 = 1
      func uniform(_ low: Double, _ high: Double) -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return low + (high - low) * Double(state >> 11) * 0x1p-53
      }
      func check(_ name: String, bound: Double, x: Double, _ ours: Double, _ theirs: Float80) {
        let units = abs((Float80(ours) - theirs) / Float80(Double(theirs).ulp))
        #expect(units <= Float80(bound), "\(name)(\(x)) is \(ours), \(units) units from \(theirs)")
      }
      for _ in 0..<20_000 {
        let (x, near, e) = (exp2(uniform(-1000, 1000)), exp2(uniform(-50, 2)), uniform(-700, 700))
        check("log", bound: 0.502, x: x, elementary_log(x), log(Float80(x)))
        check("log", bound: 0.502, x: 1 + near, elementary_log(1 + near), log(Float80(1 + near)))
        check("log1p", bound: 0.502, x: near, elementary_log1p(near), log1p(Float80(near)))
        check("exp", bound: 0.505, x: e, elementary_exp(e), exp(Float80(e)))
        check("expm1", bound: 0.51, x: near, elementary_expm1(near), expm1(Float80(near)))
        check("expm1", bound: 0.51, x: -near, elementary_expm1(-near), expm1(Float80(-near)))
        check("pow", bound: 0.51, x: x, elementary_pow(x, e / 700), pow(Float80(x), Float80(e / 700)))
      }
    }
  #endif

  /// In exact arithmetic each is the other's inverse.
  @Test("logarithms undo powers")
  func inverses() {
    for step in 1...10_000 {
      let x = Double(step) / 500 - 10
      #expect(abs(elementary_log(elementary_exp(x)) - x) <= 2.3e-16 + x.ulp)
      #expect(abs(elementary_log1p(elementary_expm1(x)) - x) <= (x < -1 ? 2.3e-16 * elementary_exp(-x) : 2 * x.ulp))
      #expect(elementary_log2(elementary_pow(2, Double(step % 1000))) == Double(step % 1000))
      let turn = elementary_sinpi(x) * elementary_sinpi(x) + elementary_cospi(x) * elementary_cospi(x)
      #expect(abs(turn - 1) < 5e-16)
    }
  }
}
