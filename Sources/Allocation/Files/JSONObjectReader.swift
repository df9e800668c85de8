import JSON
import Units

/// What a number in a file may be.
struct NumberRule: Sendable {
  var allowed: String
  var accepts: @Sendable (Double) -> Bool

  static let positive = NumberRule(allowed: "a number above 0") { $0 > 0 && $0.isFinite }
  static let nonNegative = NumberRule(allowed: "a number, 0 or more") { $0 >= 0 && $0.isFinite }
  static let share = NumberRule(allowed: "a number from 0 to 1") { $0 >= 0 && $0 <= 1 }
  static let positiveShare = NumberRule(allowed: "a number above 0, at most 1") { $0 > 0 && $0 <= 1 }
  static func whole(_ range: ClosedRange<Int>) -> NumberRule {
    let (low, high) = (range.lowerBound, range.upperBound)
    return NumberRule(allowed: low == high ? "\(low)" : "a whole number from \(low) to \(high)") {
      $0.rounded() == $0 && $0 >= Double(range.lowerBound) && $0 <= Double(range.upperBound)
    }
  }
}

/// Reads the keys of one JSON object and notes everything that is wrong, so that one reading finds all mistakes.
///
/// A getter that returns `nil` for a required key has noted why.
struct JSONObjectReader {
  let path: String
  let issues: InputIssues
  private let json: JSONValue

  /// A reader of `node`, or `nil` (noted) if it is no object. `known` lists every key it may have; other keys are
  /// noted unless `known` is empty.
  init?(_ node: JSONValue, at path: String, known: [String], ignoringOthers: Bool = false, issues: InputIssues) {
    guard let members = node.members else {
      issues.add(path, "\(node.shown) is not an object")
      return nil
    }
    self.path = path
    self.issues = issues
    self.json = node
    guard !ignoringOthers else { return }
    lazy var absent = known.filter { node[$0] == nil }
    for key in members.lazy.map(\.key) where !known.contains(key) {
      issues.add(keyPath(key), at: .key, Self.unknown(key, absent, known))
    }
  }

  private static func unknown(_ key: String, _ absent: [String], _ known: [String]) -> String {
    let hint = Spelling.nearest(to: key, among: absent)
    return "unknown key; " + (hint.map { "did you mean \($0)?" } ?? "allowed: \(known.joined(separator: ", "))")
  }

  func keyPath(_ key: String) -> String { (path.isEmpty ? "" : "\(path).") + JSONPlaces.shown(key) }

  func has(_ key: String) -> Bool { json[key] != nil }

  func isNull(_ key: String) -> Bool { json[key] == .null }

  func note(_ key: String, _ message: @autoclosure () -> String) { issues.add(keyPath(key), message()) }

  /// The raw value of a required key.
  func node(_ key: String) -> JSONValue? {
    if let node = json[key] { return node }
    note(key, "missing")
    return nil
  }

  func number(_ key: String, _ rule: NumberRule) -> Double? {
    guard let node = node(key) else { return nil }
    if let value = node.double, rule.accepts(value) { return value }
    note(key, "\(node.shown) is not \(rule.allowed)")
    return nil
  }

  /// The number of an optional key: `otherwise` where the key is absent.
  func number(_ key: String, _ rule: NumberRule, otherwise: Double) -> Double? {
    has(key) ? number(key, rule) : otherwise
  }

  func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    number(key, .whole(range)).map { Int($0) }
  }

  func word(_ key: String, of words: [String]) -> String? {
    guard let node = node(key) else { return nil }
    if let text = node.text, words.contains(text) { return text }
    note(
      key,
      "\(node.shown) is not one of \(words.joined(separator: ", "))"
        + (node.text.flatMap { Spelling.nearest(to: $0, among: words) }.map { "; did you mean \($0)?" } ?? ""))
    return nil
  }

  func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    if let text = node.text { return text }
    note(key, "\(node.shown) is not a text")
    return nil
  }

  func object(_ key: String, known: [String], ignoringOthers: Bool = false) -> JSONObjectReader? {
    node(key).flatMap {
      JSONObjectReader($0, at: keyPath(key), known: known, ignoringOthers: ignoringOthers, issues: issues)
    }
  }

  /// The list under a required key.
  func list(_ key: String) -> [JSONValue]? {
    guard let node = node(key) else { return nil }
    if let elements = node.elements { return elements }
    note(key, "\(node.shown) is not a list")
    return nil
  }

  /// The list of `count` numbers under a required key; `what` says what there is one of.
  func numbers(_ key: String, _ rule: NumberRule, count: Int?, of what: String) -> [Double]? {
    node(key).flatMap { Self.numbers($0, at: keyPath(key), rule, count: count, of: what, issues: issues) }
  }

  /// The `count` numbers of `node`.
  static func numbers(
    _ node: JSONValue, at path: String, _ rule: NumberRule, count: Int?, of what: String, issues: InputIssues
  ) -> [Double]? {
    let before = issues.count
    let values: [Double]
    switch node {
    case .numbers(let numbers):
      values = numbers
      for (index, value) in numbers.enumerated() where !rule.accepts(value) {
        issues.add("\(path)[\(index)]", "\(JSONValue.shown(value)) is not \(rule.allowed)")
      }
    case .array(let elements):
      values = elements.enumerated().map { index, element in
        if let value = element.double, rule.accepts(value) { return value }
        issues.add("\(path)[\(index)]", "\(element.shown) is not \(rule.allowed)")
        return 0
      }
    default:
      issues.add(path, "\(node.shown) is not a list of numbers")
      return nil
    }
    if let count, values.count != count {
      issues.add(path, "has \(values.count) numbers; \(count) are needed, one for every \(what)")
    }
    return issues.count == before ? values : nil
  }
}

extension JSONValue {
  /// The value as a message shows it, shortened.
  var shown: String {
    switch self {
    case .null, .bool, .integer, .unsigned: text()
    case .number(let number): Self.shown(number)
    case .string(let text): text.prefix(40).endIndex < text.endIndex ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
    case .numbers(let numbers): "a list of \(numbers.count)"
    case .array(let elements): "a list of \(elements.count)"
    case .object: "an object"
    }
  }

  /// A number for a person: without the `.0` of a whole one.
  static func shown(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
