/// A file of a folder of results that is written from front to back in the place of the one that is there, which is left alone
/// where it has the same bytes: then nothing is written at all.
public final class ReplacedFile {
  private let path: String
  /// What is there, as far as it is the same.
  private var present: InputPieces?
  private var same = 0
  /// What takes its place.
  private var file: AtomicFile?

  /// Begins the file at `path`.
  ///
  /// - Throws: ``TraceError``.
  public init(_ path: String) throws(TraceError) {
    self.path = path
    present = try? InputPieces(path)
    if present == nil { file = try AtomicFile(path: path, origin: .folder) }
  }

  deinit { file?.discard() }

  /// Adds bytes.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ bytes: [UInt8]) throws(TraceError) {
    if let present {
      guard try present.bytes(at: same, count: bytes.count) != bytes else { return same += bytes.count }
      try differ()
    }
    try file?.append(bytes)
  }

  /// Puts the file in its place.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func finish() throws(TraceError) {
    if let present, present.size != same { try differ() }
    try file?.finish()
    file = nil
  }

  /// Begins to write, with what has been the same.
  private func differ() throws(TraceError) {
    guard let present else { return }
    let file = try AtomicFile(path: path, origin: .folder)
    self.file = file
    self.present = nil
    for place in stride(from: 0, to: same, by: 1 << 18) {
      try file.append(try present.bytes(at: place, count: min(1 << 18, same - place)))
    }
  }
}
