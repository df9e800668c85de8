import EventKernel

/// Rows of comma-separated values (RFC 4180, lines end in `\n`), collected in one byte buffer that is used over and over.
public struct CSVRow: Sendable {
  /// What was written since the last ``removeAll()``.
  public private(set) var bytes: [UInt8] = []
  private var startsLine = true

  /// An empty buffer.
  public init() {}

  /// Forgets the bytes and keeps the room.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Ends the row.
  public mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    startsLine = true
  }

  /// A field without a value.
  public mutating func appendEmpty() {
    separate()
  }

  /// A whole number.
  public mutating func append(_ number: some FixedWidthInteger) {
    separate()
    bytes.append(contentsOf: number.description.utf8)
  }

  /// A number in the shortest form that reads back as the same one, `0.1`, `5.0`, `1e-29`; empty where it is NaN or
  /// infinite, for which CSV readers have no common spelling.
  public mutating func append(_ number: Double) {
    separate()
    guard number.isFinite else { return }
    if let whole = Int32(exactly: number), whole != 0 || number.sign == .plus {
      // As its description has it, which is slower.
      bytes.append(contentsOf: whole.description.utf8)
      bytes.append(UInt8(ascii: "."))
      bytes.append(UInt8(ascii: "0"))
      return
    }
    bytes.append(contentsOf: number.description.utf8)
  }

  /// A number, or a field without a value.
  public mutating func append(_ number: Double?) {
    if let number { append(number) } else { appendEmpty() }
  }

  /// A number that is whole by its nature, `77070336`; in the shortest form where it is not or passes 2^53.
  public mutating func append(whole number: Double) {
    guard let integer = Int(exactly: number), number.magnitude <= 0x1p53 else { return append(number) }
    append(integer)
  }

  /// Simulated time in seconds, exact: `12.000000001`, `12.5`, `12.0`.
  public mutating func append(_ time: SimTime) {
    separate()
    let (seconds, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    bytes.append(contentsOf: seconds.description.utf8)
    bytes.append(UInt8(ascii: "."))
    var remainder = rest
    var unit: UInt64 = 100_000_000
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(remainder / unit))
      remainder %= unit
      unit /= 10
    } while remainder > 0
  }

  /// A text, quoted only where it holds a comma, a quote or a line break.
  public mutating func append(_ text: String) {
    separate()
    let special = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
    }
    guard special else { return bytes.append(contentsOf: text.utf8) }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func separate() {
    if startsLine { startsLine = false } else { bytes.append(UInt8(ascii: ",")) }
  }
}
