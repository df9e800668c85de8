import Units

/// One thing that is wrong with a scenario, or looks wrong: where it stands and what would be right.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable {
    /// The scenario cannot be run.
    case error
    /// The scenario runs, perhaps not as meant.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// Where it stands.
  public var position: Position
  /// The key's path from the root, dots between keys, list items by their index from 0; empty for the file as a whole.
  public var keyPath: String
  /// What is wrong and what is allowed.
  public var message: String

  /// `file:line:column: error: key.path: message`.
  public var description: String {
    let path = keyPath.isEmpty ? "" : "\(ShownText.shortened(keyPath, to: 120)): "
    return "\(position): \(severity.rawValue): \(path)\(message)"
  }

  /// A place in a file, or an option of the command line.
  public struct Position: Sendable, Hashable, CustomStringConvertible {
    /// The file, or the option as it was written.
    public var source: String
    /// The line, from 1; `nil` where the source has no lines.
    public var line: Int?
    /// The column in characters (Unicode scalars), from 1.
    public var column: Int?

    /// A place.
    public init(_ source: String, line: Int? = nil, column: Int? = nil) {
      self.source = source
      self.line = line
      self.column = column
    }

    /// `file:line:column`, as far as known.
    public var description: String {
      [source, line.map(String.init), column.map(String.init)].compactMap(\.self).joined(separator: ":")
    }
  }
}

/// Everything that is wrong with a scenario, in the order of the file.
public struct ScenarioErrors: Error, Sendable, CustomStringConvertible {
  /// The errors, and warnings found on the way.
  public var diagnostics: [Diagnostic]

  /// One line a diagnostic.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }

  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// A single error.
  init(at position: Diagnostic.Position, path: String = "", _ message: String) {
    self.init([Diagnostic(severity: .error, position: position, keyPath: path, message: message)])
  }
}

/// Collects what is wrong while a scenario is read, so that one reading reports everything.
final class DiagnosticLog {
  private var diagnostics: [Diagnostic] = []
  private var dropped = 0
  private(set) var hasErrors = false

  /// Diagnostics kept; a file that is wrong everywhere is not worth more lines.
  static let limit = 100

  /// Whether another error would only be counted.
  var isFull: Bool { diagnostics.count >= Self.limit }

  /// Diagnostics kept so far.
  var count: Int { diagnostics.count }

  /// The diagnostics kept from the one at `index` on.
  func diagnostics(from index: Int) -> [Diagnostic] { Array(diagnostics[index...]) }

  /// Adds an error; its path and its message, which may have costly advice in it, are not made if the log is full.
  func error(
    at position: Diagnostic.Position, path: @autoclosure () -> String, _ message: @autoclosure () -> String
  ) {
    hasErrors = true
    guard !isFull else {
      dropped += 1
      return
    }
    diagnostics.append(Diagnostic(severity: .error, position: position, keyPath: path(), message: message()))
  }

  func warning(at position: Diagnostic.Position, path: String, _ message: String) {
    add(Diagnostic(severity: .warning, position: position, keyPath: path, message: message))
  }

  func add(_ errors: ScenarioErrors) {
    for diagnostic in errors.diagnostics {
      hasErrors = hasErrors || diagnostic.severity == .error
      add(diagnostic)
    }
  }

  func add(_ diagnostic: Diagnostic) {
    if isFull { dropped += 1 } else { diagnostics.append(diagnostic) }
  }

  /// The diagnostics by place: the scenario file's own first, then other sources in the order they came up.
  func sorted(mainSource: String) -> [Diagnostic] {
    var sources = [mainSource]
    for diagnostic in diagnostics where !sources.contains(diagnostic.position.source) {
      sources.append(diagnostic.position.source)
    }
    let ranked = diagnostics.enumerated().map { offset, diagnostic in
      (
        diagnostic,
        key: (
          sources.firstIndex(of: diagnostic.position.source) ?? 0, diagnostic.position.line ?? 0,
          diagnostic.position.column ?? 0, offset
        )
      )
    }
    var result = ranked.sorted { $0.key < $1.key }.map(\.0)
    if dropped > 0 {
      result.append(
        Diagnostic(
          severity: hasErrors ? .error : .warning, position: Diagnostic.Position(mainSource), keyPath: "",
          message: dropped == 1 ? "1 more is not shown" : "\(dropped) more are not shown"))
    }
    return result
  }
}
