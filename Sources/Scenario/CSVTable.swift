#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of a CSV file: commas between fields, the first line names the columns. Fields are places in the file; their
/// text is made where somebody asks for it.
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
  private let bytes: [UInt8]
  private var index: Int
  private var line: Int

  /// A table over the bytes of `file`.
  ///
  /// - Throws: ``ScenarioErrors`` where there is no header, or one without commas, and for a line of more than
  ///   ``longestLine`` bytes, which is none of a table.
  init(_ bytes: [UInt8], file: String) throws {
    if let line = Self.longLine(of: bytes) {
      throw ScenarioErrors(
        at: Diagnostic.Position(file, line: line, column: 1),
        "the line has more than \(Self.longestLine) bytes; is this a CSV file?")
    }
    self.bytes = bytes
    self.file = file
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    line = 0
    header = []
    var fields: [Field] = []
    guard next(&fields) else {
      throw ScenarioErrors(
        at: Diagnostic.Position(file, line: 1, column: 1), "the file is empty; its first line names columns")
    }
    header = fields
    try refuseOtherSeparators()
  }

  /// Bytes of a line at most.
  static let longestLine = 1 << 20

  /// The first line that is too long, from 1.
  private static func longLine(of bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { bytes in
      var (line, start) = (1, 0)
      while bytes.count - start > longestLine, let base = bytes.baseAddress {
        guard let end = memchr(base + start, 0x0A, longestLine + 1) else { return line }
        (line, start) = (line + 1, base.distance(to: end) + 1)
      }
      return nil
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
  mutating func next(_ fields: inout [Field]) -> Bool {
    while index < bytes.count {
      line += 1
      fields.removeAll(keepingCapacity: true)
      index = bytes.withUnsafeBufferPointer { Self.split($0, from: index, line: line, into: &fields) }
      if fields.count > 1 || fields.first?.range.isEmpty == false { return true }
    }
    return false
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
