import JSON
import Testing

@Suite("JSON values and their text")
struct JSONTextTests {
  let sample: JSONValue = [
    "name": "a \"quoted\"\tname", "seed": 7, "empty": [:], "list": [1, 2.5, nil, true], "none": [],
    "nested": ["z": "é", "a": -0.0],
  ]

  @Test("indented text keeps the order of keys")
  func indented() {
    #expect(
      sample.text() == """
        {
          "name": "a \\"quoted\\"\\tname",
          "seed": 7,
          "empty": {},
          "list": [
            1,
            2.5,
            null,
            true
          ],
          "none": [],
          "nested": {
            "z": "é",
            "a": -0.0
          }
        }
        """)
  }

  @Test("a line has a space after each comma and colon")
  func line() {
    #expect(
      sample.text(.line)
        == #"{"name": "a \"quoted\"\tname", "seed": 7, "empty": {}, "list": [1, 2.5, null, true], "none": [], "#
        + #""nested": {"z": "é", "a": -0.0}}"#)
  }

  @Test("packed numbers are written like any list of numbers")
  func packed() throws {
    let numbers = [1.5, -0.0, 1e300, .nan]
    for layout in [JSONValue.Layout.indented, .line] {
      #expect(JSONValue.numbers(numbers).text(layout) == JSONValue.array(numbers.map(JSONValue.number)).text(layout))
      #expect(JSONValue.numbers([]).text(layout) == "[]")
    }
    #expect(JSONValue.numbers([1, 2]).elements == [.number(1), .number(2)])
  }

  @Test("a member without a value is left out, and null stays")
  func omitted() {
    let absent: JSONValue? = .none
    #expect(JSONValue(omittingNil: ["a": absent, "b": .null, "c": 1]).text(.line) == #"{"b": null, "c": 1}"#)
  }

  @Test("what was written reads back as the same value, in both layouts")
  func roundTrip() throws {
    let value: JSONValue = [
      "sample": sample, "third": .number(1.0 / 3), "tiny": .number(.leastNonzeroMagnitude), "huge": .number(1e300),
      "seed": JSONValue(UInt64.max), "small seed": JSONValue(UInt64(5)), "control": "\u{1}\u{1f}\r", "emoji": "🛰",
    ]
    #expect(try JSONValue(parsing: value.text()) == value)
    #expect(try JSONValue(parsing: value.text(.line)) == value)
    #expect(value.text(.line).contains("18446744073709551615"))
  }

  @Test("numbers that JSON cannot say become null", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(number: Double) {
    #expect(JSONValue.number(number).text() == "null")
  }

  @Test("members are found by key")
  func members() {
    #expect(sample["seed"]?.integer == 7)
    #expect(sample["seed"]?.double == 7)
    #expect(sample["nested"]?["z"]?.text == "é")
    #expect(sample["list"]?.elements?.count == 4)
    #expect(sample["list"]?.elements?.last?.bool == true)
    #expect(sample["absent"] == nil)
    #expect(sample["name"]?["absent"] == nil)
  }
}
