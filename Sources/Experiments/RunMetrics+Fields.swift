import Simulation
import Trace

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Figures as a journal and `runs.csv` keep them.
extension RunMetrics {
  /// The figures as fields of CSV, commas between them.
  var fields: [UInt8] {
    var row = CSVRow()
    for value in values { row.append(value) }
    return row.bytes
  }

  /// The figures as ``fields`` keep them: those that are numbers.
  var asKept: RunMetrics {
    guard values.contains(where: { $0?.isFinite == false }) else { return self }
    var kept = self
    kept.values = values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    return kept
  }

  /// Reads ``fields``; `nil` where they are none.
  init?(fields: ArraySlice<UInt8>) {
    var values: [Double?] = []
    values.reserveCapacity(Metric.all.count)
    let areRead = withUnsafeTemporaryAllocation(of: CChar.self, capacity: fields.count + 1) { text in
      for (place, byte) in fields.enumerated() { text[place] = CChar(bitPattern: byte) }
      text[fields.count] = 0
      var start = 0
      while true {
        var end = start
        while end < fields.count, text[end] != CChar(UInt8(ascii: ",")) { end += 1 }
        if start == end {
          values.append(nil)
        } else {
          guard let value = Double(text, start..<end) else { return false }
          values.append(value)
        }
        guard end < fields.count else { return true }
        start = end + 1
      }
    }
    guard areRead, values.count == Metric.all.count else { return nil }
    self.init()
    self.values = values
  }
}

extension Double {
  /// The finite number that a part of a text is, behind which a comma or the text's end stands; `nil` where it is none.
  ///
  /// The C library's `strtod` is several times as fast as `Double.init`, which is asked where that stops early: at the point
  /// in some locales.
  fileprivate init?(_ text: UnsafeMutableBufferPointer<CChar>, _ part: Range<Int>) {
    guard let start = text.baseAddress.map({ $0 + part.lowerBound }) else { return nil }
    var end: UnsafeMutablePointer<CChar>?
    var value = strtod(start, &end)
    if end != start + part.count {
      let bytes = text[part].map { UInt8(bitPattern: $0) }
      guard let known = Double(String(decoding: bytes, as: UTF8.self)) else { return nil }
      value = known
    }
    guard value.isFinite else { return nil }
    self = value
  }
}
