import Testing
import Units

@Suite("Quantities")
struct QuantityTests {
  @Test(
    "text with a unit reads as its SI value",
    arguments: [
      ("0.5 W", 0.5), ("500 mW", 0.5), ("0.5W", 0.5), ("30 dBm", 1), ("-3 dBW", 0.5011872336272722), ("1e-1 W", 0.1),
      (".5 W", 0.5), ("+2 W", 2),
    ])
  func powerReads(text: String, watts: Double) throws {
    #expect(abs(try Watts(parsing: text).value - watts) < 1e-15)
  }

  @Test("a noise density in dBm per hertz reads as watts per hertz")
  func noiseDensityReads() throws {
    let density = try WattsPerHertz(parsing: "-174 dBm/Hz")
    #expect(abs((density * Hertz(20e6)).value / 7.962143411069971e-14 - 1) < 1e-14)
  }

  @Test("a quantity that is not a number is neither above nor below another")
  func notANumber() {
    let nan = Watts(.nan)
    #expect(!(nan <= Watts(1)) && !(nan >= Watts(1)) && !(nan < Watts(1)) && !(nan > Watts(1)))
    #expect(Watts(1) <= Watts(1) && Watts(2) >= Watts(1) && Watts(2) > Watts(1) && !(Watts(1) > Watts(1)))
  }

  @Test("a bare number reads only where the unit has a bare spelling")
  func bareNumbers() throws {
    #expect(try WattsPerCubicHertz(parsing: "1e-29").value == 1e-29)
    #expect(throws: QuantityError.missingUnit(allowed: ["s", "ms", "us", "ns", "min", "h"])) {
      try Seconds(parsing: "5")
    }
  }

  @Test(
    "what is no quantity says why",
    arguments: [
      ("five W", QuantityError.notANumber), ("", .notANumber), ("-", .notANumber), (".nan W", .notFinite),
      ("inf W", .notFinite), ("1e999 W", .notFinite), ("1e300 dBm", .notFinite),
      ("5 V", .unknownUnit("V", allowed: ["W", "mW", "uW", "kW", "dBm", "dBW"])),
    ])
  func bad(text: String, error: QuantityError) {
    #expect(throws: error) { try Watts(parsing: text) }
  }

  @Test("a printed quantity reads back as the same number", arguments: [0.1, 1.0 / 3, 1e-29, 123_456_789.125])
  func roundTrip(number: Double) throws {
    #expect(try Joules(parsing: Joules(number).description).value == number)
  }

  @Test("products and quotients have the right unit")
  func products() {
    #expect(Watts(2) * Seconds(3) == Joules(6))
    #expect(Bits(100) / BitsPerSecond(20) == Seconds(5))
    #expect(Flops(9) / FlopsPerSecond(3) == Seconds(3))
    #expect(Seconds(6) / Seconds(3) == 2)
  }
}
