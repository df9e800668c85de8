import Foundation
import TestSupport
import Testing

/// The built executable, run as a user runs it.
enum Tool {
  /// What came of one run of it.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The `airsplit` that the environment's `AIRSPLIT_EXECUTABLE` names, as CI does with what users have, a release build;
  /// without it ``built``.
  static let executable =
    ProcessInfo.processInfo.environment["AIRSPLIT_EXECUTABLE"].map { URL(fileURLWithPath: $0) } ?? built

  /// `airsplit` beside the test bundle: a debug build, slow enough to be interrupted in the middle of little work.
  static let built: URL = {
    let bundles = [CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
    let places = bundles.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
    let found = places.map { $0.appendingPathComponent("airsplit") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    return found ?? URL(fileURLWithPath: "/nonexistent/airsplit")
  }()

  /// Runs `airsplit` with `arguments` in `folder` to its end.
  static func run(_ arguments: String..., in folder: TemporaryFolder) throws -> Outcome {
    try run(arguments, in: folder)
  }

  /// Runs `airsplit` with `arguments` in `folder` to its end; standard output goes to `output` where one is given.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, output: FileHandle? = nil, environment: [String: String] = [:],
    program: URL = executable
  ) throws -> Outcome {
    let process = try start(arguments, in: folder, output: output, environment: environment, program: program)
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try process.text("out", folder),
      errors: try process.text("err", folder))
  }

  /// Runs a line of shell in which "$0" is `airsplit` to its end.
  static func shell(_ line: String, in folder: TemporaryFolder) throws -> Outcome {
    let process = try start(
      ["-c", line, executable.path], in: folder, program: URL(fileURLWithPath: "/bin/sh"))
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try process.text("out", folder),
      errors: try process.text("err", folder))
  }

  /// Starts `airsplit`; both streams go to files of the folder, which never fill up as pipes do.
  static func start(
    _ arguments: [String], in folder: TemporaryFolder, output: FileHandle? = nil, environment: [String: String] = [:],
    program: URL = executable
  ) throws -> Process {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try output ?? folder.writer(".out")
    process.standardError = try folder.writer(".err")
    try process.run()
    return process
  }

  /// Kills a process once it has come as far as `random` says, by what it has written and not by the clock: on a busy
  /// machine as on a quiet one it is anywhere from its start to after its end.
  ///
  /// - Parameters:
  ///   - whole: How many rounds there are to write.
  ///   - written: How many of them are written.
  static func kill(_ process: Process, using random: inout SplitMix, of whole: Int, once written: () -> Int) {
    let begun = min(written(), whole)
    let due = begun + Int(random.next() % UInt64(whole + 1 - begun))
    while process.isRunning, written() < due { usleep(2000) }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

extension Process {
  fileprivate func text(_ stream: String, _ folder: TemporaryFolder) throws -> String {
    FileManager.default.fileExists(atPath: folder.path(".\(stream)")) ? try folder.text(".\(stream)") : ""
  }
}

/// A folder that goes when its test ends.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func data(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }

  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  func lines(_ name: String) throws -> [String] {
    try text(name).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  func write(_ text: String, to name: String) throws {
    let place = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: place)
  }

  func append(_ text: String, to name: String) throws {
    try (data(name) + Data(text.utf8)).write(to: url.appendingPathComponent(name))
  }

  /// How many rounds a run has written; none where it has not begun.
  func rounds(_ run: String) -> Int {
    let bytes = FileManager.default.contents(atPath: path("\(run)/timing.csv")) ?? Data()
    return max(0, bytes.count { $0 == UInt8(ascii: "\n") } - 1)
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  /// The files in a folder and in those inside it, by their paths from there.
  func files(_ name: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(name)).sorted().filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path("\(name)/\($0)"), isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  func writer(_ name: String) throws -> FileHandle {
    try write("", to: name)
    return try FileHandle(forWritingTo: url.appendingPathComponent(name))
  }
}

/// A JSON object in a text.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}
