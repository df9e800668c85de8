#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows: opened empty, appended to, closed when let go of.
final class OutputFile {
  let path: String
  private let descriptor: Int32

  /// Creates the file, or empties it.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  init(creating path: String) throws(TraceError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path, "create") }
  }

  deinit { close(descriptor) }

  /// Hands all bytes to the operating system: a killed process keeps them.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  func append(_ bytes: [UInt8]) throws(TraceError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system(path, "write") }
      written += count
    }
  }

  /// Waits until the bytes are on the disk.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  func synchronize() throws(TraceError) {
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
