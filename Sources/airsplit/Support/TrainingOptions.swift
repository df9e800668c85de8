import ArgumentParser
import Foundation

/// The option `--threads` of the commands that train or evaluate.
struct Threads: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads that train; no result depends on it. (default: one per core)", valueName: "n"))
  var threads: Int?

  static let most = 1024

  /// As many as were asked for, or one per core.
  var count: Int { threads ?? Self.perCore }

  /// One a core.
  static var perCore: Int { min(max(1, ProcessInfo.processInfo.activeProcessorCount), most) }

  func validate() throws {
    guard let threads, !(1...Self.most).contains(threads) else { return }
    throw ValidationError("--threads is \(threads); it may be from 1 to \(Self.most)")
  }
}

/// A file that a command writes when all its work is done.
enum ResultFile {
  /// The path `option` gives, from the root of the file system; refused before the work where nothing could be written.
  static func path(_ path: String, option: String) throws -> String {
    func refuse(_ reason: String) -> CommandError { .badInput("\(option) '\(path)': \(reason)") }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw refuse("is no file name") }
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
      isFolder.boolValue || path.hasSuffix("/")
    {
      throw refuse("is a folder; name a file in it")
    }
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw refuse("there is no folder '\(folder)'; make it first")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else { throw refuse("'\(folder)' cannot be written to") }
    return url.path
  }
}
