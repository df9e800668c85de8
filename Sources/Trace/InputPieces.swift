#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of a folder of results that is read piece by piece, wherever a piece lies.
final class InputPieces {
  /// The bytes that it had when it was opened.
  let size: Int
  private let path: String
  private let descriptor: Int32

  /// Opens the file at `path`.
  ///
  /// - Throws: ``TraceError``.
  init(_ path: String) throws(TraceError) {
    self.path = path
    (descriptor, size) = try RegularFile.open(path, O_RDONLY)
  }

  deinit { close(descriptor) }

  /// So many bytes from `place` on, fewer where the file ends before.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  func bytes(at place: Int, count: Int) throws(TraceError) -> [UInt8] {
    var reason: TraceError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let taken = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(place + filled))
        if taken < 0 && errno == EINTR { continue }
        if taken < 0 { reason = .system(path, "read") }
        guard taken > 0 else { return }
        filled += taken
      }
    }
    if let reason { throw reason }
    return bytes
  }
}
