import Foundation
import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files of JSON: one object in a `.json` file, one per line in a `.jsonl` file.
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
    let issues = InputIssues(file: path)
    var values: [Value] = []
    guard path.hasSuffix(".jsonl") else {
      let text: Data
      do {
        text = try Data(contentsOf: URL(fileURLWithPath: path))
      } catch {
        throw refuse("cannot be read: \(error.localizedDescription)")
      }
      let found = text.withUnsafeBytes { self.parse($0, from: 1, into: &values, issues, parse) }
      return try finished(values, issues, isEmpty: !found)
    }
    guard let file = fopen(path, "r") else { throw refuse(String(cString: strerror(errno))) }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var (capacity, number, found) = (0, 0, false)
    defer { free(line) }
    while true {
      let length = getline(&line, &capacity, file)
      guard length >= 0 else { break }
      number += 1
      let text = UnsafeRawBufferPointer(start: line, count: length)
      let content = text.last == UInt8(ascii: "\n") ? UnsafeRawBufferPointer(rebasing: text.dropLast()) : text
      if self.parse(content, from: number, into: &values, issues, parse) { found = true }
    }
    guard feof(file) != 0 else { throw refuse("cannot be read: \(String(cString: strerror(errno)))") }
    return try finished(values, issues, isEmpty: !found)
  }

  /// The one value in `text`.
  ///
  /// - Throws: ``InputError``.
  static func parse<Value>(
    _ text: String, file: String, _ parse: (JSONValue, InputIssues) -> Value?
  ) throws -> Value {
    let issues = InputIssues(file: file)
    var values: [Value] = []
    let found = Array(text.utf8).withUnsafeBytes { self.parse($0, from: 1, into: &values, issues, parse) }
    return try finished(values, issues, isEmpty: !found)[0]
  }

  /// Reads the one value in `text`, which begins in `line`, and notes what is wrong; `false` if there is nothing but space.
  private static func parse<Value>(
    _ text: UnsafeRawBufferPointer, from line: Int, into values: inout [Value], _ issues: InputIssues,
    _ parse: (JSONValue, InputIssues) -> Value?
  ) -> Bool {
    guard !text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }) else { return false }
    let first = issues.issues.count
    do {
      let json = try JSONValue(parsing: text, packsNumbers: true)
      if let value = parse(json, issues) { values.append(value) }
      issues.place(from: first, in: text, from: line)
    } catch {
      issues.add(error, from: line)
    }
    return true
  }

  /// The values, at least one.
  private static func finished<Value>(_ values: [Value], _ issues: InputIssues, isEmpty: Bool) throws -> [Value] {
    if isEmpty { issues.add("", "is empty") }
    try issues.throwIfAny()
    return values
  }
}
