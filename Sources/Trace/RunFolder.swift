import JSON

/// The folder of one run: the resolved scenario with copies of the files that it reads, the traces as they grow, and at
/// the end the manifest.
///
/// `manifest.json.partial` marks a run that has begun, `manifest.json` one that has finished; the second replaces the
/// first in one step, so a killed run never looks finished. Files that are not a run's own are never touched.
public struct RunFolder: Sendable {
  /// Where it is.
  public let path: String

  /// The resolved scenario.
  public static let scenarioName = "scenario.yaml"
  /// The mark of a finished run.
  public static let manifestName = "manifest.json"

  private static let partialName = manifestName + ".partial"

  /// Every name that a run may write; nothing else is ever removed.
  private static let ownNames = [
    manifestName, partialName, scenarioName, RoundRecord.fileName, DeviceRecord.fileName, EventRecord.fileName,
    IterationRecord.fileName, TimingRecord.fileName, PartitionTable.fileName, "inputs/fleet.csv", "inputs/gains.csv",
  ]

  /// A copy of a file that the scenario reads.
  public struct Input: Sendable {
    /// Its name, relative to the run's folder: one of those that a run may write.
    public var name: String
    /// What it holds.
    var bytes: [UInt8]

    /// The contents of the file at `path`, to be kept as `name`.
    ///
    /// - Throws: ``TraceError/file(path:action:reason:)``.
    public init(name: String, copying path: String) throws(TraceError) {
      self.name = name
      bytes = try FileSystem.contents(of: path)
    }
  }

  /// Makes the folder ready for a new run and writes the resolved scenario and the mark that a run has begun.
  ///
  /// A folder that holds an unfinished run is taken over; one that holds a finished run only with `force`; one that
  /// holds anything else, never.
  ///
  /// - Throws: ``TraceError`` that says what stands in the way.
  public init(
    creating path: String, scenario: String, inputs: [Input] = [], manifest: Manifest, force: Bool = false
  ) throws(TraceError) {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard !trimmed.isEmpty else { throw .folder(path: "''", reason: "is no folder; name one") }
    self.path = trimmed
    try Self.checkMayWrite(trimmed, force: force)
    try FileSystem.createFolder(trimmed)
    try write(Array((manifest.json.text() + "\n").utf8), to: Self.partialName)
    for name in Self.ownNames where name != Self.partialName { try FileSystem.remove("\(trimmed)/\(name)") }
    for input in inputs {
      if let slash = input.name.lastIndex(of: "/") { try FileSystem.createFolder("\(trimmed)/\(input.name[..<slash])") }
      try write(input.bytes, to: input.name)
    }
    try write(Array(scenario.utf8), to: Self.scenarioName)
  }

  /// Opens the trace of a record type in the folder.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func open<Record: TraceRecord>(
    _: Record.Type, features: TraceFeatures = []
  ) throws(TraceError) -> TraceFile<Record> {
    try TraceFile(path: "\(path)/\(Record.fileName)", features: features)
  }

  /// Writes who holds which samples.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func write(_ partition: PartitionTable) throws(TraceError) {
    try write(partition.csv, to: PartitionTable.fileName)
  }

  /// Ends the run: writes the manifest, marked as finished, beside its place and moves it there.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func finish(_ manifest: Manifest) throws(TraceError) {
    var manifest = manifest
    manifest.finished = true
    try write(Array((manifest.json.text() + "\n").utf8), to: Self.partialName)
    try FileSystem.move("\(path)/\(Self.partialName)", to: "\(path)/\(Self.manifestName)")
  }

  /// The manifest of a run, finished or not.
  ///
  /// - Throws: ``TraceError`` where the folder is not there, holds no run, or the manifest is damaged.
  public static func manifest(in path: String) throws(TraceError) -> Manifest {
    switch try FileSystem.kind(of: path) {
    case .nothing: throw .folder(path: path, reason: "is not there; name the folder of a run")
    case .file: throw .folder(path: path, reason: "is a file; name the folder of a run")
    case .folder: break
    }
    for name in [manifestName, partialName] {
      let file = "\(path)/\(name)"
      guard try FileSystem.kind(of: file) == .file else { continue }
      let bytes = try FileSystem.contents(of: file)
      let json: JSONValue
      do {
        json = try JSONValue(parsing: bytes)
      } catch {
        throw .damaged(path: file, line: error.line, column: error.column, reason: error.reason)
      }
      return try Manifest(json: json, path: file)
    }
    throw .folder(path: path, reason: "holds no run: there is no \(manifestName)")
  }

  private static func checkMayWrite(_ path: String, force: Bool) throws(TraceError) {
    switch try FileSystem.kind(of: path) {
    case .nothing: return
    case .file: throw .folder(path: path, reason: "is a file; name a folder for the results")
    case .folder: break
    }
    let names = try FileSystem.names(in: path)
    guard let first = names.first, !names.contains(partialName) else { return }
    guard names.contains(manifestName) else {
      throw .folder(
        path: path,
        reason: "holds '\(first)' and no run of AirSplit, and nothing in it is overwritten; name a new folder")
    }
    guard try manifest(in: path).finished == false || force else {
      throw .folder(
        path: path, reason: "holds a finished run; name another folder with --out, or overwrite it with --force")
    }
  }

  private func write(_ bytes: [UInt8], to name: String) throws(TraceError) {
    let file = try OutputFile(creating: "\(path)/\(name)")
    try file.append(bytes)
    try file.synchronize()
  }
}
