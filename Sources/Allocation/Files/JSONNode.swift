import Foundation

/// A JSON value as it stands in a file, before anybody asks what it should be.
///
/// Rows of plain numbers are kept packed: a gain matrix is nearly all of an instance.
indirect enum JSONNode: Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case numbers([Double])
  case array([JSONNode])
  case object([String: JSONNode])
  /// A number beyond the range of a double.
  case unrepresentable

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let fields = try? decoder.container(keyedBy: Key.self) {
      var object: [String: JSONNode] = [:]
      for key in fields.allKeys { object[key.stringValue] = try fields.decode(JSONNode.self, forKey: key) }
      self = .object(object)
    } else if let numbers = try? value.decode([Double].self) {
      self = .numbers(numbers)
    } else if var elements = try? decoder.unkeyedContainer() {
      var array: [JSONNode] = []
      while !elements.isAtEnd { array.append(try elements.decode(JSONNode.self)) }
      self = .array(array)
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if value.decodeNil() {
      self = .null
    } else {
      self = .unrepresentable
    }
  }

  /// Parses one JSON value.
  ///
  /// - Throws: ``JSONSyntaxError``.
  init(parsing text: Data) throws(JSONSyntaxError) {
    do {
      self = try JSONDecoder().decode(JSONNode.self, from: text)
    } catch {
      throw JSONSyntaxError(of: text)
    }
  }

  /// The value as a message shows it, shortened.
  var shown: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let number): JSONWriter.shown(number)
    case .string(let text): text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
    case .numbers(let numbers): "a list of \(numbers.count)"
    case .array(let elements): "a list of \(elements.count)"
    case .object: "an object"
    case .unrepresentable: "a number beyond ±1.8e308"
    }
  }

  /// The elements of a list, `nil` for anything else.
  var elements: [JSONNode]? {
    switch self {
    case .numbers(let numbers): numbers.map { .number($0) }
    case .array(let elements): elements
    default: nil
    }
  }
}

/// Why a text is no JSON, and where.
struct JSONSyntaxError: Error {
  /// The line from 1 and the column in bytes from 1 at which reading stopped, where that is known.
  var place: (line: Int, column: Int)?
  var reason: String

  /// What is wrong with `text`. `JSONDecoder` does not say; `JSONSerialization` ends with "around character 8.".
  init(of text: Data) {
    reason = "not valid JSON, which has no NaN, no Infinity and no comments"
    do {
      _ = try JSONSerialization.jsonObject(with: text, options: .fragmentsAllowed)
    } catch {
      guard let detail = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String else { return }
      reason = "\(reason): \(detail)"
      guard let found = detail.firstMatch(of: /(.*) around character ([0-9]+)\./), let offset = Int(found.2) else {
        return
      }
      let before = text.prefix(offset)
      let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
      place = (before.count { $0 == UInt8(ascii: "\n") } + 1, before.endIndex - lineStart + 1)
      reason = "not valid JSON, which has no NaN, no Infinity and no comments: \(found.1.lowercased())"
    }
  }
}
