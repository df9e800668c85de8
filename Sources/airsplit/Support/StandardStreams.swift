#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output for data, standard error for everything else.
enum StandardStreams {
  /// Why standard output took no more.
  enum WriteError: Error, CustomStringConvertible {
    /// The reader has what it wants, as in `airsplit … | head`.
    case closedByReader
    /// The operating system's reason.
    case system(Int32)

    var description: String {
      switch self {
      case .closedByReader: "standard output was closed"
      case .system(let code): "cannot write to standard output: \(String(cString: strerror(code)))"
      }
    }
  }

  /// Makes writing to a closed pipe, and beyond the size that a file may have, an error instead of a signal, and keeps
  /// files that are opened later from standing in for a stream that the caller closed.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all of `text` to standard output.
  ///
  /// - Throws: ``WriteError``.
  static func write(_ text: String) throws {
    guard write(Array(text.utf8), to: STDOUT_FILENO) else {
      throw errno == EPIPE ? WriteError.closedByReader : .system(errno)
    }
  }

  /// Writes a line to standard error; one that cannot be written is lost.
  static func note(_ line: String) { noteText(line + "\n") }

  /// Writes `text` to standard error as it is.
  static func noteText(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

  /// Whether somebody watches standard error.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether all bytes were written; `errno` says why not.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        #else
          Darwin.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
