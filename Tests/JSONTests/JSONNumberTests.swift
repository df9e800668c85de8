import JSON
import TestSupport
import Testing

@Suite("Numbers of JSON")
struct JSONNumberTests {
  func bits(_ text: String) -> UInt64? { (try? JSONValue(parsing: text))?.double?.bitPattern }

  @Test("whole numbers stay whole to the ends of 64 bits")
  func whole() throws {
    for integer in [0, 1, -1, 1 << 53 + 1, .max, .min, .min + 1] {
      #expect(try JSONValue(parsing: "\(integer)") == .integer(integer))
    }
    #expect(try JSONValue(parsing: "-0") == 0)
    #expect(try JSONValue(parsing: "9223372036854775808") == .unsigned(1 << 63))
    #expect(try JSONValue(parsing: "18446744073709551615") == .unsigned(.max))
    #expect(try JSONValue(parsing: "18446744073709551616") == .number(0x1p64))
    #expect(try JSONValue(parsing: "-9223372036854775809") == .number(-0x1p63))
    #expect(try JSONValue(parsing: "1.0") == .number(1))
    #expect(try JSONValue(parsing: "1e0") == .number(1))
  }

  @Test("every double reads back to the bit")
  func roundTrip() {
    var random = SplitMix(state: 1)
    for index in 1...100_000 {
      // Half of them anywhere in the range, half of them of the size of gains and energies.
      let anywhere = Double(bitPattern: random.next())
      let number = index.isMultiple(of: 2) ? anywhere : Double.random(in: -1...1, using: &random) * 1e-12
      guard number.isFinite else { continue }
      let text = JSONValue.number(number).text()
      if bits(text) != number.bitPattern { Issue.record("number \(index): \(text)") }
    }
  }

  @Test("decimals round to the nearest double, as the standard library's do")
  func rounding() {
    var random = SplitMix(state: 2)
    for index in 1...50_000 {
      let digits = random.next() >> UInt64.random(in: 0...63, using: &random)
      let text = "\(index.isMultiple(of: 2) ? "-" : "")\(digits)e\(Int.random(in: -40...40, using: &random))"
      if bits(text) != Double(text)?.bitPattern { Issue.record("\(text)") }
    }
  }

  @Test(
    "halves between two doubles go to the even one, and a digit past them decides",
    arguments: [
      // 2^53 + 1 lies halfway between 2^53 and 2^53 + 2.
      ("9007199254740993.0", 0x1p53), ("9007199254740993.00", 0x1p53), ("9007199254740993.01", 0x1.0000000000001p53),
      ("9007199254740992.99", 0x1p53), ("9007199254740995.0", 0x1.0000000000002p53),
      ("9007199254740993.000000000000000000000000000000000001", 0x1.0000000000001p53),
      // Halfway between 1 and 1 + 2^-52.
      ("1.00000000000000011102230246251565404236316680908203125", 1),
      ("1.00000000000000011102230246251565404236316680908203126", 0x1.0000000000001p0),
      ("1.0000000000000001110", 1), ("1.0000000000000001111", 0x1.0000000000001p0),
      // Halfway between 2^64 - 2^11 and 2^64, and what surrounds the range of doubles.
      ("18446744073709550592.0", 0x1p64), ("18446744073709550591.0", 0x1.fffffffffffffp63), ("1e-400", 0),
      ("0e99999", 0),
      ("4.9406564584124654e-324", 0x1p-1074), ("2.4703282292062327e-324", 0), ("2.4703282292062328e-324", 0x1p-1074),
      ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("0.000000000000000000000000000000000000001e39", 1),
      ("1e27", 1e27), ("1e28", 1e28), ("1e-31", 1e-31), ("1e-32", 1e-32), ("1E+2", 100),
    ] as [(String, Double)])
  func halves(text: String, number: Double) {
    #expect(bits(text) == number.bitPattern)
    #expect(bits("-" + text) == (-number).bitPattern)
  }

  @Test("numbers beyond doubles are refused and shown shortened")
  func range() {
    let long = String(repeating: "9", count: 400)
    for text in ["1e309", "-1e309", "1.7976931348623159e308", "1e99999999999999999999999", long] {
      #expect(throws: JSONSyntaxError.self, "\(text)") { try JSONValue(parsing: text) }
    }
    let shown = "the number \(long.prefix(40))… is beyond ±1.8e308"
    #expect(throws: JSONSyntaxError(line: 1, column: 1, reason: shown)) { try JSONValue(parsing: long) }
    #expect(bits("1e-99999999999999999999999") == 0)
    #expect(bits("0." + String(repeating: "0", count: 100_000) + "1e100001") == 1.0.bitPattern)
  }
}
