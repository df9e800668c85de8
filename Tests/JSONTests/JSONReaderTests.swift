import JSON
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  func error(_ text: String) -> JSONSyntaxError? {
    #expect(throws: JSONSyntaxError.self, "\(text.prefix(80))") { try JSONValue(parsing: text) }
  }

  @Test(
    "escapes read as what they stand for",
    arguments: [
      (#""\u00e9\n\/""#, "é\n/"), (#""\ud83d\udef0""#, "🛰"), (#""\b\f\r\t""#, "\u{8}\u{c}\r\t"),
      (#""a\"b\\c""#, #"a"b\c"#), (#""é\u0000🛰""#, "é\u{0}🛰"), (#""""#, ""),
    ])
  func escapes(text: String, value: String) throws {
    #expect(try JSONValue(parsing: text) == .string(value))
  }

  @Test(
    "damaged text is told with its line and column",
    arguments: [
      ("", 1, 1, "the text ends where a value is expected"), ("{\n  \"a\": 1,\n}", 3, 1, "a key in quotes is expected"),
      ("[1,\n2,]", 2, 3, "no JSON value begins here"), ("[1 2]", 1, 4, "',' or ']' is expected"),
      ("{\"a\" 1}", 1, 6, "':' is expected after the key \"a\""), ("{1: 2}", 1, 2, "a key in quotes is expected"),
      ("01", 1, 1, "not a number"), ("1.", 1, 1, "not a number"), ("-", 1, 1, "not a number"),
      ("1e", 1, 1, "not a number"), ("1e+", 1, 1, "not a number"), (".5", 1, 1, "no JSON value begins here"),
      ("+1", 1, 1, "no JSON value begins here"), ("-Infinity", 1, 1, "not a number"),
      ("[\n1e999]", 2, 1, "the number 1e999 is beyond ±1.8e308"), ("nul", 1, 1, "no JSON value begins here"),
      ("NaN", 1, 1, "JSON has no NaN and no Infinity"), ("// 1", 1, 1, "JSON has no comments"),
      ("\"abc", 1, 1, "the text that begins here does not end"), ("\"\\x\"", 1, 2, "no such escape"),
      ("\"\\ud800\"", 1, 2, "half a surrogate pair"), ("\"\\udc00\"", 1, 2, "half a surrogate pair"),
      ("\"\\ud800\\u0041\"", 1, 2, "half a surrogate pair"), ("\"\\ud800\\n\"", 1, 2, "half a surrogate pair"),
      ("\"\\u12\"", 1, 4, "four hexadecimal digits are expected"),
      ("1 1", 1, 3, "something follows the end of the value"),
      ("\"a\nb\"", 1, 3, "a control character stands in a text"),
      ("é1", 1, 1, "no JSON value begins here"), ("[\"é\",]", 1, 7, "no JSON value begins here"),
    ])
  func damage(text: String, line: Int, column: Int, reason: String) {
    #expect(error(text) == JSONSyntaxError(line: line, column: column, reason: reason))
  }

  @Test("text that is cut off is told where it ends")
  func truncated() {
    let text = #"{"list": [1, {"a": true}, "é"], "b": null}"#
    for length in 0..<text.utf8.count {
      let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(text.utf8.prefix(length))) }
      #expect(error?.line == 1 && (1...length + 1).contains(error?.column ?? 0), "cut after \(length) bytes")
    }
    #expect(error("[1,\n2")?.description == "2:2: the text ends where ',' or ']' is expected")
    #expect(error("{\"a\"")?.description == "1:5: the text ends where ':' is expected after the key \"a\"")
    #expect(error("{\"a\": 1,")?.description == "1:9: the text ends where a key in quotes is expected")
  }

  @Test("a key that stands twice in an object is refused at its second place; in two objects it may")
  func duplicates() throws {
    #expect(error("{\"a\": 1,\n \"a\": 1}")?.description == #"2:2: the key "a" stands twice in this object"#)
    #expect(error(#"{"é": 1, "\u00e9": 2}"#)?.column == 11)
    #expect(try JSONValue(parsing: #"[{"a": {"a": 1}}, {"a": 2}]"#).elements?.count == 2)
    let many = (0..<50).map { "\"k\($0)\": \($0)" }
    #expect(try JSONValue(parsing: "{\(many.joined(separator: ","))}").members?.count == 50)
    for twice in [0, 15, 16, 17, 49] {
      let text = "{\((many + [many[twice]]).joined(separator: ",\n"))}"
      #expect(error(text)?.description == "51:1: the key \"k\(twice)\" stands twice in this object")
    }
  }

  @Test("bytes that are no UTF-8 are refused; a byte order mark is skipped")
  func encoding() throws {
    #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF, 0x31]) == 1)
    for bytes in [[0x22, 0xFF, 0x22], [0x22, 0x5C, 0x6E, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]] {
      #expect(throws: JSONSyntaxError(line: 1, column: 1, reason: "the text that begins here is not UTF-8")) {
        try JSONValue(parsing: bytes)
      }
    }
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array("1".utf16.flatMap { [UInt8($0), 0] })) }
  }

  @Test("values that nest without end are refused, not followed", arguments: ["[", "{\"a\":", "[1, [{\"a\": "])
  func depth(opening: String) {
    #expect(error(String(repeating: opening, count: 300_000))?.reason == "values nest more than 256 deep")
    #expect(error(String(repeating: "[", count: 257))?.column == 257)
    let deepest = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(throws: Never.self) { try JSONValue(parsing: deepest) }
  }

  @Test("lists of numbers are packed where asked for, and others are not")
  func packing() throws {
    func packed(_ text: String) throws -> JSONValue { try JSONValue(parsing: text, packsNumbers: true) }
    #expect(try packed("[1, -2.5, 1e3]") == .numbers([1, -2.5, 1000]))
    #expect(try packed("[1, null, 2]") == [.number(1), nil, 2])
    #expect(try packed("[null, 1]") == [nil, 1])
    #expect(try packed("[]") == [])
    #expect(try packed("[[1], [2, \"a\"]]") == .array([.numbers([1]), [.number(2), "a"]]))
    #expect(try packed("5") == 5)
    #expect(try JSONValue(parsing: "[1, 2.5]") == [1, 2.5])
  }
}
