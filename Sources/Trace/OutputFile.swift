#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows: opened, appended to, closed when let go of.
public final class OutputFile {
  /// Where it is.
  public let path: String
  /// The bytes that it has.
  public private(set) var length = 0
  /// Of all that it has.
  private var hash = ByteHash()
  /// What always stands after them, neither counted nor hashed, so that the file is whole between any two of our writes.
  private let ending: [UInt8]
  private let descriptor: Int32

  /// Creates the file, or empties it.
  ///
  /// - Parameter ending: What is to stand at its end at all times.
  /// - Throws: ``TraceError``; for everything that is no regular file, too.
  public init(creating path: String, ending: [UInt8] = []) throws(TraceError) {
    self.path = path
    self.ending = ending
    descriptor = try RegularFile.open(path, O_WRONLY | O_CREAT | O_TRUNC).descriptor
  }

  /// Opens the pipe or device at `path`, which a person named.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  init(device path: String) throws(TraceError) {
    self.path = path
    ending = []
    descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "open") }
  }

  /// Goes on with a file that begins with `beginning`, the run's `contents`, after the bytes that `mark` counts; what
  /// stands behind them is cut off.
  ///
  /// - Throws: ``TraceError`` where the file is shorter, is another one or was changed.
  init(
    resuming path: String, beginning: [UInt8], contents: String, mark: FileMark, ending: [UInt8] = []
  ) throws(TraceError) {
    self.path = path
    self.ending = ending
    let size: Int
    do {
      (descriptor, size) = try RegularFile.open(path, O_RDWR)
    } catch {
      throw .folder(path: path, reason: "cannot be gone on with: \(error)")
    }
    guard mark.bytes >= beginning.count, size >= mark.bytes else {
      throw .folder(
        path: path,
        reason: "has \(size) bytes, but the run had written \(mark.bytes): it was cut off or replaced")
    }
    guard try begins(with: beginning) else {
      throw .folder(path: path, reason: "does not begin with the run's \(contents): it was replaced")
    }
    guard try read(mark.bytes), hash.text == mark.hash else {
      throw .folder(
        path: path, reason: "is not what the run had written: it was changed, or its disk is failing; begin a new run")
    }
    guard ftruncate(descriptor, off_t(mark.bytes)) == 0, lseek(descriptor, off_t(mark.bytes), SEEK_SET) >= 0 else {
      throw .system(path, "write")
    }
    length = mark.bytes
    try append([])
  }

  /// Takes the hash of the first bytes; whether there are so many.
  private func read(_ count: Int) throws(TraceError) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var place = 0
    while place < count {
      let taken = chunk.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, min($0.count, count - place), off_t(place))
      }
      if taken < 0 && errno == EINTR { continue }
      guard taken >= 0 else { throw .system(path, "read") }
      if taken == 0 { return false }
      chunk.withUnsafeBytes { hash.absorb(UnsafeRawBufferPointer(rebasing: $0[..<taken])) }
      place += taken
    }
    return true
  }

  deinit { close(descriptor) }

  /// All that it has so far, in a run's folder where it is called `name`.
  public func mark(named name: String) -> FileMark { FileMark(file: name, bytes: length, hash: hash.text) }

  /// Whether the file begins with `bytes`.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  func begins(with bytes: [UInt8]) throws(TraceError) -> Bool {
    var found = [UInt8](repeating: 0, count: bytes.count)
    let count = pread(descriptor, &found, found.count, 0)
    guard count >= 0 else { throw .system(path, "read") }
    return count == bytes.count && found == bytes
  }

  /// Hands all bytes to the operating system: a killed process keeps them.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(TraceError) {
    guard put(bytes) else { throw .system(path, "write") }
  }

  /// Hands all bytes to the operating system: a killed process keeps them.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  func append(_ bytes: ArraySlice<UInt8>) throws(TraceError) {
    guard bytes.withUnsafeBytes(put) else { throw .system(path, "write") }
  }

  /// Hands all bytes to the operating system: a killed process keeps them.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ bytes: [UInt8]) throws(TraceError) { try append(bytes[...]) }

  /// Writes all bytes and the ending, in one piece; whether the file took them, else the reason is in `errno`.
  private func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard !ending.isEmpty else { return write(bytes, counting: bytes.count) }
    let whole = Array(bytes) + ending
    return whole.withUnsafeBytes { write($0, counting: bytes.count) }
      && lseek(descriptor, off_t(length), SEEK_SET) >= 0
  }

  /// Writes all bytes, of which the first `own` count; whether the file took them.
  private func write(_ bytes: UnsafeRawBufferPointer, counting own: Int) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = systemWrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      let counted = min(written + count, own) - min(written, own)
      hash.absorb(UnsafeRawBufferPointer(rebasing: bytes[min(written, own)..<min(written, own) + counted]))
      written += count
      length += counted
    }
    return true
  }

  /// Waits until the bytes are on the disk.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func synchronize() throws(TraceError) {
    // Pipes and devices have nothing to synchronise and answer EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw .system(path, "write") }
  }
}

extension TraceError {
  /// The error that the operating system reports in `errno`.
  static func system(_ path: String, _ action: String) -> TraceError {
    .file(path: path, action: action, reason: String(cString: strerror(errno)))
  }
}

/// The system's `write`, by a name that no method here takes.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
