import Foundation

/// A folder of files that a test writes, removed with it.
public final class Scratch {
  /// Where it is.
  public let path: String

  /// A new and empty folder.
  ///
  /// - Throws: What the file system says.
  public init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "airsplit-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders that its name has.
  ///
  /// - Returns: Its path.
  /// - Throws: What the file system says.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// What a file holds.
  ///
  /// - Throws: What the file system says.
  public func bytes(of name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: "\(path)/\(name)")))
  }
}
