import CZlib

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of a data set, read from the front: packed with gzip or not.
struct DataFile: ~Copyable {
  let path: String
  private let advice: String
  private let handle: gzFile

  /// Opens the file at `path`; `advice` ends the message where there is none.
  ///
  /// - Throws: ``DatasetError``.
  init(_ path: String, advice: String) throws(DatasetError) {
    self.path = path
    self.advice = advice
    // Opening a pipe or a terminal may wait for ever, so what it is comes first.
    switch Self.kind(of: path) {
    case .file: break
    case .nothing: throw DatasetError("there is no file '\(path)'; \(advice)")
    case .folder: throw DatasetError("'\(path)' is a folder, and should be a file of the data set; \(advice)")
    case .other: throw DatasetError("'\(path)' is no regular file; \(advice)")
    }
    guard let handle = gzopen(path, "rb") else {
      throw DatasetError("cannot read '\(path)': \(String(cString: strerror(errno)))")
    }
    gzbuffer(handle, 1 << 17)
    self.handle = handle
  }

  deinit { gzclose(handle) }

  /// What stands at a path.
  enum Kind { case nothing, file, folder, other }

  static func kind(of path: String) -> Kind {
    guard !path.utf8.contains(0) else { return .nothing }
    var status = stat()
    guard stat(path, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Bytes of the regular file at `path`.
  ///
  /// - Throws: ``DatasetError``.
  static func size(of path: String, advice: String) throws(DatasetError) -> Int {
    var status = stat()
    guard kind(of: path) == .file, stat(path, &status) == 0 else {
      throw DatasetError("there is no file '\(path)'; \(advice)")
    }
    return Int(status.st_size)
  }

  /// The next `count` bytes; `what` names them where the file has fewer.
  ///
  /// - Throws: ``DatasetError``.
  func read(_ count: Int, _ what: String) throws(DatasetError) -> [UInt8] {
    var error: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let part = UInt32(min(count - filled, 1 << 28))
        let got = gzread(handle, buffer.baseAddress.map { $0 + filled }, part)
        if got <= 0 {
          error = shortage(what)
          filled = 0
          return
        }
        filled += Int(got)
      }
    }
    if let error { throw error }
    return bytes
  }

  /// All bytes that are left, at most `limit`.
  ///
  /// - Throws: ``DatasetError``.
  func readAll(limit: Int) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let got = Int(gzread(handle, &buffer, UInt32(buffer.count)))
      var code: Int32 = 0
      _ = gzerror(handle, &code)
      if got < 0 || code < Z_OK { throw shortage("its end") }
      if got == 0 { return bytes }
      bytes += buffer[..<got]
      guard bytes.count <= limit else {
        throw DatasetError("'\(path)' has more than \(limit) bytes, too many for a file of a data set")
      }
    }
  }

  /// Passes over `count` bytes.
  ///
  /// - Throws: ``DatasetError``.
  func skip(_ count: Int, _ what: String) throws(DatasetError) {
    guard count > 0 else { return }
    // A seek goes beyond the end without a word; the read that follows finds out.
    guard gzseek(handle, count, SEEK_CUR) >= 0 else { throw shortage(what) }
  }

  /// Makes sure that nothing follows.
  ///
  /// - Throws: ``DatasetError``.
  func expectEnd() throws(DatasetError) {
    var byte: UInt8 = 0
    let got = gzread(handle, &byte, 1)
    var code: Int32 = 0
    _ = gzerror(handle, &code)
    if got < 0 || code < Z_OK { throw shortage("its end") }
    if got > 0 { throw DatasetError("'\(path)' goes on after what its header announces; \(advice)") }
  }

  /// A mistake in what the file says.
  func damage(_ reason: String) -> DatasetError { DatasetError("'\(path)' \(reason); \(advice)") }

  private func shortage(_ what: String) -> DatasetError {
    var code: Int32 = 0
    _ = gzerror(handle, &code)
    if code == Z_DATA_ERROR { return damage("is damaged: gzip finds wrong data before \(what)") }
    if code == Z_BUF_ERROR { return damage("is cut off: it ends within its packed data, before \(what)") }
    if code == Z_ERRNO { return DatasetError("cannot read '\(path)': \(String(cString: strerror(errno)))") }
    return damage("is cut off: it ends before \(what)")
  }
}
