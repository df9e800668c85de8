import JSON

/// The folder `checkpoint`: `state.jsonl`, which replaces its older version in one step, and beside it the files that it
/// names: what a trainer wrote for that state, and the weights of the best round. A finished run keeps it, with `run.json`,
/// the mark of its beginning.
extension RunFolder {
  static let checkpointFolder = "checkpoint"
  static let stateName = checkpointFolder + "/state.jsonl"
  static let beginningName = checkpointFolder + "/run.json"

  /// A file that a checkpoint's state names, one of its own per round.
  public enum CheckpointPart: String, Sendable, CaseIterable {
    /// All that a trainer goes on from.
    case trainer
    /// The weights of the best round.
    case best

    /// The file of `round`, relative to the run's folder.
    func name(round: Int) -> String {
      "\(RunFolder.checkpointFolder)/\(rawValue)-\(round)\(self == .best ? ".safetensors" : "")"
    }
  }

  /// Whether a file, named relative to the run's folder, is a part of a checkpoint.
  private static func isPart(_ name: String) -> Bool {
    CheckpointPart.allCases.contains { part in
      name.split { !$0.isNumber }.last.flatMap { Int($0) }.map { part.name(round: $0) == name } ?? false
    }
  }

  /// Keeps the checkpoint, which was saved, when the run finishes, and the mark that the run began with: what it needs to go on.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func keep(_ manifest: Manifest, _ beginning: RunBeginning) throws(TraceError) {
    var beginning = beginning
    (beginning.isPrepared, beginning.goesOn) = (true, false)
    for place in beginning.inputs.indices { beginning.inputs[place].source = beginning.inputs[place].name }
    do {
      try write(Array((beginning.mark(of: manifest).text() + "\n").utf8), to: Self.beginningName)
    } catch {
      try? FileSystem.remove("\(path)/\(Self.beginningName)")
      throw error
    }
  }

  /// What ``keep(_:_:)`` kept of the finished run.
  ///
  /// - Throws: ``TraceError`` where it is not there, damaged or another version's, or the files that the run reads have changed.
  public func kept(version: String) throws(TraceError) -> (Manifest, RunBeginning) {
    let file = "\(path)/\(Self.beginningName)"
    guard try FileSystem.kind(of: file) == .file else {
      throw .folder(
        path: path, reason: "the finished run goes on only from its checkpoint, and \(Self.beginningName) is not there")
    }
    let json = try Self.readMark(file)
    let manifest = try Manifest(json: json, path: file)
    let beginning = try RunBeginning(mark: json, of: manifest, path: file, version: version)
    try check(beginning)
    return (manifest, beginning)
  }

  /// Turns the folder of a finished run, or of one that was killed, into that of an unfinished run of another length, which goes on
  /// from its checkpoint. Killed in between, ``resume(_:version:)`` does the rest.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func goOn(_ manifest: Manifest, _ beginning: RunBeginning) throws(TraceError) {
    var beginning = beginning
    beginning.goesOn = true
    try begin(manifest, beginning)
  }

  /// What the first lines of a file in the folder are, or all of it where it has fewer.
  ///
  /// - Throws: ``TraceError``.
  public func mark(lines: Int, of name: String) throws(TraceError) -> FileMark {
    let bytes = try FileSystem.contents(of: "\(path)/\(name)")
    var (left, end) = (lines, 0)
    while left > 0, end < bytes.count {
      if bytes[end] == UInt8(ascii: "\n") { left -= 1 }
      end += 1
    }
    let first = Array(bytes[..<end])
    return FileMark(file: name, bytes: first.count, hash: ByteHash(first).text)
  }

  /// Writes a part of the checkpoint after `round`, to the disk, before a state that names it is saved.
  ///
  /// - Returns: What was written, named relative to the run's folder.
  /// - Throws: ``TraceError/file(path:action:reason:)``, and what `body` throws.
  public func write(_ part: CheckpointPart, round: Int, _ body: (OutputFile) throws -> Void) throws -> FileMark {
    try FileSystem.createFolder("\(path)/\(Self.checkpointFolder)")
    let name = part.name(round: round)
    let file = try OutputFile(creating: "\(path)/\(name)")
    try body(file)
    try file.synchronize()
    return file.mark(named: name)
  }

  /// Holds a part of the checkpoint against what was written; reads it once.
  ///
  /// - Throws: ``TraceError`` where it is missing, differs, or has no name of such a part.
  public func check(_ mark: FileMark) throws(TraceError) {
    guard Self.isPart(mark.file), try holds(mark) else { throw damaged(mark) }
  }

  /// Copies a part of the checkpoint to the file at `path`, which appears whole or not at all.
  ///
  /// - Parameter origin: Who says where that file is.
  /// - Throws: ``TraceError`` where it is missing or differs from what was written, or the file cannot be written.
  public func copy(_ mark: FileMark, to path: String, origin: RegularFile.Origin = .named) throws {
    guard Self.isPart(mark.file), try FileSystem.kind(of: "\(self.path)/\(mark.file)") == .file else {
      throw damaged(mark)
    }
    try AtomicFile.write(to: path, origin: origin) { file in
      try FileSystem.copy("\(self.path)/\(mark.file)", into: file, origin: .folder)
      guard file.mark(named: mark.file) == mark else { throw damaged(mark) }
    }
  }

  /// Removes a part of the checkpoint that no state names.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func remove(_ mark: FileMark) throws(TraceError) { try FileSystem.remove("\(path)/\(mark.file)") }

  private func damaged(_ mark: FileMark) -> TraceError {
    damagedCheckpoint("\(mark.file) is not there, or not the \(mark.bytes) bytes that were written")
  }

  /// Replaces the checkpoint's state in one step and removes the parts that it does not name.
  ///
  /// - Parameter parts: Those that it names.
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func saveState(_ state: [UInt8], parts: [FileMark]) throws(TraceError) {
    try FileSystem.createFolder("\(path)/\(Self.checkpointFolder)")
    let header: JSONValue = ["checkpoint": 1, "bytes": .integer(state.count), "hash": .string(ByteHash(state).text)]
    try write(Array((header.text(.line) + "\n").utf8) + state, to: Self.stateName + ".partial")
    try FileSystem.move("\(path)/\(Self.stateName).partial", to: "\(path)/\(Self.stateName)")
    try removeParts(but: parts)
  }

  private func removeParts(but kept: [FileMark] = []) throws(TraceError) {
    for name in try FileSystem.names(in: "\(path)/\(Self.checkpointFolder)") {
      let name = "\(Self.checkpointFolder)/\(name)"
      guard Self.isPart(name), !kept.contains(where: { $0.file == name }) else { continue }
      try FileSystem.remove("\(path)/\(name)")
    }
  }

  /// The checkpoint's state; `nil` where none was saved.
  ///
  /// - Throws: ``TraceError`` where it is damaged.
  public func savedState() throws(TraceError) -> [UInt8]? {
    let file = "\(path)/\(Self.stateName)"
    guard try FileSystem.kind(of: file) == .file else { return nil }
    let bytes = try FileSystem.contents(of: file)
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let state = Array(bytes.dropFirst(line.count + 1))
    guard let header = try? JSONValue(parsing: Array(line)), header["checkpoint"]?.integer == 1,
      header["bytes"]?.integer == state.count, header["hash"]?.text == ByteHash(state).text
    else { throw damagedCheckpoint("it is not what a run wrote") }
    return state
  }

  /// What to say of a checkpoint that cannot be used.
  public func damagedCheckpoint(_ reason: String) -> TraceError {
    .folder(
      path: "\(path)/\(Self.checkpointFolder)",
      reason: "the checkpoint is damaged: \(reason); delete this folder to let the run start over")
  }

  /// Whether the folder at `path` holds a checkpoint, whatever it is worth.
  public static func hasCheckpoint(_ path: String) -> Bool {
    (try? FileSystem.kind(of: "\(path)/\(stateName)")) == .file
  }

  /// Removes the checkpoint of the folder at `path`, where there is one.
  ///
  /// - Throws: ``TraceError`` where another process writes to the folder, or it cannot be changed.
  public static func removeCheckpoint(of path: String) throws(TraceError) {
    guard try FileSystem.kind(of: "\(path)/\(checkpointFolder)") == .folder else { return }
    let folder = try RunFolder(locking: path)
    try checkPlaces(path)
    try folder.removeCheckpoint()
  }

  func removeCheckpointUnlessKept() throws(TraceError) {
    guard try FileSystem.kind(of: "\(path)/\(Self.beginningName)") == .nothing else { return }
    try removeCheckpoint()
  }

  /// Removes the checkpoint, where there is one; first the state, so that it never names a file that is gone.
  func removeCheckpoint() throws(TraceError) {
    let folder = "\(path)/\(Self.checkpointFolder)"
    guard try FileSystem.kind(of: folder) == .folder else { return }
    try FileSystem.remove("\(path)/\(Self.stateName)")
    try FileSystem.remove("\(path)/\(Self.stateName).partial")
    try FileSystem.remove("\(path)/\(Self.beginningName)")
    try removeParts()
    FileSystem.removeFolderIfEmpty(folder)
  }
}
