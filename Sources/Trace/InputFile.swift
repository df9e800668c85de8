#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of a folder of results that is read from front to back.
final class InputFile {
  let path: String
  private let descriptor: Int32
  private static let piece = 1 << 18

  init(path: String) throws(TraceError) {
    self.path = path
    descriptor = try RegularFile.open(path, O_RDONLY).descriptor
  }

  deinit { close(descriptor) }

  /// Adds the next piece of the file to `bytes`; nothing at its end.
  func read(onto bytes: inout [UInt8]) throws(TraceError) {
    let old = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: Self.piece))
    while true {
      let count = bytes.withUnsafeMutableBytes { buffer in
        #if canImport(Glibc)
          Glibc.read(descriptor, buffer.baseAddress.map { $0 + old }, Self.piece)
        #else
          Darwin.read(descriptor, buffer.baseAddress.map { $0 + old }, Self.piece)
        #endif
      }
      if count < 0 && errno == EINTR { continue }
      bytes.removeLast(Self.piece - max(0, count))
      guard count >= 0 else { throw .system(path, "read") }
      return
    }
  }
}
