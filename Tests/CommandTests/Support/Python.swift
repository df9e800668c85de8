import Foundation

/// The Python that external policies and trainers are written in.
enum Python {
  /// Whether there is one.
  static let isHere = isProgram("python3")

  /// The folder of the helpers that come with AirSplit.
  static let helpers = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../../tools/python").standardizedFileURL.path

  /// A Python with PyTorch and timm: the variable `AIRSPLIT_TORCH_PYTHON` names one, or the one on PATH has them; `nil`
  /// where there is none.
  static let withTorch: String? = [ProcessInfo.processInfo.environment["AIRSPLIT_TORCH_PYTHON"], "python3"]
    .compactMap(\.self).first { has("torch", "timm", python: $0) }

  /// Whether a Python can find these modules.
  static func has(_ modules: String..., python: String = "python3") -> Bool {
    let probe = Process()
    probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let names = modules.map { "'\($0)'" }.joined(separator: ",")
    probe.arguments = [
      python, "-c", "import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in [\(names)]))",
    ]
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return false }
    probe.waitUntilExit()
    return probe.terminationStatus == 0
  }

  private static func isProgram(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }
}
