import EventKernel
import Testing
import Trace
import Units

private func field(_ write: (inout CSVRow) -> Void) -> String {
  var row = CSVRow()
  write(&row)
  return String(decoding: row.bytes, as: UTF8.self)
}

@Suite("CSV")
struct CSVTests {
  @Test(
    "numbers stand in the shortest form that reads back",
    arguments: [
      (0.1, "0.1"), (5, "5.0"), (1e-29, "1e-29"), (1.0 / 3, "0.3333333333333333"), (-0.0, "-0.0"),
      (123_456_789.125, "123456789.125"), (.nan, ""), (.infinity, ""), (-.infinity, ""),
    ])
  func numbers(number: Double, text: String) {
    #expect(field { $0.append(number) } == text)
  }

  @Test(
    "a number of bits is whole as long as a double can tell",
    arguments: [
      (77_070_336, "77070336"), (0, "0"), (9_007_199_254_740_992, "9007199254740992"), (1e30, "1e+30"), (0.5, "0.5"),
    ])
  func bits(number: Double, text: String) {
    #expect(field { Bits(number).write(to: &$0) } == text)
  }

  @Test(
    "simulated time has all its digits and no more",
    arguments: [
      (0, "0.0"), (1, "0.000000001"), (12_000_000_001, "12.000000001"), (12_500_000_000, "12.5"),
      (UInt64.max, "18446744073.709551615"),
    ] as [(UInt64, String)])
  func time(nanoseconds: UInt64, text: String) {
    #expect(field { SimTime(nanoseconds: nanoseconds).write(to: &$0) } == text)
    #expect(SimTime(csv: text) == SimTime(nanoseconds: nanoseconds))
  }

  @Test(
    "what is no time is refused",
    arguments: ["", ".", "1.", "1.0000000001", "1e9", "--1", "18446744073.709551616", "+1", "-1.0", "1.2.3", "١.٠"])
  func noTime(text: String) {
    #expect(SimTime(csv: text) == nil)
  }

  @Test(
    "a text is quoted only where it must be",
    arguments: [
      ("plain name", "plain name"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
      ("two\nlines", "\"two\nlines\""), ("naïve–日本", "naïve–日本"), ("", ""),
    ])
  func texts(text: String, written: String) {
    #expect(field { $0.append(text) } == written)
  }

  @Test("fields are parted by commas, rows by line feeds, and absent values leave nothing")
  func rows() {
    var row = CSVRow()
    row.append(1)
    row.appendEmpty()
    row.append("x")
    row.endLine()
    row.appendEmpty()
    row.append(2.5)
    row.endLine()
    #expect(String(decoding: row.bytes, as: UTF8.self) == "1,,x\n,2.5\n")
  }
}
