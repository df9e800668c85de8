import Foundation
import Trace
import Units

/// A line of a journal: what came of one run.
///
/// A checksum, the key of the point, the repetition, `ok` or `failed`, seconds, and figures as fields of CSV or the reason.
struct JournalLine {
  /// The key of the point.
  var key: StableHash
  /// Which draw.
  var repetition: Int
  /// Whether there are no figures.
  var isFailure: Bool
  /// How long the run took on the wall.
  var seconds: Double
  /// The figures as fields of CSV, commas between them, or why there are none.
  var content: ArraySlice<UInt8>

  /// Reads a line without its end; `nil` where it is none, or was altered.
  init?(_ line: ArraySlice<UInt8>) {
    var rest = line
    func next() -> ArraySlice<UInt8>? {
      guard let comma = rest.firstIndex(of: UInt8(ascii: ",")) else { return nil }
      defer { rest = rest[(comma + 1)...] }
      return rest[..<comma]
    }
    guard let checksum = next().flatMap(Self.word), FNV1a(rest).value == checksum, let key = next(),
      let repetition = next().flatMap({ Int(String(decoding: $0, as: UTF8.self)) }), repetition >= 0,
      let outcome = next(),
      let seconds = next().flatMap({ Double(String(decoding: $0, as: UTF8.self)) })
    else { return nil }
    // A key of another form is of a version long gone, and no point's.
    self.key = StableHash(text: key) ?? StableHash()
    (self.repetition, self.seconds, content) = (repetition, seconds, rest)
    isFailure = !outcome.elementsEqual("ok".utf8)
  }

  /// The line with its checksum and its end.
  static func bytes(
    key: StableHash, repetition: Int, failure: String?, figures: [UInt8], seconds: Double
  ) -> [UInt8] {
    var row = CSVRow()
    row.append(key.text)
    row.append(repetition)
    row.append(failure == nil ? "ok" : "failed")
    row.append((seconds * 1e6).rounded() / 1e6)
    let tail = failure.map { Array($0.replacing("\n", with: " ").utf8) } ?? figures
    var line: [UInt8] = []
    line.reserveCapacity(19 + row.bytes.count + tail.count)
    line += repeatElement(UInt8(ascii: "0"), count: 16)
    line.append(UInt8(ascii: ","))
    line += row.bytes
    line.append(UInt8(ascii: ","))
    line += tail
    line.replaceSubrange(0..<16, with: FNV1a(line[17...]).hexadecimal.utf8)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private static func word(_ digits: ArraySlice<UInt8>) -> UInt64? {
    digits.count == 16 ? UInt64(String(decoding: digits, as: UTF8.self), radix: 16) : nil
  }
}

extension FNV1a {
  fileprivate init(_ bytes: ArraySlice<UInt8>) {
    self.init()
    absorb(bytes)
  }
}

/// The place of a line among the journals of a folder, in eight bytes: a sweep may have a million.
struct JournalPlace: Sendable {
  private var bits: UInt64

  /// No line.
  static let none = JournalPlace(bits: 0)

  private init(bits: UInt64) { self.bits = bits }

  /// The line that begins after `offset` bytes of the journal of this number; `nil` beyond what is counted, a million journals
  /// of 4 TB.
  init?(journal: Int, offset: Int, isFailure: Bool) {
    guard journal < 1 << 20, offset < 1 << 42 else { return nil }
    bits = UInt64(journal) << 42 | UInt64(offset) | (isFailure ? 1 << 62 : 0) | 1 << 63
  }

  /// Whether there is a line.
  var isKnown: Bool { bits != 0 }
  /// Whether it tells of a run that failed.
  var isFailure: Bool { bits >> 62 & 1 == 1 }
  /// Whether it has figures.
  var isDone: Bool { isKnown && !isFailure }
  /// The number of the journal.
  var journal: Int { Int(bits >> 42 & (1 << 20 - 1)) }
  /// Where in it the line begins.
  var offset: Int { Int(bits & (1 << 42 - 1)) }
}

/// The journal of one process: lines that stay, whatever happens next.
final class SweepJournal {
  /// Where it is.
  var path: String { file.path }
  private let file: OutputFile
  private var waiting: [UInt8] = []
  private var written = ContinuousClock().now

  /// Begins a journal of its own name in `folder`.
  ///
  /// - Throws: `TraceError`.
  init(in folder: String, shard: Shard) throws(TraceError) {
    try FileSystem.createFolder(folder)
    let time = String(UInt64(max(0, Date().timeIntervalSince1970 * 1e6)))
    let host = ProcessInfo.processInfo.hostName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    file = try OutputFile(
      creating: "\(folder)/\(time)-\(host.prefix(40))-\(ProcessInfo.processInfo.processIdentifier)-\(shard.index).csv")
  }

  /// Bytes of all lines so far.
  var length: Int { file.length + waiting.count }

  /// Adds a line, and hands lines to the system now and then.
  ///
  /// - Throws: `TraceError` where the file takes no more.
  func append(_ line: [UInt8]) throws(TraceError) {
    waiting += line
    if waiting.count > 1 << 16 || written.duration(to: .now) > .milliseconds(200) { try flush() }
  }

  /// Hands all lines to the system: a killed process keeps them.
  func flush() throws(TraceError) {
    try file.append(waiting)
    waiting.removeAll(keepingCapacity: true)
    written = .now
  }

  /// Waits until the lines are on the disk.
  func finish() throws(TraceError) {
    try flush()
    try file.synchronize()
  }
}
