#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one way in which files are opened: regular ones only, since reading a device may never end and a pipe may never
/// answer.
public enum RegularFile {
  /// Who says where a file is.
  public enum Origin: Sendable {
    /// The person who typed the command: links are followed.
    case named
    /// A folder of results, which may be a stranger's: links lead out of it and are refused.
    case folder
  }

  /// Opens the file at `path` with flags of `open(2)`.
  ///
  /// What stands there is looked at before it is opened, since opening alone can do something to a device.
  ///
  /// - Returns: Its descriptor, to be closed by the caller, and its bytes.
  /// - Throws: ``TraceError``.
  static func open(
    _ path: String, _ flags: Int32, origin: Origin = .folder
  ) throws(TraceError) -> (descriptor: Int32, size: Int) {
    let action = flags & O_CREAT == 0 ? "open" : "create"
    if let reason = refusal(of: path, origin: origin) { throw .folder(path: path, reason: reason) }
    let extra = O_CLOEXEC | O_NONBLOCK | (origin == .folder ? O_NOFOLLOW : 0)
    #if canImport(Glibc)
      let descriptor = Glibc.open(path, flags | extra, 0o644)
    #else
      let descriptor = Darwin.open(path, flags | extra, 0o644)
    #endif
    guard descriptor >= 0 else { throw .system(path, action) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .folder(path: path, reason: "is no regular file")
    }
    return (descriptor, Int(status.st_size))
  }

  /// Makes sure that a folder of results holds nothing but regular files and folders where its own are expected.
  ///
  /// - Throws: ``TraceError/folder(path:reason:)`` that names the first that is something else.
  public static func check(folder: String, files: [String], folders: [String]) throws(TraceError) {
    for name in folders { try check("\(folder)/\(name)", S_IFDIR, "folder") }
    for name in files { try check("\(folder)/\(name)") }
  }

  /// Makes sure that a regular file, or nothing, stands at a place of a folder of results.
  ///
  /// - Throws: ``TraceError/folder(path:reason:)``.
  static func check(_ path: String, _ type: mode_t = S_IFREG, _ kind: String = "regular file") throws(TraceError) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT != type else { return }
    throw .folder(path: path, reason: words(status) + ", where a \(kind) is expected")
  }

  /// Why what stands at `path` is not opened; `nil` for a regular file or nothing.
  private static func refusal(of path: String, origin: Origin) -> String? {
    var status = stat()
    guard (origin == .folder ? lstat(path, &status) : stat(path, &status)) == 0,
      status.st_mode & S_IFMT != S_IFREG
    else { return nil }
    return words(status)
  }

  private static func words(_ status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFLNK: "is a link, and links in a folder of results are not followed; put a copy of the file there"
    case S_IFDIR: "is a folder"
    case S_IFIFO: "is a pipe"
    case S_IFSOCK: "is a socket"
    case S_IFREG: "is a file"
    default: "is a device"
    }
  }
}
