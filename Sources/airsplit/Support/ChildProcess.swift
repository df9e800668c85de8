import Foundation

/// A program that is run to its end, which must come soon.
enum ChildProcess {
  /// What came of it.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program `name` on PATH; `nil` where there is none.
  static func path(of name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs `path` with `arguments`; `nil` where it did not end within `seconds` and was ended.
  static func run(_ path: String, _ arguments: [String], within seconds: Double) throws -> Outcome? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    // Files, since a pipe that nobody reads would stop the program.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func stream(_ name: String) throws -> FileHandle {
      let place = folder.appendingPathComponent(name)
      try Data().write(to: place)
      return try FileHandle(forWritingTo: place)
    }
    process.standardOutput = try stream("out")
    process.standardError = try stream("err")
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    guard ended.wait(timeout: .now() + seconds) == .success else {
      kill(process.processIdentifier, SIGKILL)
      return nil
    }
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
    return Outcome(status: process.terminationStatus, output: try text("out"), errors: try text("err"))
  }
}
