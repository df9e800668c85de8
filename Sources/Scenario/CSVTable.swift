#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of a CSV file: commas between fields, the first line names the columns. The file is read once, and only a part of it
/// is held at a time. Fields are places in that part; their text is made where somebody asks for it, before the next row is read.
struct CSVTable {
  /// A field: where it stands, without the blanks and quotes around it.
  struct Field {
    /// Its line, from 1.
    let line: Int
    /// Its place in the line, from 1.
    let column: Int
    /// Its bytes.
    let range: Range<Int>
  }

  /// The columns' names, as they stand.
  private(set) var header: [Field]
  /// The file, for positions.
  let file: String
  private var bytes: [UInt8]
  private var index = 0
  private var line = 0
  /// Where the bytes after these come from; `nil` where these are the last.
  private var source: InputFile.Reader?
  private let longestLine: Int

  /// A table over the bytes of `file`, and over those that `source` still has.
  ///
  /// - Throws: ``ScenarioErrors`` where there is no header, or one without commas.
  init(
    _ bytes: [UInt8], file: String, source: InputFile.Reader? = nil, longestLine: Int = Self.longestLine
  ) throws {
    (self.bytes, self.file, self.source, self.longestLine) = (bytes, file, source, longestLine)
    header = []
    try read()
    if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    var fields: [Field] = []
    guard try next(&fields) else {
      throw ScenarioErrors(
        at: Diagnostic.Position(file, line: 1, column: 1), "the file is empty; its first line names columns")
    }
    header = fields
    try refuseOtherSeparators()
  }

  /// Bytes of a line at most.
  static let longestLine = 1 << 20

  /// Reads on where less than the longest line is left, so that every line that may be is held as a whole.
  private mutating func read() throws {
    guard let source, bytes.count - index <= longestLine else { return }
    bytes.removeSubrange(..<index)
    index = 0
    while bytes.count <= 4 * longestLine {
      let more = try source.next()
      guard !more.isEmpty else {
        self.source = nil
        return
      }
      bytes += more
    }
  }

  /// Whether the line that begins here is too long for one of a table.
  private var isLong: Bool {
    guard bytes.count - index > longestLine else { return false }
    return bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { memchr($0 + index, 0x0A, longestLine + 1) == nil } ?? false
    }
  }

  private func refuseOtherSeparators() throws {
    guard header.count == 1, let only = header.first else { return }
    let names = [(";", "';'"), ("\t", "tabs"), ("|", "'|'")]
    guard let (_, name) = names.first(where: { text(only).contains($0.0) }) else { return }
    throw ScenarioErrors(
      at: position(only),
      "the columns are separated by \(name), not by commas; write commas, and points in numbers (pandas: "
        + "pd.read_csv(path, sep=None, engine=\"python\", decimal=\",\").to_csv(path, index=False))")
  }

  /// The text of a field.
  func text(_ field: Field) -> String {
    let text = String(decoding: bytes[field.range], as: UTF8.self)
    return text.contains("\"\"") ? text.replacing("\"\"", with: "\"") : text
  }

  /// The number in a field; `nil` where there is none. What is not finite is a number here.
  func number(_ field: Field) -> Double? {
    shortDecimal(field.range) ?? Double(String(decoding: bytes[field.range], as: UTF8.self))
  }

  /// A decimal without exponent of at most 15 digits, which is m / 10^k with both exact, so that the one division rounds
  /// right; `nil` for any other text.
  private func shortDecimal(_ range: Range<Int>) -> Double? {
    guard range.count <= 17 else { return nil }
    return bytes.withUnsafeBufferPointer { bytes in
      var place = range.lowerBound
      let isNegative = place < range.upperBound && bytes[place] == UInt8(ascii: "-")
      if isNegative { place += 1 }
      var (digits, count, fraction) = (0, 0, 0)
      var hasPoint = false
      while place < range.upperBound {
        let byte = bytes[place]
        if byte &- UInt8(ascii: "0") < 10 {
          digits = 10 * digits + Int(byte &- UInt8(ascii: "0"))
          count += 1
          if hasPoint { fraction += 1 }
        } else if byte == UInt8(ascii: "."), !hasPoint, count > 0 {
          hasPoint = true
        } else {
          return nil
        }
        place += 1
      }
      guard count > 0, count <= 15, !hasPoint || fraction > 0 else { return nil }
      let value = Double(digits) / Self.powers[fraction]
      return isNegative ? -value : value
    }
  }

  /// 10^0 to 10^15, exact.
  private static let powers: [Double] = (0..<15).reduce(into: [1]) { powers, index in powers.append(powers[index] * 10)
  }

  /// The place of a field.
  func position(_ field: Field) -> Diagnostic.Position {
    Diagnostic.Position(file, line: field.line, column: field.column)
  }

  /// Reads the next row that is not blank; `false` at the end.
  ///
  /// - Throws: ``ScenarioErrors`` where the file cannot be read, and for a line of more than ``longestLine`` bytes, which is none of
  ///   a table.
  mutating func next(_ fields: inout [Field]) throws -> Bool {
    while true {
      if source != nil { try read() }
      guard index < bytes.count else { return false }
      line += 1
      guard !isLong else {
        throw ScenarioErrors(
          at: Diagnostic.Position(file, line: line, column: 1),
          "the line has more than \(longestLine) bytes; is this a CSV file?")
      }
      fields.removeAll(keepingCapacity: true)
      index = bytes.withUnsafeBufferPointer { Self.split($0, from: index, line: line, into: &fields) }
      if fields.count > 1 || fields.first?.range.isEmpty == false { return true }
    }
  }

  /// Splits the line that begins at `start`; returns where the next one begins. A comma between quotes separates nothing.
  private static func split(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, line: Int, into fields: inout [Field]
  ) -> Int {
    var fieldStart = start
    var place = start
    var isQuoted = false
    while true {
      let isEnd = place == bytes.count || bytes[place] == UInt8(ascii: "\n")
      if !isEnd, bytes[place] == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if isEnd || (bytes[place] == UInt8(ascii: ",") && !isQuoted) {
        fields.append(field(bytes, fieldStart..<place, lineStart: start, line: line))
        fieldStart = place + 1
      }
      place += 1
      if isEnd { return place }
    }
  }

  /// The field of `range`, without blanks and quotes around it.
  private static func field(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, lineStart: Int, line: Int
  ) -> Field {
    var (start, end) = (range.lowerBound, range.upperBound)
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    while start < end, isBlank(bytes[start]) { start += 1 }
    while start < end, isBlank(bytes[end - 1]) { end -= 1 }
    let column = start - lineStart + 1
    if end - start > 1, bytes[start] == UInt8(ascii: "\""), bytes[end - 1] == UInt8(ascii: "\"") {
      (start, end) = (start + 1, end - 1)
    }
    return Field(line: line, column: column, range: start..<end)
  }
}
