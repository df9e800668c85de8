import JSON

/// The folder of one run: the resolved scenario with copies of the files that it reads, the traces as they grow, and at
/// the end the manifest.
///
/// `manifest.json.partial` marks a run that has begun, `manifest.json` one that has finished; the second replaces the
/// first in one step, so a killed run never looks finished. Files that are not a run's own are never touched, and two
/// processes never write to one folder.
public struct RunFolder: Sendable {
  /// Where it is.
  public let path: String

  /// The resolved scenario.
  public static let scenarioName = "scenario.yaml"
  /// The mark of a finished run.
  public static let manifestName = "manifest.json"

  static let partialName = manifestName + ".partial"
  /// Where either mark is written before it is moved to its place.
  static let stagingName = manifestName + ".new"

  /// Names that a run may write, beside the marks, its inputs and its checkpoint; nothing else is ever removed.
  private static let ownNames = [
    scenarioName, RoundRecord.fileName, DeviceRecord.fileName, EventRecord.fileName, IterationRecord.fileName,
    TimingRecord.fileName, PartitionTable.fileName, TimelineFile.fileName, GainRecord.fileName, TensorRecord.fileName,
    TraceSchema.fileName, TraceSchema.sqlName,
  ]
  /// Makes sure that links or devices stand nowhere in the folder where a run's own files do.
  static func checkPlaces(_ path: String) throws(TraceError) {
    try RegularFile.check(
      folder: path, files: [partialName, manifestName, stagingName, beginningName] + ownNames + inputNames,
      folders: ["inputs", weightsFolder, checkpointFolder])
    try RegularFile.check(folder: path, files: partsOfWeights(in: path), folders: [])
  }

  /// Bytes of a manifest at most: a scenario has a million, and a manifest says it twice.
  private static let largestManifest = 1 << 26

  private static let inputNames =
    ["fleet.csv", "availability.csv", "gains.csv", "gains.npy", "gains.npz", "positions.csv", "partition.csv"]
    .flatMap { ["inputs/\($0)", "inputs/\($0).gz"] } + ["inputs/weights.safetensors"]
  /// Where weights in several files lie: under their names, which their index says.
  private static let weightsFolder = "inputs/weights"

  /// Whether a run may keep a file that it reads by this name.
  static func isInput(_ name: String) -> Bool {
    guard !inputNames.contains(name) else { return true }
    guard name.hasPrefix(weightsFolder + "/") else { return false }
    return isPartOfWeights(name.dropFirst(weightsFolder.count + 1))
  }

  private static func isPartOfWeights(_ name: some StringProtocol) -> Bool {
    !name.contains("/") && [".safetensors", ".safetensors.index.json"].contains { name.hasSuffix($0) }
  }

  /// The files of weights in several files that lie in the folder at `path`.
  private static func partsOfWeights(in path: String) throws(TraceError) -> [String] {
    guard try FileSystem.kind(of: "\(path)/\(weightsFolder)") == .folder else { return [] }
    return try FileSystem.names(in: "\(path)/\(weightsFolder)")
      .filter { isPartOfWeights($0.hasSuffix(".partial") ? $0.dropLast(8) : $0[...]) }
      .map { "\(weightsFolder)/\($0)" }
  }

  private let lock: FileLock
  /// How its run began, with what its inputs are; `nil` where no run has begun in it by this value.
  public private(set) var beginning: RunBeginning?
  /// Whether it held a run that had been killed before its first checkpoint, of which nothing is left.
  public private(set) var replacesKilledRun = false

  /// Makes the folder ready for a new run: the mark that a run has begun, the resolved scenario, copies of its inputs.
  ///
  /// A folder whose run was killed before its first checkpoint is taken over; one that holds a finished run, or an
  /// unfinished one with a checkpoint, only with `force`; one that holds anything else, never.
  ///
  /// - Throws: ``TraceError`` that says what stands in the way.
  public init(
    creating path: String, manifest: Manifest, beginning: RunBeginning, force: Bool = false
  ) throws(TraceError) {
    let trimmed = try Self.trimmed(path)
    guard try FileSystem.kind(of: trimmed) != .file else {
      throw .folder(path: trimmed, reason: "is a file; name a folder for the results")
    }
    try FileSystem.createFolder(trimmed)
    try self.init(locking: trimmed)
    // Only now: a run whose end was waited for has left its results.
    replacesKilledRun = try Self.checkMayWrite(trimmed, force: force)
    self.beginning = try begin(manifest, beginning)
  }

  /// The folder at `path`, which is there, for this process alone.
  init(locking path: String) throws(TraceError) {
    self.path = path
    // A process that is just ending is waited for.
    guard let lock = try FileLock(folder: path, patience: 3) else { throw .busy(path: path) }
    self.lock = lock
  }

  static func trimmed(_ path: String) throws(TraceError) -> String {
    let trimmed = FileSystem.withoutSlash(path)
    guard !trimmed.isEmpty else { throw .folder(path: "''", reason: "is no folder; name one") }
    return trimmed
  }

  /// Writes the mark that a run has begun, then everything that the run needs, then the mark that all of that is there.
  ///
  /// Killed in between, it can be done again from the first mark.
  ///
  /// - Returns: The beginning, with what the inputs are.
  @discardableResult
  func begin(_ manifest: Manifest, _ beginning: RunBeginning) throws(TraceError) -> RunBeginning {
    var beginning = beginning
    beginning.isPrepared = false
    try mark(manifest, beginning)
    try FileSystem.remove("\(path)/\(Self.manifestName)")
    if beginning.goesOn {
      try FileSystem.remove("\(path)/\(Self.beginningName)")
    } else {
      for name in Self.ownNames { try FileSystem.remove("\(path)/\(name)") }
      try removeCheckpoint()
      beginning.inputs = try copy(beginning.inputs)
    }
    try write(Array(beginning.scenario.utf8), to: Self.scenarioName)
    beginning.isPrepared = true
    try mark(manifest, beginning)
    return beginning
  }

  /// Opens the trace of a record type in the folder: empty, or cut off after what `mark` counts.
  ///
  /// - Throws: ``TraceError``.
  public func open<Record: TraceRecord>(
    _: Record.Type, features: TraceFeatures = [], mark: FileMark? = nil
  ) throws(TraceError) -> TraceFile<Record> {
    let file = "\(path)/\(Record.fileName)"
    guard let mark else { return try TraceFile(path: file, features: features) }
    return try TraceFile(path: file, features: features, mark: mark)
  }

  /// Writes who holds which samples.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func write(_ partition: PartitionTable) throws(TraceError) {
    try write(partition.csv, to: PartitionTable.fileName)
  }

  /// Ends the run: puts the manifest, marked as finished, in its place and removes the checkpoint, unless
  /// ``keep(_:_:)`` was called.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func finish(_ manifest: Manifest) throws(TraceError) {
    var manifest = manifest
    manifest.finished = true
    try mark(manifest, nil)
    try completeFinish()
  }

  /// The second half of ``finish(_:)``, from the mark of a run that has begun but says that it has finished.
  func completeFinish() throws(TraceError) {
    try FileSystem.move("\(path)/\(Self.partialName)", to: "\(path)/\(Self.manifestName)")
    try removeCheckpointUnlessKept()
  }

  /// Removes all that the run in the folder at `path` has written, and the folder where nothing else is in it; one that is
  /// not there is no error.
  ///
  /// - Throws: ``TraceError`` where another process writes to it, or it cannot be changed.
  public static func remove(_ path: String) throws(TraceError) {
    guard try FileSystem.kind(of: path) == .folder else { return }
    let folder = try RunFolder(locking: path)
    try checkPlaces(path)
    try folder.removeCheckpoint()
    for name in inputNames + ownNames + [manifestName, stagingName, partialName] {
      try FileSystem.remove("\(path)/\(name)")
    }
    FileSystem.removeFolderIfEmpty("\(path)/inputs")
    FileSystem.removeFolderIfEmpty(path)
  }

  /// The manifest of a run, finished or not.
  ///
  /// - Throws: ``TraceError`` where the folder is not there, holds no run, or the manifest is damaged.
  public static func manifest(in path: String) throws(TraceError) -> Manifest {
    let (file, json) = try newestMark(in: path)
    return try Manifest(json: json, path: file)
  }

  /// The mark that counts, with its path: that of a run that has begun, which an older finished one may stand beside.
  static func newestMark(in path: String) throws(TraceError) -> (file: String, json: JSONValue) {
    switch try FileSystem.kind(of: path) {
    case .nothing: throw .folder(path: path, reason: "is not there; name the folder of a run")
    case .file: throw .folder(path: path, reason: "is a file; name the folder of a run")
    case .folder: break
    }
    try checkPlaces(path)
    for name in [partialName, manifestName] {
      let file = "\(path)/\(name)"
      guard try FileSystem.kind(of: file) == .file else { continue }
      return (file, try readMark(file))
    }
    throw .folder(path: path, reason: "holds no run: there is no \(manifestName)")
  }

  static func readMark(_ file: String) throws(TraceError) -> JSONValue {
    let bytes = try FileSystem.contents(of: file, limit: largestManifest)
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      throw .damaged(path: file, line: error.line, column: error.column, reason: error.reason)
    }
  }

  /// Whether the folder, which is there and locked, holds a killed run that nothing can go on from.
  ///
  /// - Throws: ``TraceError`` where what it holds is to stay.
  private static func checkMayWrite(_ path: String, force: Bool) throws(TraceError) -> Bool {
    let names = try FileSystem.names(in: path)
    guard let first = names.first, names != [stagingName] else { return false }
    try checkPlaces(path)
    if names.contains(partialName), (try? manifest(in: path).finished) != true {
      if force { return false }
      guard try FileSystem.kind(of: "\(path)/\(stateName)") == .nothing else { throw .unfinished(path: path) }
      return true
    }
    guard names.contains(manifestName) || names.contains(partialName) else {
      throw .folder(
        path: path,
        reason: "holds '\(first)' and no run of AirSplit, and nothing in it is overwritten; name a new folder")
    }
    guard try manifest(in: path).finished == false || force else {
      throw .folder(
        path: path, reason: "holds a finished run; name another folder with --out, or overwrite it with --force")
    }
    return false
  }

  /// Replaces the mark of a run that has begun in one step, which holds its own hash.
  private func mark(_ manifest: Manifest, _ beginning: RunBeginning?) throws(TraceError) {
    let json = beginning.map { $0.mark(of: manifest) } ?? manifest.json
    try write(Array((json.text() + "\n").utf8), to: Self.stagingName)
    try FileSystem.move("\(path)/\(Self.stagingName)", to: "\(path)/\(Self.partialName)")
  }

  /// Copies the inputs and removes those of an older run. An input may itself be an older run's copy.
  ///
  /// - Returns: The inputs, each with what it is now.
  private func copy(_ inputs: [RunBeginning.Input]) throws(TraceError) -> [RunBeginning.Input] {
    var inputs = inputs
    for (place, input) in inputs.enumerated() {
      if let slash = input.name.lastIndex(of: "/") { try FileSystem.createFolder("\(path)/\(input.name[..<slash])") }
      let copy = try FileSystem.copy(input.source, to: "\(path)/\(input.name).partial")
      inputs[place].mark = copy.mark(named: input.name)
    }
    for input in inputs { try FileSystem.move("\(path)/\(input.name).partial", to: "\(path)/\(input.name)") }
    for name in Self.inputNames where !inputs.contains(where: { $0.name == name }) {
      try FileSystem.remove("\(path)/\(name)")
      try FileSystem.remove("\(path)/\(name).partial")
    }
    for name in try Self.partsOfWeights(in: path) where !inputs.contains(where: { $0.name == name }) {
      try FileSystem.remove("\(path)/\(name)")
    }
    FileSystem.removeFolderIfEmpty("\(path)/\(Self.weightsFolder)")
    return inputs
  }

  func write(_ bytes: [UInt8], to name: String) throws(TraceError) {
    let file = try OutputFile(creating: "\(path)/\(name)")
    try file.append(bytes)
    try file.synchronize()
  }
}
