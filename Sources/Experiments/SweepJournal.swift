import Foundation
import Trace
import Units

/// The runs that a sweep's folder holds, found by key and repetition.
struct SweepResults: Sendable {
  /// Which run.
  struct Run: Hashable {
    var key: String
    var repetition: Int
  }

  /// What came of it.
  enum Result: Sendable {
    /// Its figures as fields of CSV, commas between them.
    case figures(ArraySlice<UInt8>)
    /// Why there are none.
    case failure(String)
  }

  /// The runs.
  private(set) var runs: [Run: Result] = [:]
  /// Lines that were altered after they had been written; a last line that was cut short is none of them.
  private(set) var damaged = 0
  /// Seconds on the wall that the runs took, in all.
  private(set) var seconds = 0.0

  /// Reads every journal of a folder, in the order of their names.
  ///
  /// - Throws: `TraceError` where a journal cannot be read.
  init(journalsIn folder: String) throws(TraceError) {
    guard try FileSystem.kind(of: folder) == .folder else { return }
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".csv") {
      var rest = try FileSystem.contents(of: "\(folder)/\(name)")[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = rest[rest.startIndex..<end]
        rest = rest[(end + 1)...]
        if !add(line) { damaged += 1 }
      }
    }
  }

  init() {}

  mutating func add(_ run: Run, _ result: Result, seconds: Double) {
    self.seconds += seconds
    // A run that has failed once may have succeeded since; never the other way round.
    if case .failure = result, case .figures? = runs[run] { return }
    runs[run] = result
  }

  /// Whether the line is one that a journal was given.
  private mutating func add(_ line: ArraySlice<UInt8>) -> Bool {
    let fields = line.split(separator: UInt8(ascii: ","), maxSplits: 5, omittingEmptySubsequences: false)
    guard fields.count == 6 else { return false }
    var hash = FNV1a()
    hash.absorb(line[fields[1].startIndex...])
    func text(_ index: Int) -> String { String(decoding: fields[index], as: UTF8.self) }
    guard hash.hexadecimal == text(0), let repetition = Int(text(2)), let seconds = Double(text(4)) else {
      return false
    }
    let run = Run(key: text(1), repetition: repetition)
    if text(3) == "ok" {
      add(run, .figures(fields[5]), seconds: seconds)
    } else {
      add(run, .failure(text(5)), seconds: seconds)
    }
    return true
  }

  /// A line of a journal: a checksum, the run, what came of it, how long it took.
  static func line(_ run: Run, _ result: Result, seconds: Double) -> [UInt8] {
    var row = CSVRow()
    row.append(run.key)
    row.append(run.repetition)
    if case .figures = result { row.append("ok") } else { row.append("failed") }
    row.append((seconds * 1e6).rounded() / 1e6)
    var bytes = row.bytes + [UInt8(ascii: ",")]
    switch result {
    case .figures(let figures): bytes += figures
    case .failure(let reason): bytes += reason.replacing("\n", with: " ").utf8
    }
    var hash = FNV1a()
    hash.absorb(bytes[...])
    return Array("\(hash.hexadecimal),".utf8) + bytes + [UInt8(ascii: "\n")]
  }
}

/// The journal of one process: lines that stay, whatever happens next.
final class SweepJournal {
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
