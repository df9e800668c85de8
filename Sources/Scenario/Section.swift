import Foundation
import Units

/// A mapping of the scenario file on its way to typed values.
///
/// Each accessor declares one key: it reads the value or takes the default, reports what is wrong, and notes the value
/// in force. So a key, its documentation, its limits and its default stand in one place, the call that reads it.
final class Section {
  /// The path of this mapping; empty for the root.
  let path: String
  /// Where the mapping begins.
  let position: Diagnostic.Position
  /// What is shared by all sections of a reading.
  let reading: Reading
  /// The pairs as written.
  let pairs: [YAMLValue.Pair]
  /// Keys declared so far, in order.
  private(set) var keys: [String] = []
  /// Values in force of the declared keys, in order.
  private(set) var entries: [ResolvedNode.Entry] = []

  init(_ pairs: [YAMLValue.Pair], path: String, position: Diagnostic.Position, reading: Reading) {
    self.pairs = pairs
    self.path = path
    self.position = position
    self.reading = reading
  }

  /// The section's values in force.
  var resolved: ResolvedNode { .map(entries) }

  /// The path of `key`.
  func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// Whether the file gives `key`.
  func has(_ key: String) -> Bool { pairs.contains { $0.key == key } }

  /// What the file gives for `key`.
  func value(of key: String) -> YAMLValue? { pairs.first { $0.key == key }?.value }

  /// Declares `key` and returns what the file gives for it.
  func declare(_ key: String, _ summary: String, default text: String?) -> YAMLValue? {
    if !keys.contains(key) {
      keys.append(key)
      reading.declared(KeyDocumentation(path: path(key), summary: summary, defaultText: text))
    }
    let value = value(of: key)
    if let value { reading.places[path(key)] = value.position }
    return value
  }

  /// Notes the value in force of `key`.
  func note(_ key: String, _ value: ResolvedNode) {
    entries.append(ResolvedNode.Entry(key, value))
  }

  /// Reports an error at `value`, which stands under `key`.
  func fail(_ key: String, _ value: YAMLValue, _ message: @autoclosure () -> String) {
    reading.log.error(at: value.position, path: path(key), message())
  }

  /// Reports the keys that nobody declared. Call it when every key has been read.
  func finish() {
    for pair in pairs where !keys.contains(pair.key) {
      reading.log.error(
        at: pair.position, path: path(pair.key),
        "there is no such key; the keys here are \(keys.joined(separator: ", "))\(advice(on: pair.key))")
    }
  }

  /// The key that `name`, which is none, may mean: as the field calls it, or a near one.
  private func advice(on name: String) -> String {
    UsualNames.meaning(of: path(name)).map { "; did you mean '\($0)'?" } ?? NearestName.advice(name, among: keys)
  }

  /// The mapping under `key`; an empty one where the file has none.
  func section(_ key: String, _ summary: String, isRequired: Bool = false) -> Section {
    guard let value = declare(key, summary, default: nil) else {
      if isRequired {
        reading.log.error(at: position, path: path(key), "this key is required; the shortest form is '\(key): {}'")
      }
      return Section([], path: path(key), position: position, reading: reading)
    }
    return section(key, value)
  }

  /// The mapping `value` under `key`; an empty one, with an error, where it is none.
  func section(_ key: String, _ value: YAMLValue) -> Section {
    guard case .map(let pairs) = value.content else {
      fail(key, value, "\(value.shown) is not a mapping; write 'key: value' lines below it, or '{}' for the defaults")
      return Section([], path: path(key), position: value.position, reading: reading)
    }
    return Section(pairs, path: path(key), position: value.position, reading: reading)
  }
}

/// What all sections of one reading share.
final class Reading {
  /// What is wrong so far.
  let log: DiagnosticLog
  /// The scenario file, or the name that stands for it.
  let source: String
  /// Paths of the values that options or a sweep lay over the file.
  let overridden: [String]
  /// Where the values stand that are given, by key path.
  var places: [String: Diagnostic.Position] = [:]
  /// Every key declared so far, in order.
  private(set) var documentation: [KeyDocumentation] = []

  init(source: String, overridden: [String] = [], log: DiagnosticLog = DiagnosticLog()) {
    self.source = source
    self.overridden = overridden
    self.log = log
  }

  func declared(_ key: KeyDocumentation) { documentation.append(key) }

  /// The file that `path` names: relative to the scenario's folder where it stands in the file, to the working folder
  /// where it stands in an option. Absolute, so that the resolved scenario reads the same from anywhere.
  func file(_ path: String, at position: Diagnostic.Position) -> String {
    guard !path.utf8.contains(0) else { return path }
    let folder = position.line == nil ? nil : URL(fileURLWithPath: source).deletingLastPathComponent()
    return URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
  }
}

/// One key of a scenario: what `airsplit` and its documentation say about it.
public struct KeyDocumentation: Sendable, Hashable {
  /// Its path, `devices.clock`.
  public var path: String
  /// One line on what it means.
  public var summary: String
  /// The default as a scenario would write it; `nil` for sections and required keys.
  public var defaultText: String?
}
