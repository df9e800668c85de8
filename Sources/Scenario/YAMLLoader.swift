import Yams

/// Parses checked text with Yams: the only file that knows the parser.
enum YAMLLoader {
  /// The root of the document in `text`; `nil` where there is none.
  ///
  /// - Parameter fixedPosition: The place to report for all of it, where `text` has no lines of its own.
  /// - Throws: ``ScenarioErrors`` with the first syntax error or duplicate key.
  static func root(of text: String, source: String, fixedPosition: Diagnostic.Position? = nil) throws -> YAMLValue? {
    do {
      let parser = try Parser(yaml: text, encoding: .utf8)
      // An anchor lives as long as its parser, so this finds those that the guard took for text.
      return try withExtendedLifetime(parser) {
        guard let node = try parser.singleRoot() else { return nil }
        return try Conversion(source: source, fixedPosition: fixedPosition).value(node)
      }
    } catch let error as YamlError {
      throw explanation(of: error, text: text, source: source, fixedPosition: fixedPosition)
    }
  }

  private struct Conversion {
    let source: String
    let fixedPosition: Diagnostic.Position?

    func position(_ mark: Mark?) -> Diagnostic.Position {
      fixedPosition ?? Diagnostic.Position(source, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    func value(_ node: Node) throws -> YAMLValue {
      let place = position(node.mark)
      guard node.anchor == nil else { throw ScenarioErrors(at: place, "anchors and aliases are not allowed") }
      switch node {
      case .scalar(let scalar):
        return YAMLValue(content: .scalar(scalar.string, isPlain: scalar.style == .plain), position: place)
      case .sequence(let sequence):
        return YAMLValue(content: .list(try sequence.map(value)), position: place)
      case .mapping(let mapping):
        return YAMLValue(content: .map(try mapping.map { try pair(key: $0.key, value: $0.value) }), position: place)
      case .alias:
        throw ScenarioErrors(at: place, "anchors and aliases are not allowed")
      }
    }

    private func pair(key: Node, value node: Node) throws -> YAMLValue.Pair {
      guard case .scalar(let scalar) = key else {
        throw ScenarioErrors(at: position(key.mark), "a list or mapping cannot be a key; a key is a word")
      }
      return YAMLValue.Pair(key: scalar.string, position: position(scalar.mark), value: try value(node))
    }
  }

  /// The parser's error as ours.
  private static func explanation(
    of error: YamlError, text: String, source: String, fixedPosition: Diagnostic.Position?
  ) -> ScenarioErrors {
    func place(_ mark: Mark) -> Diagnostic.Position {
      fixedPosition ?? Diagnostic.Position(source, line: mark.line, column: mark.column)
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      let situation = context.map { " \($0.text) that begins in line \($0.mark.line)" } ?? ""
      return ScenarioErrors(at: place(mark), "the YAML does not parse: \(problem)\(situation)")
    case .composer(_, let problem, let mark, _):
      let isSecond = problem.contains("another document")
      return ScenarioErrors(
        at: place(mark),
        isSecond ? "a second document begins here; a scenario is one document" : "the YAML does not parse: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.first ?? ""
      let first = place(context.mark)
      let second = DuplicateKey(text: text).position(of: key, after: context.mark.line, context.mark.column)
      return ScenarioErrors(
        at: fixedPosition
          ?? Diagnostic.Position(source, line: second?.line ?? first.line, column: second?.column ?? first.column),
        path: key, "the key stands twice; it first stands in line \(context.mark.line)")
    case .reader(let problem, _, _, _), .representer(let problem), .writer(let problem), .emitter(let problem):
      return ScenarioErrors(at: fixedPosition ?? Diagnostic.Position(source), "the YAML does not parse: \(problem)")
    case .no, .memory, .dataCouldNotBeDecoded:
      return ScenarioErrors(at: fixedPosition ?? Diagnostic.Position(source), "the YAML does not parse")
    }
  }
}

/// Finds a key's second place: the parser reports only the first.
struct DuplicateKey {
  private let lines: [[Unicode.Scalar]]

  init(text: String) {
    var lines: [[Unicode.Scalar]] = [[]]
    var afterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\r" || (scalar == "\n" && !afterReturn) {
        lines.append([])
      } else if scalar != "\n" {
        lines[lines.count - 1].append(scalar)
      }
      afterReturn = scalar == "\r"
    }
    self.lines = lines
  }

  /// The next place of `key` in the mapping that has it at `line` and `column`, all from 1.
  func position(of key: String, after line: Int, _ column: Int) -> (line: Int, column: Int)? {
    guard lines.indices.contains(line - 1), column >= 1 else { return nil }
    return blockPosition(of: key, after: line, column) ?? flowPosition(of: key, after: line, column)
  }

  /// A later line that has the key at the same column, before a line that is indented less.
  private func blockPosition(of key: String, after line: Int, _ column: Int) -> (line: Int, column: Int)? {
    for number in line..<lines.count {
      guard let content = lines[number].firstIndex(where: { $0 != " " }), lines[number][content] != "#" else {
        continue
      }
      if content < column - 1 { return nil }
      if content == column - 1, isKey(key, in: lines[number], at: content) { return (number + 1, column) }
    }
    return nil
  }

  /// The next place of the key at the same depth of brackets.
  private func flowPosition(of key: String, after line: Int, _ column: Int) -> (line: Int, column: Int)? {
    var depth = 0
    for number in (line - 1)..<lines.count {
      var quote: Unicode.Scalar?
      for index in lines[number].indices where number >= line || index >= column - 1 {
        let scalar = lines[number][index]
        let isFirst = number == line - 1 && index == column - 1
        if depth == 0, quote == nil, !isFirst, isKey(key, in: lines[number], at: index) {
          return (number + 1, index + 1)
        }
        if let open = quote {
          if scalar == open { quote = nil }
          continue
        }
        switch scalar {
        case "\"", "'": quote = scalar
        case "[", "{": depth += 1
        case "]", "}": depth -= 1
        default: break
        }
        if depth < 0 { return nil }
      }
    }
    return nil
  }

  /// Whether `key` and a colon stand in `line` from `index` on, bare or in quotes.
  private func isKey(_ key: String, in line: [Unicode.Scalar], at index: Int) -> Bool {
    if index > 0, !["{", ",", " ", "\t"].contains(line[index - 1]) { return false }
    for form in [key, "\"\(key)\"", "'\(key)'"] {
      let end = index + form.unicodeScalars.count
      guard end <= line.count, line[index..<end].elementsEqual(form.unicodeScalars) else { continue }
      if line[end...].first(where: { $0 != " " }) == ":" { return true }
    }
    return false
  }
}
