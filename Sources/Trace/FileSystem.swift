#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few operations on files and folders that a run needs, with the operating system's reason in every error.
public enum FileSystem {
  /// What stands under a path.
  public enum Kind: Sendable {
    /// Nothing.
    case nothing
    /// A file, or anything else that is no folder.
    case file
    /// A folder.
    case folder
  }

  /// What stands at `path`.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public static func kind(of path: String) throws(TraceError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return .nothing }
      throw .system(path, "open")
    }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Creates a folder and those above it that are missing.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public static func createFolder(_ path: String) throws(TraceError) {
    guard try kind(of: path) != .folder else { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try createFolder(String(path[..<slash])) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .system(path, "create the folder") }
  }

  /// The names in a folder, sorted.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public static func names(in path: String) throws(TraceError) -> [String] {
    guard let folder = opendir(path) else { throw .system(path, "open the folder") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file; one that is not there is no error.
  static func remove(_ path: String) throws(TraceError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .system(path, "remove") }
  }

  /// Removes a folder that has nothing in it.
  public static func removeFolderIfEmpty(_ path: String) { rmdir(path) }

  /// A folder's path without the slash that it may end in.
  public static func withoutSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// A path from the root of the file system.
  public static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
  }

  /// Copies a file that a person named in pieces, so that its size does not matter.
  ///
  /// - Returns: The copy.
  static func copy(_ path: String, to other: String) throws(TraceError) -> OutputFile {
    let target = try OutputFile(creating: other)
    try copy(path, into: target, origin: .named)
    try target.synchronize()
    return target
  }

  /// Appends all of a file to another.
  static func copy(_ path: String, into target: OutputFile, origin: RegularFile.Origin) throws(TraceError) {
    let source = try RegularFile.open(path, O_RDONLY, origin: origin).descriptor
    defer { close(source) }
    try eachPiece(of: source, path) { (piece) throws(TraceError) in try target.append(piece) }
  }

  static func move(_ path: String, to other: String) throws(TraceError) {
    guard rename(path, other) == 0 else { throw .system(other, "write") }
  }

  /// The bytes of a regular file.
  ///
  /// - Parameters:
  ///   - limit: Bytes of a file of this kind at most; of a longer one nothing is read.
  ///   - origin: Who says where it is.
  /// - Throws: ``TraceError``.
  public static func contents(
    of path: String, limit: Int = 1 << 32, origin: RegularFile.Origin = .folder
  ) throws(TraceError) -> [UInt8] {
    let (descriptor, size) = try RegularFile.open(path, O_RDONLY, origin: origin)
    defer { close(descriptor) }
    func checkSize(_ size: Int) throws(TraceError) {
      guard size > limit else { return }
      throw .folder(path: path, reason: "is larger than \(limit) bytes, and is not read")
    }
    try checkSize(size)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    try eachPiece(of: descriptor, path) { (piece) throws(TraceError) in
      bytes.append(contentsOf: piece)
      try checkSize(bytes.count)
    }
    return bytes
  }

  /// The hash of a file, or of its first bytes, and how many these are.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  static func hash(of path: String, first limit: Int = .max) throws(TraceError) -> (hash: String, bytes: Int) {
    let descriptor = try RegularFile.open(path, O_RDONLY).descriptor
    defer { close(descriptor) }
    var hash = ByteHash()
    var count = 0
    try eachPiece(of: descriptor, path) { piece in
      let piece = piece.prefix(limit - count)
      piece.withUnsafeBytes { hash.absorb($0) }
      count += piece.count
    }
    return (hash.text, count)
  }

  /// Hands the rest of an open file to `body`, piece by piece.
  private static func eachPiece(
    of descriptor: Int32, _ path: String, _ body: (ArraySlice<UInt8>) throws(TraceError) -> Void
  ) throws(TraceError) {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(path, "read") }
      if count == 0 { return }
      try body(chunk[..<count])
    }
  }
}
