/// Takes the bytes of a CSV file apart, line by line (RFC 4180).
@usableFromInline
struct CSVScanner {
  /// One field of a line: its text, unquoted, and where it begins.
  @usableFromInline
  struct Field {
    @usableFromInline var text: String
    @usableFromInline var start: Int
  }

  private let path: String
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0

  /// Reads the whole file.
  init(path: String) throws(TraceError) {
    self.path = path
    bytes = try FileSystem.contents(of: path)
  }

  /// Whether another line follows.
  @usableFromInline var hasLine: Bool { position < bytes.count }

  /// The fields of the next line into `fields`. Errors are told of this line until the next call.
  @usableFromInline
  mutating func nextLine(into fields: inout [Field]) throws(TraceError) {
    for byte in bytes[lineStart..<position] where byte == UInt8(ascii: "\n") { line += 1 }
    lineStart = position
    fields.removeAll(keepingCapacity: true)
    while true {
      let start = position
      let text = peek == UInt8(ascii: "\"") ? try quoted() : plain()
      fields.append(Field(text: text, start: start))
      guard let byte = peek else {
        throw damage(at: position, "the row is cut short; the run that wrote it was ended from outside")
      }
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") else {
        throw damage(at: position, "a comma or the line's end is expected after a quoted field")
      }
      position += 1
      if byte == UInt8(ascii: "\n") { return }
    }
  }

  /// An error in the current line, at a byte of the file or at the line's beginning.
  @usableFromInline
  func damage(at place: Int? = nil, _ reason: String) -> TraceError {
    .damaged(path: path, line: line, column: (place ?? lineStart) - lineStart + 1, reason: reason)
  }

  private mutating func plain() -> String {
    let start = position
    while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n") { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quoted() throws(TraceError) -> String {
    let start = position
    var content: [UInt8] = []
    position += 1
    while let byte = peek {
      position += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if peek == UInt8(ascii: "\"") {
        content.append(byte)
        position += 1
      } else {
        return String(decoding: content, as: UTF8.self)
      }
    }
    throw damage(at: start, "the quoted field that begins here does not end")
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
}
