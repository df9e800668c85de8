/// Takes the bytes of a CSV file apart, line by line (RFC 4180).
@usableFromInline
struct CSVScanner {
  /// One field of a line: its text, unquoted, and where it begins.
  @usableFromInline
  struct Field {
    @usableFromInline var text: String
    @usableFromInline var start: Int
  }

  private let file: InputFile
  private var bytes: [UInt8] = []
  private var position = 0
  private var line = 1
  private var lineStart = 0

  /// Bytes of a line at most, and of what is kept of the lines before.
  private static let longestLine = 1 << 26
  private static let mostKept = 1 << 20

  /// Opens the file, of which a line and little more is in memory at a time.
  init(path: String) throws(TraceError) {
    file = try InputFile(path: path)
    try fill()
  }

  /// Has a byte at ``position`` unless the file has ended.
  private mutating func fill() throws(TraceError) {
    guard position == bytes.count else { return }
    guard position - lineStart < Self.longestLine else {
      throw damage("the row has more than \(Self.longestLine) bytes")
    }
    try file.read(onto: &bytes)
  }

  /// Whether another line follows.
  @usableFromInline var hasLine: Bool { position < bytes.count }

  /// The fields of the next line into `fields`. Errors are told of this line until the next call.
  @usableFromInline
  mutating func nextLine(into fields: inout [Field]) throws(TraceError) {
    for byte in bytes[lineStart..<position] where byte == UInt8(ascii: "\n") { line += 1 }
    if position > Self.mostKept {
      bytes.removeSubrange(..<position)
      position = 0
    }
    lineStart = position
    fields.removeAll(keepingCapacity: true)
    while true {
      let start = position
      let text = try peek() == UInt8(ascii: "\"") ? quoted() : plain()
      fields.append(Field(text: text, start: start))
      guard let byte = try peek() else {
        throw damage(at: position, "the row is cut short; the run that wrote it was ended from outside")
      }
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") else {
        throw damage(at: position, "a comma or the line's end is expected after a quoted field")
      }
      position += 1
      if byte == UInt8(ascii: "\n") { return try fill() }
    }
  }

  /// An error in the current line, at a byte of the file or at the line's beginning.
  @usableFromInline
  func damage(at place: Int? = nil, _ reason: String) -> TraceError {
    .damaged(path: file.path, line: line, column: (place ?? lineStart) - lineStart + 1, reason: reason)
  }

  private mutating func plain() throws(TraceError) -> String {
    let start = position
    while let byte = try peek(), byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n") { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quoted() throws(TraceError) -> String {
    let start = position
    var content: [UInt8] = []
    position += 1
    while let byte = try peek() {
      position += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if try peek() == UInt8(ascii: "\"") {
        content.append(byte)
        position += 1
      } else {
        return String(decoding: content, as: UTF8.self)
      }
    }
    throw damage(at: start, "the quoted field that begins here does not end")
  }

  private mutating func peek() throws(TraceError) -> UInt8? {
    if position == bytes.count { try fill() }
    return position < bytes.count ? bytes[position] : nil
  }
}
