#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock that a file stands for: one process alone, or several that share it. It ends with the last reference, or with
/// the process, however it ends.
///
/// The file stays and holds what its last owner wrote about itself. A file system without locks locks nothing.
public final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the file at `path`, which is created where it is not there; `nil` where somebody else has it.
  ///
  /// - Parameter note: What to write into the file about the owner; `nil` leaves it as it is.
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public init?(_ path: String, isShared: Bool = false, note: String? = nil) throws(TraceError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path, "create") }
    if flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      return nil
    }
    guard let note else { return }
    let bytes = Array(note.utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      let error = TraceError.system(path, "write")
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Whether somebody has the lock of the file at `path`, and what the file says about its last owner.
  public static func state(of path: String) -> (isHeld: Bool, note: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return (false, "") }
    defer { close(descriptor) }
    let isHeld = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    let bytes = (try? FileSystem.contents(of: path)) ?? []
    return (isHeld, String(decoding: bytes, as: UTF8.self))
  }
}
