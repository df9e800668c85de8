#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: written beside its place under the name `….partial`, moved there at the end.
///
/// A pipe or a device that a person named cannot be replaced and is written to as it is; in a folder of results it is refused.
public struct AtomicFile {
  private let path: String
  /// The file as it grows, beside its place.
  public let file: OutputFile

  /// Begins the file at `path`.
  ///
  /// - Parameter origin: Who says where it is.
  /// - Throws: ``TraceError``.
  public init(path: String, origin: RegularFile.Origin = .named) throws(TraceError) {
    self.path = path
    if origin == .folder { try RegularFile.check(path) }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR {
      throw .folder(path: path, reason: "is a folder; name a file in it")
    }
    let isReplaceable = !exists || status.st_mode & S_IFMT == S_IFREG
    file = try isReplaceable ? OutputFile(creating: path + ".partial") : OutputFile(device: path)
  }

  /// Writes all of a file at once; what stood in its place before stays where that fails.
  ///
  /// - Throws: ``TraceError``.
  public static func write(
    _ bytes: [UInt8], to path: String, origin: RegularFile.Origin = .named
  ) throws(TraceError) {
    let file = try AtomicFile(path: path, origin: origin)
    do throws(TraceError) {
      try file.append(bytes)
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  /// Lets `body` write all of a file; what stood in its place before stays where that fails.
  ///
  /// - Throws: ``TraceError``, and what `body` throws.
  public static func write(
    to path: String, origin: RegularFile.Origin = .named, _ body: (OutputFile) throws -> Void
  ) throws {
    let file = try AtomicFile(path: path, origin: origin)
    do {
      try body(file.file)
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  /// Adds text.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ text: String) throws(TraceError) { try file.append(Array(text.utf8)) }

  /// Adds bytes.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(TraceError) { try file.append(bytes) }

  /// Adds bytes.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func append(_ bytes: [UInt8]) throws(TraceError) { try file.append(bytes) }

  /// Puts the file in its place.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func finish() throws(TraceError) {
    try file.synchronize()
    if file.path != path { try FileSystem.move(file.path, to: path) }
  }

  /// Gives the file up: what stood in its place before stays.
  public func discard() {
    if file.path != path { try? FileSystem.remove(file.path) }
  }
}
