import Foundation

/// The project's folder, where the paper's scenarios and traces are.
enum PaperRoot {
  /// The nearest folder here or above with `scenarios/paper` in it; empty for the current one.
  ///
  /// - Throws: `CommandError` where there is none.
  static func find() throws -> String {
    let files = FileManager.default
    let here = files.currentDirectoryPath
    var place = URL(fileURLWithPath: here)
    while true {
      var isFolder: ObjCBool = false
      let path = place.appendingPathComponent("scenarios/paper").path
      if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        return place.path == here ? "" : place.path
      }
      guard place.pathComponents.count > 1 else {
        throw CommandError.badInput(
          "there is no folder 'scenarios/paper' in \(here) or above it; go to AirSplit's own folder")
      }
      place.deleteLastPathComponent()
    }
  }
}
