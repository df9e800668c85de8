import JSON

/// The folder `checkpoint`: `state.jsonl`, which replaces its older version in one step, and beside it the file that a
/// trainer wrote for that state. A finished run keeps it, with `run.json`, the mark of its beginning.
extension RunFolder {
  static let checkpointFolder = "checkpoint"
  static let stateName = checkpointFolder + "/state.jsonl"
  static let beginningName = checkpointFolder + "/run.json"
  private static let trainerPrefix = "trainer-"

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

  /// Begins the trainer's part of the checkpoint after `round`, to be written before the state is saved.
  ///
  /// - Returns: Its name relative to the run's folder, and the file.
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func createTrainerFile(round: Int) throws(TraceError) -> (name: String, file: OutputFile) {
    try FileSystem.createFolder("\(path)/\(Self.checkpointFolder)")
    let name = "\(Self.checkpointFolder)/\(Self.trainerPrefix)\(round)"
    return (name, try OutputFile(creating: "\(path)/\(name)"))
  }

  /// Holds a file of the checkpoint against what was written; reads it once.
  ///
  /// - Throws: ``TraceError`` where it is missing, differs, or has no name that ``createTrainerFile(round:)`` gives.
  public func check(_ mark: FileMark) throws(TraceError) {
    let prefix = "\(Self.checkpointFolder)/\(Self.trainerPrefix)"
    guard mark.file.hasPrefix(prefix), Int(mark.file.dropFirst(prefix.count)) != nil, try holds(mark) else {
      throw damagedCheckpoint("\(mark.file) is not there, or not the \(mark.bytes) bytes that were written")
    }
  }

  /// Replaces the checkpoint's state in one step and removes the files of older trainers.
  ///
  /// - Parameter trainer: The trainer's file that belongs to it.
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func saveState(_ state: [UInt8], trainer: String?) throws(TraceError) {
    try FileSystem.createFolder("\(path)/\(Self.checkpointFolder)")
    let header: JSONValue = ["checkpoint": 1, "bytes": .integer(state.count), "hash": .string(ByteHash(state).text)]
    try write(Array((header.text(.line) + "\n").utf8) + state, to: Self.stateName + ".partial")
    try FileSystem.move("\(path)/\(Self.stateName).partial", to: "\(path)/\(Self.stateName)")
    for name in try FileSystem.names(in: "\(path)/\(Self.checkpointFolder)")
    where name.hasPrefix(Self.trainerPrefix) && trainer != "\(Self.checkpointFolder)/\(name)" {
      try FileSystem.remove("\(path)/\(Self.checkpointFolder)/\(name)")
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
    for name in try FileSystem.names(in: folder) where name.hasPrefix(Self.trainerPrefix) {
      try FileSystem.remove("\(folder)/\(name)")
    }
    FileSystem.removeFolderIfEmpty(folder)
  }
}
