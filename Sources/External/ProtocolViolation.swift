import JSON

/// What a program did that it may not, as the rest of a sentence about it.
struct ProtocolViolation: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }

  /// Refuses a message that is not of this type.
  static func check(_ message: JSONValue, isOfType type: String) throws(ProtocolViolation) {
    guard let given = message["type"]?.text else {
      throw ProtocolViolation("answered without a 'type': \(shortened(Array(message.text(.line).utf8)))")
    }
    if given == "error" { throw ProtocolViolation("says: \(message["message"]?.text?.prefix(500) ?? "error")") }
    guard given == type else { throw ProtocolViolation("answered '\(given.prefix(60))' where '\(type)' was due") }
  }

  /// Refuses an answer to a hello that is another protocol's.
  static func check(_ ready: JSONValue, speaks version: Int) throws(ProtocolViolation) {
    guard ready["protocol"]?.integer == version else {
      throw ProtocolViolation(
        "speaks protocol \(ready["protocol"]?.text(.line) ?? "none"); this program speaks \(version)")
    }
  }

  /// The beginning of what a program wrote, as a text that can be shown.
  static func shortened(_ line: [UInt8]) -> String {
    let text = String(decoding: line.prefix(120), as: UTF8.self).replacing("\u{FFFD}", with: "?")
    let shown = String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
    return line.count > 120 ? "\(shown)… (\(line.count) bytes)" : shown
  }
}
