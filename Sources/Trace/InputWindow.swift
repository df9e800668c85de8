/// A file that is read here and there: a window of it is held, which grows where it is read from front to back.
public final class InputWindow {
  private let file: InputPieces
  private var window: [UInt8] = []
  /// Where the window begins in the file.
  private var start = 0
  /// How much is read at once next.
  private var step = least

  private static let (least, most) = (1 << 12, 1 << 18)

  /// Opens a file of a folder of results.
  ///
  /// - Throws: ``TraceError``.
  public init(_ path: String) throws(TraceError) {
    file = try InputPieces(path)
  }

  /// The line that begins at `offset`, without its end; `nil` where no end follows.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func line(at offset: Int) throws(TraceError) -> ArraySlice<UInt8>? {
    if offset < start || offset > start + window.count {
      (start, window, step) = (offset, [], Self.least)
    }
    var searched = offset - start
    while true {
      if let end = window[searched...].firstIndex(of: UInt8(ascii: "\n")) { return window[(offset - start)..<end] }
      searched = window.count
      // What lies before the line goes; a line that does not end within the window makes it longer.
      if offset > start {
        window.removeFirst(offset - start)
        searched -= offset - start
        start = offset
      }
      guard try read(step) else { return nil }
      step = min(Self.most, 4 * step)
    }
  }

  /// Adds bytes behind the window; whether there were any.
  private func read(_ count: Int) throws(TraceError) -> Bool {
    let bytes = try file.bytes(at: start + window.count, count: count)
    window += bytes
    return !bytes.isEmpty
  }
}
