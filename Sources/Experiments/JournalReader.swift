import Trace

/// Reads lines of journals by their places. For one thread.
final class JournalReader {
  private let paths: [String]
  private var file: (journal: Int, file: InputWindow)?

  init(_ paths: [String]) { self.paths = paths }

  /// The line at a place.
  ///
  /// - Throws: `TraceError` where it is not there any more.
  func line(at place: JournalPlace) throws(TraceError) -> JournalLine {
    if file?.journal != place.journal { file = (place.journal, try InputWindow(paths[place.journal])) }
    guard let bytes = try file?.file.line(at: place.offset), var line = JournalLine(bytes) else {
      throw .folder(path: paths[place.journal], reason: "has been changed while it was read; try again")
    }
    // A slice of the window would have the next line copy it.
    line.content = Array(line.content)[...]
    return line
  }

  /// Hands over every line of a journal that has an end, with its place in the file.
  ///
  /// - Throws: `TraceError`.
  static func eachLine(of path: String, _ body: (Int, ArraySlice<UInt8>) -> Void) throws(TraceError) {
    let file = try InputWindow(path)
    var offset = 0
    while let line = try file.line(at: offset) {
      body(offset, line)
      offset += line.count + 1
    }
  }
}
