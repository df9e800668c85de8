import Foundation

/// Where peers stand.
enum PeerFolder {
  /// `Benchmarks`, two folders above this file's.
  static let benchmarks = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The python of `install-peers`, or else `python3`.
  static var python: String {
    let installed = benchmarks.appendingPathComponent(".venv-peers/bin/python").path
    return FileManager.default.isExecutableFile(atPath: installed) ? installed : "python3"
  }

  /// A peer's program.
  static func script(_ name: String) -> String { benchmarks.appendingPathComponent("Peers/\(name)").path }
}
