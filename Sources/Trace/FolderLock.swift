#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The right of one process to write to a folder; it ends with the last reference, or with the process, however it ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Seconds to wait for a process that is just ending.
  private static let patience = 3

  /// Locks the folder at `path`.
  ///
  /// - Throws: ``TraceError`` where another process has it, or the folder cannot be opened.
  init(_ path: String) throws(TraceError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard descriptor >= 0 else { throw .system(path, "open") }
    for _ in 0..<Self.patience * 20 {
      // A file system without locks answers with another error and goes without.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return }
      usleep(50_000)
    }
    throw .folder(path: path, reason: "another airsplit is writing to it; wait for its end, or name another folder")
  }

  deinit { close(descriptor) }
}
