import JSON

/// What is wrong with one value of an input file, for the person who made it.
public struct InputIssue: Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public var file: String
  /// The line from 1; `nil` for the file as a whole.
  public var line: Int?
  /// The column from 1, in bytes: where the value begins, or the object that lacks it.
  public var column: Int?
  /// The key path, `devices[2].power_max_w`; empty for the file as a whole.
  public var path: String
  /// The value, what is allowed, and the nearest valid name where one is meant.
  public var message: String

  /// `file:line:column: path: message`.
  public var description: String {
    let place = ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
    return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
  }
}

/// Everything that is wrong with an input file.
public struct InputError: Error, Sendable, CustomStringConvertible {
  /// The issues found, in the order of the file's lines and of the schema; at most ``limit``.
  public var issues: [InputIssue]
  /// Issues beyond ``limit``.
  public var omitted: Int

  /// How many issues are kept.
  public static let limit = 100

  /// One issue per line.
  public var description: String {
    let lines = issues.map(\.description) + (omitted > 0 ? ["and \(omitted) more"] : [])
    return lines.joined(separator: "\n")
  }
}

/// Collects the issues of one file while it is read.
final class InputIssues {
  /// What of a member an issue is about.
  enum Part { case key, value }

  let file: String
  private(set) var issues: [InputIssue] = []
  private(set) var omitted = 0
  /// Paths of issues without a place whose key is what is wrong.
  private var wrongKeys: Set<String> = []

  init(file: String) { self.file = file }

  var count: Int { issues.count + omitted }

  /// Notes what is wrong at a path; neither path nor message, which may have costly advice in it, is made if
  /// ``InputError/limit`` issues are there already.
  func add(_ path: @autoclosure () -> String, at part: Part = .value, _ message: @autoclosure () -> String) {
    add {
      let path = path()
      if part == .key { wrongKeys.insert(path) }
      return InputIssue(file: file, line: nil, path: path, message: message())
    }
  }

  /// Notes a text that is no JSON and begins in `line`.
  func add(_ error: JSONSyntaxError, from line: Int) {
    add {
      InputIssue(
        file: file, line: line + error.line - 1, column: error.column, path: "",
        message: "not valid JSON: \(error.reason)"
      )
    }
  }

  /// Gives the issues from the place `first` on their lines and columns in `text`, which begins in `line`.
  func place(from first: Int, in text: UnsafeRawBufferPointer, from line: Int) {
    let new = issues.indices.dropFirst(first).filter { issues[$0].line == nil }
    guard !new.isEmpty else { return }
    let places = JSONPlaces.places(of: Set(new.map { issues[$0].path }), keys: wrongKeys, in: text)
    for index in new {
      guard let place = places[issues[index].path] else { continue }
      issues[index].line = line + place.line - 1
      issues[index].column = place.column
    }
    wrongKeys = []
  }

  private func add(_ issue: () -> InputIssue) {
    if issues.count < InputError.limit { issues.append(issue()) } else { omitted += 1 }
  }

  /// - Throws: ``InputError`` if there is any issue.
  func throwIfAny() throws {
    if !issues.isEmpty { throw InputError(issues: issues, omitted: omitted) }
  }
}
