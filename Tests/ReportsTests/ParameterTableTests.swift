import JSON
import Testing

@testable import Reports

struct ParameterTableTests {
  private let table = ParameterTable(
    [
      "deadline": "5.0 s",
      "devices": ["count": 50, "clock": ["uniform": ["1000000000.0 Hz", "1500000000.0 Hz"]], "power": .null],
      "provenance": ["deadline": "paper"],
      "policies": ["bcd": ["restarts": 2], "ep": ["power": "1.0 W"]],
    ],
    provenance: ["deadline": "assumed", "devices": "paper", "devices.count": "release"], policies: ["bcd"],
    varying: ["devices.power"])

  @Test func theNearestMarkSaysWhereAValueComesFrom() {
    #expect(
      table.rows == [
        .init(path: "deadline", value: "5 s", source: "assumed"),
        .init(path: "devices.count", value: "50", source: "release"),
        .init(path: "devices.clock", value: "uniform: 1 GHz, 1.5 GHz", source: "paper"),
        .init(path: "devices.power", value: "none", source: "varies"),
        .init(path: "policies.bcd.restarts", value: "2", source: ""),
      ])
  }

  @Test func aValueThatNobodyMarkedHasNoSource() {
    #expect(ParameterTable(["rounds": 3], provenance: [:], policies: []).rows.map(\.source) == [""])
  }

  @Test func textThatIsNoQuantityStaysAsItIs() {
    #expect(
      ["bcd", "1 two", "nan Hz", "", "3e8 Hz"].map(ParameterTable.quantity) == [
        "bcd", "1 two", "nan Hz", "", "300 MHz",
      ])
  }
}
