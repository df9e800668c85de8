/// Writes JSON with the keys in the order given and doubles in the shortest form that reads back to the bit.
struct JSONWriter {
  private(set) var text = ""
  private var needsComma = false

  /// An object on one line.
  mutating func object(_ fields: (inout JSONWriter) -> Void) {
    enclose("{", fields, "}")
  }

  /// A list on one line.
  mutating func array<Element>(_ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void) {
    enclose("[", { writer in for element in elements { write(&writer, element) } }, "]")
  }

  /// A key; its value follows.
  mutating func key(_ name: String) {
    string(name)
    text += ": "
    needsComma = false
  }

  /// A number; `null` where JSON has none for it.
  mutating func number(_ value: Double) {
    separate()
    text += value.isFinite ? value.description : "null"
  }

  /// A number, or `null`.
  mutating func number(_ value: Double?) {
    number(value ?? .nan)
  }

  /// A whole number.
  mutating func integer(_ value: Int) {
    separate()
    text += String(value)
  }

  /// A string, escaped.
  mutating func string(_ value: String) {
    separate()
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case _ where scalar.value < 32:
        text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// A key with a number.
  mutating func field(_ name: String, _ value: Double?) {
    key(name)
    number(value)
  }

  /// A key with a whole number.
  mutating func field(_ name: String, _ value: Int) {
    key(name)
    integer(value)
  }

  /// A key with a list of numbers.
  mutating func field(_ name: String, _ values: [Double]) {
    key(name)
    array(values) { $0.number($1) }
  }

  /// A key with a list of whole numbers.
  mutating func field(_ name: String, _ values: [Int]) {
    key(name)
    array(values) { $0.integer($1) }
  }

  /// A number for a person: without the `.0` of a whole one.
  static func shown(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func separate() {
    if needsComma { text += ", " }
    needsComma = true
  }

  private mutating func enclose(_ open: String, _ body: (inout JSONWriter) -> Void, _ close: String) {
    separate()
    text += open
    needsComma = false
    body(&self)
    text += close
    needsComma = true
  }
}
