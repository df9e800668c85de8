#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock that a file or a folder stands for: one process alone, or several that share it. It ends with the last reference,
/// or with the process, however it ends.
///
/// A file stays and holds what its last owner wrote about itself. A file system without locks locks nothing.
public final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the file at `path`, which is created where it is not there; `nil` where somebody else has it.
  ///
  /// - Parameters:
  ///   - note: What to write into the file about the owner; `nil` leaves it as it is.
  ///   - patience: Seconds to wait for somebody else.
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public init?(
    _ path: String, isShared: Bool = false, note: String? = nil, patience: Int = 0
  ) throws(TraceError) {
    descriptor = try RegularFile.open(path, O_RDWR | O_CREAT).descriptor
    guard Self.lock(descriptor, isShared ? LOCK_SH : LOCK_EX, patience: patience) else { return nil }
    guard let note else { return }
    let bytes = Array(note.utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw .system(path, "write")
    }
  }

  /// Takes the lock of the folder at `path`; `nil` where another process has it and keeps it for `patience` seconds.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  init?(folder path: String, patience: Int) throws(TraceError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard descriptor >= 0 else { throw .system(path, "open") }
    guard Self.lock(descriptor, LOCK_EX, patience: patience) else { return nil }
  }

  // It runs where an initializer fails, too.
  deinit { close(descriptor) }

  /// Whether the lock is had, asked for twenty times a second.
  private static func lock(_ descriptor: Int32, _ operation: Int32, patience: Int) -> Bool {
    for attempt in 0...(20 * patience) {
      if attempt > 0 { usleep(50_000) }
      // A file system without locks answers with another error and goes without.
      if flock(descriptor, operation | LOCK_NB) == 0 || errno != EWOULDBLOCK { return true }
    }
    return false
  }

  /// Whether somebody has the lock of the file at `path`, and what the file says about its last owner.
  public static func state(of path: String) -> (isHeld: Bool, note: String) {
    guard let descriptor = try? RegularFile.open(path, O_RDONLY).descriptor else { return (false, "") }
    defer { close(descriptor) }
    let isHeld = !lock(descriptor, LOCK_EX, patience: 0)
    let bytes = (try? FileSystem.contents(of: path, limit: 1 << 16)) ?? []
    return (isHeld, String(decoding: bytes, as: UTF8.self))
  }
}
