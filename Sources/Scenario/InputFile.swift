import Foundation
import Units

/// Reads files that a user named: regular ones, up to a size.
enum InputFile {
  /// The bytes of the file at `path`.
  ///
  /// - Parameters:
  ///   - limit: Bytes allowed; a larger file is not read.
  ///   - kind: What the file should be, `"a scenario"`.
  ///   - position: Where the path stands, if not in the command.
  /// - Throws: ``ScenarioErrors``.
  static func bytes(
    _ path: String, limit: Int, kind: String, from position: Diagnostic.Position? = nil
  ) throws -> [UInt8] {
    func refuse(_ message: String) -> ScenarioErrors { refusal(path, message, position) }
    let (descriptor, size) = try open(path, kind: kind, from: position)
    defer { close(descriptor) }
    guard size <= limit else { throw refuse("has \(size) bytes; \(kind) has at most \(limit)") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw refuse("cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw refuse("has more than \(limit) bytes, too many for \(kind)") }
    }
  }

  /// Makes sure that there is a regular file at `path` that can be read, without reading it.
  ///
  /// - Throws: ``ScenarioErrors``.
  static func check(_ path: String, kind: String, from position: Diagnostic.Position) throws {
    close(try open(path, kind: kind, from: position).descriptor)
  }

  /// Opens the regular file at `path`.
  static func open(
    _ path: String, kind: String, from position: Diagnostic.Position?
  ) throws -> (descriptor: Int32, size: Int) {
    func refuse(_ message: String) -> ScenarioErrors { refusal(path, message, position) }
    guard !path.utf8.contains(0) else { throw refuse("has a NUL in its name") }
    // Opening a pipe or a terminal may wait for ever, so what it is comes first.
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw refuse(
        errno == ENOENT ? "does not exist\(advice(path))" : "cannot be read: \(String(cString: strerror(errno)))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw refuse("is a folder; name \(kind) in it")
    default: throw refuse("is not a regular file; save it to one first")
    }
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw refuse("cannot be read: \(String(cString: strerror(errno)))") }
    return (descriptor, Int(status.st_size))
  }

  static func refusal(
    _ path: String, _ message: String, _ position: Diagnostic.Position?
  ) -> ScenarioErrors {
    ScenarioErrors(
      at: position ?? Diagnostic.Position(path),
      position == nil ? "the file \(message)" : "the file '\(ShownText.shortened(path, to: 300))' \(message)")
  }

  /// The name of a like file in the same folder.
  private static func advice(_ path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
    return NearestName.advice(url.lastPathComponent, among: names.sorted())
  }
}
