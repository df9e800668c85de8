import Foundation

/// Scenarios by name: `quickstart` is `scenarios/quickstart.yaml` of the nearest folder `scenarios`, here or above, or of those
/// that a package installed with the program.
enum ShippedScenarios {
  /// The folder in which the nearest `scenarios` is.
  ///
  /// - Throws: `CommandError` where there is none.
  static func folder() throws -> URL {
    do {
      return try ProjectFolder.holding("scenarios")
    } catch {
      guard let installed else { throw error }
      return installed
    }
  }

  /// The file that `path` means: itself, or else the shipped scenario of that name.
  static func file(_ path: String) -> String {
    let files = FileManager.default
    guard !path.isEmpty, !path.contains("/"), !files.fileExists(atPath: path), let folder = try? folder() else {
      return path
    }
    let place = folder.appendingPathComponent("scenarios/" + (path.hasSuffix(".yaml") ? path : path + ".yaml")).path
    return files.fileExists(atPath: place) ? place : path
  }

  /// `share/airsplit` below the prefix of the program, if it was installed.
  private static let installed: URL? = {
    guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return nil }
    let share = program.deletingLastPathComponent().appendingPathComponent("../share/airsplit").standardizedFileURL
    return FileManager.default.fileExists(atPath: share.appendingPathComponent("scenarios").path) ? share : nil
  }()
}
