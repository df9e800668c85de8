import ArgumentParser
import JSON

/// How a command shows its answer.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  /// Aligned text for people.
  case table
  /// JSON for programs.
  case json
}

extension StandardStreams {
  /// Writes a JSON document to standard output.
  static func write(_ json: JSONValue) throws { try write(json.text() + "\n") }
}
