import Testing
import Trace

@Suite("JSON")
struct JSONTests {
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

  @Test("compact text is one line")
  func compact() {
    #expect(
      sample.text(.compact)
        == #"{"name":"a \"quoted\"\tname","seed":7,"empty":{},"list":[1,2.5,null,true],"none":[],"#
        + #""nested":{"z":"é","a":-0.0}}"#)
  }

  @Test("what was written reads back as the same value, in both layouts")
  func roundTrip() throws {
    let value: JSONValue = [
      "sample": sample, "third": .number(1.0 / 3), "tiny": .number(.leastNonzeroMagnitude), "huge": .number(1e300),
      "seed": JSONValue(UInt64.max), "small seed": JSONValue(UInt64(5)), "control": "\u{1}\u{1f}\r", "emoji": "🛰",
    ]
    #expect(try JSONValue(parsing: value.text()) == value)
    #expect(try JSONValue(parsing: value.text(.compact)) == value)
    #expect(value.text(.compact).contains("18446744073709551615"))
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

  @Test(
    "escapes read as what they stand for",
    arguments: [(#""\u00e9\n\/""#, "é\n/"), (#""\ud83d\udef0""#, "🛰"), (#""\b\f\r\t""#, "\u{8}\u{c}\r\t")])
  func escapes(text: String, value: String) throws {
    #expect(try JSONValue(parsing: text) == .string(value))
  }

  @Test(
    "damaged text is told with its line and column",
    arguments: [
      ("", 1, 1, "the text ends where a value is expected"), ("{\n  \"a\": 1,\n}", 3, 1, "a key in quotes is expected"),
      ("[1 2]", 1, 4, "',' or ']' is expected"), ("{\"a\" 1}", 1, 6, "':' is expected after the key \"a\""),
      ("01", 1, 1, "not a number"), ("1.", 1, 1, "not a number"), ("-", 1, 1, "not a number"),
      ("1e999", 1, 1, "the number 1e999 is too large"), ("nul", 1, 1, "no JSON value begins here"),
      ("NaN", 1, 1, "no JSON value begins here"), ("\"abc", 1, 1, "the text that begins here does not end"),
      ("\"\\x\"", 1, 2, "no such escape"), ("\"\\ud800\"", 1, 2, "half a surrogate pair"),
      ("\"\\u12\"", 1, 4, "four hexadecimal digits are expected"),
      ("1 1", 1, 3, "something follows the end of the value"),
      ("\"a\nb\"", 1, 3, "a control character stands in a text"),
    ])
  func damage(text: String, line: Int, column: Int, reason: String) {
    #expect(throws: TraceError.damaged(path: "x.json", line: line, column: column, reason: reason)) {
      try JSONValue(parsing: text, path: "x.json")
    }
  }

  @Test("values that nest without end are refused, not followed")
  func depth() {
    let text = String(repeating: "[", count: 1_000_000)
    #expect(
      throws: TraceError.damaged(path: "JSON", line: 1, column: 257, reason: "values nest more than 256 deep")
    ) {
      try JSONValue(parsing: text)
    }
  }
}
