import Trace
import Units

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file that is read at any place.
final class ReadableFile: Sendable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(_ path: String) throws(WeightsError) {
    func refuse(_ reason: String) -> WeightsError { WeightsError("'\(path)' \(reason)") }
    guard !path.utf8.contains(0) else { throw WeightsError("a name of a file of weights has a NUL in it") }
    // Opening a pipe or a terminal may wait for ever, so what it is comes first.
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw refuse("cannot be read: \(String(cString: strerror(errno)))") }
      throw refuse("does not exist" + Self.advice(path))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw refuse("is a folder; name a file of weights in it")
    default: throw refuse("is no regular file; save it to one first")
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw refuse("cannot be read: \(String(cString: strerror(errno)))") }
    self.path = path
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// `count` bytes from a place on.
  func bytes(_ count: Int, from place: Int) throws(WeightsError) -> [UInt8] {
    var failure: WeightsError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(WeightsError) {
        try read(
          from: place, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
        filled = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `bytes` from a place on.
  func read(from place: Int, into bytes: UnsafeMutableRawBufferPointer) throws(WeightsError) {
    var filled = 0
    while filled < bytes.count {
      let got = pread(descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled, off_t(place + filled))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        let reason = got < 0 ? String(cString: strerror(errno)) : "it ends while it is read"
        throw WeightsError("'\(path)' cannot be read: \(reason)")
      }
      filled += got
    }
  }

  /// The name of a like file in the same folder.
  private static func advice(_ path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let names = try? FileSystem.names(in: folder) else { return "; there is no folder '\(folder)'" }
    return Spelling.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
  }
}
