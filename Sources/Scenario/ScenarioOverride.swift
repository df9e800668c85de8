import Units

/// One value laid over a scenario file: `--set devices.count=20`.
public struct ScenarioOverride: Sendable, Hashable {
  /// The key path; list items by their index from 0.
  public var path: [String]
  /// The value, as a scenario would write it.
  public var value: String
  /// What messages call it: the option as it was written.
  public var label: String

  /// A value for the key at `path`.
  public init(path: String, value: String, label: String) {
    self.path = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.value = value
    self.label = label
  }

  /// Reads the argument of `--set`, `devices.count=20`.
  ///
  /// - Throws: ``ScenarioErrors`` where there is no key path before a `=`.
  public init(setting argument: String) throws {
    let label = "--set \(ShownText.shortened(argument, to: 80))"
    guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else {
      throw ScenarioErrors(
        at: Diagnostic.Position(label), "this sets nothing; write a key path and a value, 'devices.count=20'")
    }
    self.init(path: String(argument[..<sign]), value: String(argument[argument.index(after: sign)...]), label: label)
  }

  /// The key path as people write it.
  public var dottedPath: String { path.joined(separator: ".") }

  /// Lays the value over `root`: replaces what stands at the path, or adds it.
  ///
  /// - Throws: ``ScenarioErrors`` where the value is no YAML, or an item of a list does not exist.
  func apply(to root: inout YAMLValue) throws {
    let position = Diagnostic.Position(label)
    guard value.utf8.count <= YAMLGuard.largestFile, path.count <= YAMLGuard.deepest else {
      throw ScenarioErrors(at: position, "the key path or the value is too long")
    }
    let text = try locating(position) { try YAMLGuard.text(of: Array(value.utf8), source: label) }
    let parsed = try YAMLLoader.root(of: text, source: label, fixedPosition: position)
    let new = parsed ?? YAMLValue(content: .scalar("", isPlain: true), position: position)
    try Self.set(path[...], to: new, in: &root, at: position)
  }

  /// Runs `body`, whose errors then stand at `position`.
  private func locating<Result>(_ position: Diagnostic.Position, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var errors as ScenarioErrors {
      for index in errors.diagnostics.indices { errors.diagnostics[index].position = position }
      throw errors
    }
  }

  /// Keys whose word stands for a mapping with that name, which settings laid over it leave.
  private static let namedByWord: Set = ["model", "policy"]

  static func set(
    _ path: ArraySlice<String>, to new: YAMLValue, in node: inout YAMLValue, at position: Diagnostic.Position
  ) throws {
    guard let key = path.first else {
      node = new
      return
    }
    let rest = path.dropFirst()
    switch node.content {
    case .list(var items):
      guard let index = Int(key), items.indices.contains(index) else {
        throw ScenarioErrors(
          at: position, "\(ShownText.quoted(key)) is no item of this list; its items are 0 to \(items.count - 1)")
      }
      try set(rest, to: new, in: &items[index], at: position)
      node.content = .list(items)
    case .map(var pairs):
      let dotted = path.joined(separator: ".")
      if let index = pairs.firstIndex(where: { $0.key == dotted }) {
        // A sweep's axis may be written with dots.
        pairs[index].value = new
      } else if let index = pairs.firstIndex(where: { $0.key == key }) {
        if !rest.isEmpty, namedByWord.contains(key) { pairs[index].value = pairs[index].value.named }
        try set(rest, to: new, in: &pairs[index].value, at: position)
      } else {
        var value = YAMLValue(content: .map([]), position: position)
        try set(rest, to: new, in: &value, at: position)
        pairs.append(YAMLValue.Pair(key: key, position: position, value: value))
      }
      node.content = .map(pairs)
    case .scalar:
      // A word such as 'rayleigh' gives way to a mapping such as {nakagami: {m: 2}}.
      node = YAMLValue(content: .map([]), position: position)
      try set(path, to: new, in: &node, at: position)
    }
  }
}

extension YAMLValue {
  /// `{name: word}` of a word; anything else as it is.
  var named: YAMLValue {
    guard text != nil, !isNull else { return self }
    return YAMLValue(content: .map([Pair(key: "name", position: position, value: self)]), position: position)
  }
}
