import JSON

/// The folder `checkpoint` of an unfinished run: `state.jsonl`, which replaces its older version in one step, and beside
/// it the file that a trainer wrote for that state.
extension RunFolder {
  static let checkpointFolder = "checkpoint"
  static let stateName = checkpointFolder + "/state.jsonl"
  private static let trainerPrefix = "trainer-"

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

  /// Removes the checkpoint, where there is one; first the state, so that it never names a file that is gone.
  func removeCheckpoint() throws(TraceError) {
    let folder = "\(path)/\(Self.checkpointFolder)"
    guard try FileSystem.kind(of: folder) == .folder else { return }
    try FileSystem.remove("\(path)/\(Self.stateName)")
    try FileSystem.remove("\(path)/\(Self.stateName).partial")
    for name in try FileSystem.names(in: folder) where name.hasPrefix(Self.trainerPrefix) {
      try FileSystem.remove("\(folder)/\(name)")
    }
    FileSystem.removeFolderIfEmpty(folder)
  }
}
