import Foundation
import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files of JSON: one object in a `.json` file, one a line in a `.jsonl` file.
enum JSONLines {
  /// Reads every object of the file at `path` with `parse`, which notes what is wrong.
  ///
  /// - Throws: ``InputError``.
  static func read<Value>(path: String, _ parse: (JSONValue, InputIssues) -> Value?) throws -> [Value] {
    func refuse(_ message: String) -> InputError {
      InputError(issues: [InputIssue(file: path, line: nil, path: "", message: message)], omitted: 0)
    }
    guard path.hasSuffix(".json") || path.hasSuffix(".jsonl") else {
      throw refuse("the name must end in .json (one object) or .jsonl (one object a line)")
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw refuse(String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw refuse("is not a regular file") }
    let text: Data
    do {
      text = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw refuse("cannot be read: \(error.localizedDescription)")
    }
    return try text.withUnsafeBytes { try self.parse($0, file: path, oneEachLine: path.hasSuffix(".jsonl"), parse) }
  }

  /// The one value in `text`.
  ///
  /// - Throws: ``InputError``.
  static func parse<Value>(
    _ text: String, file: String, _ parse: (JSONValue, InputIssues) -> Value?
  ) throws -> Value {
    try Array(text.utf8).withUnsafeBytes { try self.parse($0, file: file, oneEachLine: false, parse)[0] }
  }

  /// The values in `text`, at least one.
  ///
  /// - Throws: ``InputError``.
  private static func parse<Value>(
    _ text: UnsafeRawBufferPointer, file: String, oneEachLine: Bool, _ parse: (JSONValue, InputIssues) -> Value?
  ) throws -> [Value] {
    let issues = InputIssues(file: file)
    let blank = Array(" \t\r\n".utf8)
    var values: [Value] = []
    var found = false
    let parts = oneEachLine ? text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) : [text[...]]
    for (index, part) in parts.enumerated() where !part.allSatisfy(blank.contains) {
      found = true
      issues.line = oneEachLine ? index + 1 : nil
      do {
        let json = try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: part), packsNumbers: true)
        if let value = parse(json, issues) { values.append(value) }
      } catch {
        issues.add(error)
      }
    }
    issues.line = nil
    if !found { issues.add("", "is empty") }
    try issues.throwIfAny()
    return values
  }
}
