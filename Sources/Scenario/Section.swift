import Foundation
import Units

/// A mapping of a scenario on its way between a file and typed values.
///
/// Each accessor declares one key and is handed the value that it stands for: what the file gives takes the value's place, and
/// the value as it is then is noted for the resolved form. So a key, its documentation, its limits and its default stand in one
/// place, the call that declares it; and reading, printing and documenting are one walk over a scenario that is complete.
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
  /// Values in force of the declared keys, in order; only of a scenario that is printed.
  private(set) var entries: [ResolvedNode.Entry] = []

  init(_ pairs: [YAMLValue.Pair], path: String, position: Diagnostic.Position, reading: Reading) {
    self.pairs = pairs
    self.path = path
    self.position = position
    self.reading = reading
  }

  /// The section's values in force.
  var resolved: ResolvedNode { .map(entries) }

  /// Takes over what a step declared in another scenario of a sweep.
  func take(_ outcome: StepMemory.Outcome) {
    keys += outcome.keys
    reading.take(outcome)
  }

  /// The path of `key`.
  func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// Whether the file gives `key`.
  func has(_ key: String) -> Bool { pairs.contains { $0.key == key } }

  /// Whether a file gave the value of `key`, of a scenario that is printed.
  func isGiven(_ key: String) -> Bool { reading.places[path(key)] != nil }

  /// What the file gives for `key`.
  func value(of key: String) -> YAMLValue? {
    assert(path != "" || reading.step?.keys.contains(key) ?? true, "a step reads '\(key)', which is none of its keys")
    return pairs.first { $0.key == key }?.value
  }

  /// Declares `key` and returns what the file gives for it.
  func declare(
    _ key: String, _ summary: String, default text: @autoclosure () -> String?,
    allowed: @autoclosure () -> String? = nil
  ) -> YAMLValue? {
    guard reading.purpose != .printing else { return nil }
    if !keys.contains(key) {
      keys.append(key)
      reading.declared(path(key), summary, text, allowed)
    }
    let value = value(of: key)
    if let value { reading.places[path(key)] = value.position }
    return value
  }

  /// Notes the value in force of `key`.
  func note(_ key: String, _ value: @autoclosure () -> ResolvedNode) {
    guard reading.purpose == .printing else { return }
    entries.append(ResolvedNode.Entry(key, value()))
  }

  /// Takes `key` out of the resolved form where its value is the default and no file gives it: keys that came later, which
  /// scenarios without them resolve without.
  func omit(_ key: String, if isDefault: Bool) {
    if isDefault, reading.purpose == .printing, !isGiven(key) { hide(key) }
  }

  /// Takes `key` out of the resolved form: it means nothing here.
  func hide(_ key: String) {
    entries.removeAll { $0.key == key }
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
    let value = declare(key, summary, default: nil)
    if value == nil, isRequired {
      reading.log.error(at: position, path: path(key), "this key is required; the shortest form is '\(key): {}'")
    }
    return section(key, value)
  }

  /// The mapping `value` under `key`; an empty one where there is no value or, with an error, where it is no mapping.
  func section(_ key: String, _ value: YAMLValue?) -> Section {
    var pairs: [YAMLValue.Pair] = []
    if case .map(let given)? = value?.content {
      pairs = given
    } else if let value {
      fail(key, value, "\(value.shown) is not a mapping; write 'key: value' lines below it, or '{}' for the defaults")
    }
    return Section(pairs, path: path(key), position: value?.position ?? position, reading: reading)
  }

  /// The mapping under `key`, all of whose keys `body` declares.
  func section<Result>(
    _ key: String, _ summary: String, isRequired: Bool = false, _ body: (Section) -> Result
  ) -> Result {
    whole(key, section(key, summary, isRequired: isRequired), body)
  }

  /// The mapping under `key`, all of whose keys `body` declares, or `null`: nothing, as unless given.
  ///
  /// - Parameters:
  ///   - standard: What an empty mapping stands for.
  ///   - isOmitted: Whether a scenario resolves without the key where there is nothing.
  /// - Returns: What the scenario has under the key.
  @discardableResult
  func optional<Value>(
    _ key: String, _ summary: String, _ value: inout Value?, standard: Value, isOmitted: Bool = true,
    _ body: (Section, inout Value) -> Void
  ) -> YAMLValue? {
    let given = declare(key, summary, default: "null")
    let isGiven = given.map { !$0.isNull } ?? false
    let isDocumented = reading.purpose == .documenting
    guard isGiven || given == nil && value != nil || isDocumented else {
      value = nil
      note(key, .scalar(.null))
      if isOmitted { omit(key, if: true) }
      return given
    }
    var own = value ?? standard
    whole(key, section(key, isGiven ? given : nil)) { body($0, &own) }
    if !isDocumented { value = own }
    return given
  }

  /// The mapping `inner` under `key`, all of whose keys `body` declares.
  func whole<Result>(_ key: String, _ inner: Section, _ body: (Section) -> Result) -> Result {
    let result = body(inner)
    inner.finish()
    note(key, inner.resolved)
    return result
  }
}

/// What all sections of one reading share.
final class Reading {
  /// What a walk over the keys is for.
  enum Purpose {
    /// A file's values take the place of the defaults.
    case reading
    /// The values of a scenario are noted as a file would have them.
    case printing
    /// What each key means is gathered.
    case documenting
  }

  /// What this one is for.
  let purpose: Purpose
  /// What is wrong so far.
  let log: DiagnosticLog
  /// The scenario file, or the name that stands for it.
  let source: String
  /// Paths of the values that options or a sweep lay over the file.
  let overridden: [String]
  /// Where the values stand that are given, by key path.
  var places = KeyPlaces()
  /// The path of every key declared so far, in order.
  var paths: [String] { pathParts.flatMap(\.self) }
  /// The same, in parts that scenarios of one sweep share.
  private var pathParts: [[String]] = [[]]
  /// Every key declared so far, in order; only where that is what the walk is for.
  private(set) var documentation: [KeyDocumentation] = []
  /// What steps came to in other scenarios of a sweep; `nil` outside of sweeps.
  var memory: StepMemory?
  /// The step under way whose outcome is to be remembered.
  private(set) var step: ReadingStep?

  init(
    _ purpose: Purpose = .reading, source: String, overridden: [String] = [], log: DiagnosticLog = DiagnosticLog()
  ) {
    self.purpose = purpose
    self.source = source
    self.overridden = overridden
    self.log = log
  }

  /// Whether values below `path` are given.
  func hasPlaces(below path: String) -> Bool { places.hasAny(below: path) }

  /// Begins a step whose outcome is to be remembered.
  func begin(_ step: ReadingStep) {
    self.step = step
    places.begin()
    pathParts.append([])
  }

  /// Ends the step that was begun.
  ///
  /// - Returns: Where values stand that it found given, and the paths that it declared.
  func end() -> (places: [String: Diagnostic.Position], paths: [String]) {
    step = nil
    let paths = pathParts[pathParts.count - 1]
    pathParts.append([])
    return (places.end(), paths)
  }

  /// Takes over what a step declared and found in another scenario of a sweep.
  func take(_ outcome: StepMemory.Outcome) {
    places.add(outcome.places)
    pathParts += [outcome.paths, []]
    for warning in outcome.warnings { log.add(warning) }
  }

  func declared(_ path: String, _ summary: String, _ defaultText: () -> String?, _ allowed: () -> String?) {
    pathParts[pathParts.count - 1].append(path)
    guard purpose == .documenting else { return }
    documentation.append(KeyDocumentation(path: path, summary: summary, allowed: allowed(), defaultText: defaultText()))
  }

  /// The file that `path` names: relative to the scenario's folder where it stands in the file, to the working folder
  /// where it stands in an option. Absolute, so that the resolved scenario reads the same from anywhere.
  func file(_ path: String, at position: Diagnostic.Position) -> String {
    guard !path.utf8.contains(0) else { return path }
    let folder = position.line == nil ? nil : URL(fileURLWithPath: source).deletingLastPathComponent()
    return URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
  }
}
