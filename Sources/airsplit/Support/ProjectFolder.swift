import Foundation

/// Where AirSplit's own files are.
enum ProjectFolder {
  /// The nearest folder at or above the current one in which the folder `name` is.
  ///
  /// - Throws: `CommandError` where there is none; `hint` ends its message.
  static func holding(_ name: String, hint: String = "") throws -> URL {
    let here = FileManager.default.currentDirectoryPath
    var place = URL(fileURLWithPath: here).standardizedFileURL
    var isFolder: ObjCBool = false
    while !(FileManager.default.fileExists(atPath: place.appendingPathComponent(name).path, isDirectory: &isFolder)
      && isFolder.boolValue)
    {
      guard place.path != "/" else {
        throw CommandError.badInput("there is no folder '\(name)' in \(here) or above it\(hint)")
      }
      place.deleteLastPathComponent()
    }
    return place
  }

  /// The folder of the paper's scenarios and traces; empty for the current one.
  ///
  /// - Throws: `CommandError` where there is none.
  static func ofPaper() throws -> String {
    let place = try holding("scenarios/paper", hint: "; go to AirSplit's own folder").path
    return place == FileManager.default.currentDirectoryPath ? "" : place
  }
}
