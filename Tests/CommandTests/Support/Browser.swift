import Foundation

/// Debian's Chromium without a window, for pages that must look right in a browser.
enum Browser {
  /// What a page came to.
  struct Outcome {
    /// The page as the browser understood it.
    var document: String
    /// What the console got, a line each.
    var console: [String]
    var picture: Picture
    var pdf: Data
  }

  /// Where it is; `nil` where it is not installed.
  static let executable: String? = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Opens a file, and gives up on it after a minute.
  static func open(_ name: String, in folder: TemporaryFolder, isDark: Bool = false) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments =
      [
        "--kill-after=5", "60", executable ?? "", "--headless=new", "--no-sandbox", "--disable-gpu",
        "--hide-scrollbars",
        "--user-data-dir=\(folder.path(".browser"))", "--enable-logging=stderr", "--window-size=1100,2400",
        "--screenshot=\(folder.path("page.png"))", "--print-to-pdf=\(folder.path("page.pdf"))", "--dump-dom",
      ] + (isDark ? ["--force-dark-mode"] : []) + [folder.url.appendingPathComponent(name).absoluteString]
    process.currentDirectoryURL = folder.url
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try folder.writer("page.dom")
    process.standardError = try folder.writer("page.log")
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(log: try folder.text("page.log")) }
    return Outcome(
      document: try folder.text("page.dom"),
      console: try folder.lines("page.log").filter { $0.contains(":CONSOLE") },
      picture: try Picture(png: folder.data("page.png")), pdf: try folder.data("page.pdf"))
  }

  struct Failure: Error {
    var log: String
  }
}
