import JSON

/// What is wrong with one value of an input file, for the person who made it.
public struct InputIssue: Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public var file: String
  /// The line from 1, where the file holds one object a line or is no JSON there.
  public var line: Int?
  /// The column from 1, in bytes, where the line is no JSON.
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

  /// One issue a line.
  public var description: String {
    let lines = issues.map(\.description) + (omitted > 0 ? ["and \(omitted) more"] : [])
    return lines.joined(separator: "\n")
  }
}

/// Collects the issues of one file while it is read.
final class InputIssues {
  let file: String
  var line: Int?
  private(set) var issues: [InputIssue] = []
  private(set) var omitted = 0

  init(file: String) { self.file = file }

  var count: Int { issues.count + omitted }

  func add(_ path: String, _ message: @autoclosure () -> String) {
    add { InputIssue(file: file, line: line, path: path, message: message()) }
  }

  /// Notes a text that is no JSON and begins in ``line``.
  func add(_ error: JSONSyntaxError) {
    add {
      InputIssue(
        file: file, line: (line ?? 1) + error.line - 1, column: error.column, path: "",
        message: "not valid JSON: \(error.reason)")
    }
  }

  private func add(_ issue: () -> InputIssue) {
    if issues.count < InputError.limit { issues.append(issue()) } else { omitted += 1 }
  }

  /// - Throws: ``InputError`` if there is any issue.
  func throwIfAny() throws {
    if !issues.isEmpty { throw InputError(issues: issues, omitted: omitted) }
  }
}
