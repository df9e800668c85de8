import Foundation

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
  static func read<Value>(path: String, _ parse: (JSONNode, InputIssues) -> Value?) throws -> [Value] {
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
    return try self.parse(text, file: path, oneEachLine: path.hasSuffix(".jsonl"), parse)
  }

  /// The values in `text`, at least one.
  ///
  /// - Throws: ``InputError``.
  static func parse<Value>(
    _ text: Data, file: String, oneEachLine: Bool, _ parse: (JSONNode, InputIssues) -> Value?
  ) throws -> [Value] {
    let issues = InputIssues(file: file)
    let blank: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    var values: [Value] = []
    var found = false
    let parts = oneEachLine ? text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) : [text[...]]
    for (index, part) in parts.enumerated() where !part.allSatisfy(blank.contains) {
      found = true
      issues.line = oneEachLine ? index + 1 : nil
      do {
        let node = try JSONNode(parsing: Data(part))
        if let value = parse(node, issues) { values.append(value) }
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
