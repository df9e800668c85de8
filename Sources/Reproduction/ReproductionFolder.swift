import JSON
import Scenario
import Simulation
import Trace
import Units

/// `results/paper` and its like: tables of the figures, what the claims came to, and `manifest.json`, which says how each file was made.
package struct ReproductionFolder: Sendable {
  /// How a file was made.
  package struct Entry: Sendable, Hashable {
    /// Its name.
    package var file: String
    /// What is in it, in a sentence without its end.
    package var title: String
    /// The command that made it.
    package var command: String
    /// The scenario files behind it, or the folder of traces.
    package var sources: [String]
    /// FNV-1a, 64 bits, of the resolved scenarios; `nil` for traces.
    package var hash: String?
    /// Draws of every point, or seeds of every curve; `nil` where nothing is drawn.
    package var draws: Int?
    /// Sentences for the folder's README on what was found.
    package var findings: [String]

    /// How a file was made.
    package init(
      file: String, title: String, command: String, sources: [String] = [], hash: String? = nil, draws: Int? = nil,
      findings: [String] = []
    ) {
      self.file = file
      self.title = title
      self.command = command
      self.sources = sources
      self.hash = hash
      self.draws = draws
      self.findings = findings
    }
  }

  /// The folder.
  package let path: String
  /// Whether its README.md, a page on the paper's figures, is written too; otherwise that page is somebody's own.
  package let hasPage: Bool
  private var manifestPath: String { "\(path)/manifest.json" }

  /// Opens the folder, and makes it where it is missing.
  ///
  /// - Throws: `TraceError`.
  package init(_ path: String, hasPage: Bool = true) throws {
    self.path = path
    self.hasPage = hasPage
    try FileSystem.createFolder(path)
    _ = try FileSystem.names(in: path)
  }

  /// Puts a file in its place, and its entry into the manifest.
  ///
  /// - Throws: `TraceError`, ``ReproductionError`` where the folder's manifest is damaged.
  package func write(_ bytes: [UInt8], as entry: Entry) throws {
    var entries = try entries().filter { $0.file != entry.file }
    try put(bytes, entry.file)
    entries.append(entry)
    entries.sort { $0.file < $1.file }
    let manifest: JSONValue = [
      "version": .string(Recorder.version), "files": .array(entries.map(\.json)),
    ]
    try put(Array((manifest.text() + "\n").utf8), "manifest.json")
    if hasPage { try put(Array(Self.readme(entries).utf8), "README.md") }
  }

  /// How the files of the folder were made, by name; none where there is no manifest.
  ///
  /// - Throws: ``ReproductionError`` where the manifest is damaged.
  package func entries() throws -> [Entry] {
    guard try FileSystem.names(in: path).contains("manifest.json") else { return [] }
    let bytes = try FileSystem.contents(of: manifestPath)
    guard let manifest = try? JSONValue(parsing: bytes), let files = manifest["files"]?.elements else {
      throw ReproductionError("\(manifestPath) is damaged; remove it, then make the figures again")
    }
    return try files.map { file in
      guard let entry = Entry(json: file) else {
        throw ReproductionError("\(manifestPath) is damaged; remove it, then make the figures again")
      }
      return entry
    }
  }

  private func put(_ bytes: [UInt8], _ name: String) throws { try AtomicFile.write(bytes, to: "\(path)/\(name)") }

  /// FNV-1a, 64 bits, of texts one after another.
  static func hash(_ texts: [String]) -> String {
    var hash = FNV1a()
    for text in texts { hash.absorb(Array(text.utf8)[...]) }
    return hash.hexadecimal
  }
}

extension ReproductionFolder.Entry {
  fileprivate var json: JSONValue {
    JSONValue(omittingNil: [
      "file": .string(file), "title": .string(title), "command": .string(command),
      "sources": .array(sources.map(JSONValue.string)), "scenario_hash": hash.map(JSONValue.string),
      "draws": draws.map(JSONValue.integer),
      "findings": findings.isEmpty ? nil : .array(findings.map(JSONValue.string)),
    ])
  }

  fileprivate init?(json: JSONValue) {
    guard let file = json["file"]?.text, let title = json["title"]?.text, let command = json["command"]?.text else {
      return nil
    }
    self.init(
      file: file, title: title, command: command, sources: json["sources"]?.elements?.compactMap(\.text) ?? [],
      hash: json["scenario_hash"]?.text, draws: json["draws"]?.integer,
      findings: json["findings"]?.elements?.compactMap(\.text) ?? [])
  }
}
