import EventKernel
import Trace
import Training

/// The trace files of a run while it writes them.
struct OpenTraces {
  let rounds: TraceFile<RoundRecord>?
  let devices: TraceFile<DeviceRecord>?
  let events: TraceFile<EventRecord>?
  let iterations: TraceFile<IterationRecord>?
  let gains: TraceFile<GainRecord>?
  let tensors: TraceFile<TensorRecord>?
  let timing: TraceFile<TimingRecord>
  let timeline: TimelineFile?

  /// Opens the selected files in `folder`: empty, or each cut off where its mark says. Who holds which samples, which no round
  /// changes, is written at once.
  ///
  /// Wall times, of which the marks of a finished run say nothing, are cut off after the rows of the rounds.
  ///
  /// - Throws: `TraceError`.
  init(_ folder: RunFolder, _ selection: TraceSelection, of run: borrowing Run, marks: [FileMark]? = nil) throws {
    let features = run.features
    var schema = TraceSchema()
    func open<Record: TraceRecord>(_: Record.Type) throws -> TraceFile<Record> {
      schema.add(Record.self, features: features)
      guard let marks else { return try folder.open(Record.self, features: features) }
      guard let mark = marks.first(where: { $0.file == Record.fileName }) else {
        throw folder.damagedCheckpoint("it knows nothing of \(Record.fileName)")
      }
      return try folder.open(Record.self, features: features, mark: mark)
    }
    rounds = selection.contains(.rounds) ? try open(RoundRecord.self) : nil
    devices = selection.contains(.devices) ? try open(DeviceRecord.self) : nil
    events = selection.contains(.events) ? try open(EventRecord.self) : nil
    iterations = selection.contains(.bcd) ? try open(IterationRecord.self) : nil
    gains = selection.contains(.gains) ? try open(GainRecord.self) : nil
    tensors = selection.contains(.tensors) ? try open(TensorRecord.self) : nil
    if let marks, !marks.contains(where: { $0.file == TimingRecord.fileName }) {
      let mark = try folder.mark(lines: 1 + run.round, of: TimingRecord.fileName)
      timing = try folder.open(TimingRecord.self, features: features, mark: mark)
      schema.add(TimingRecord.self, features: features)
    } else {
      timing = try open(TimingRecord.self)
    }
    if selection.contains(.timeline) {
      let mark = marks?.first { $0.file == TimelineFile.fileName }
      guard (marks == nil) == (mark == nil) else {
        throw folder.damagedCheckpoint("it knows nothing of \(TimelineFile.fileName)")
      }
      timeline = try folder.openTimeline(rows: run.world.timelineRows, mark: mark)
    } else {
      timeline = nil
    }
    if let table = run.world.holdings?.table {
      schema.add(table)
      try folder.write(table)
    }
    try folder.write(schema)
  }

  /// Waits until all that was recorded is on the disk.
  ///
  /// - Returns: What each file holds.
  /// - Throws: `TraceError`.
  func synchronize() throws -> [FileMark] {
    func mark<Record: TraceRecord>(_ file: TraceFile<Record>?) throws -> FileMark? {
      try file?.synchronize()
      return file?.mark
    }
    try timeline?.synchronize()
    return [
      try mark(rounds), try mark(devices), try mark(events), try mark(iterations), try mark(gains), try mark(tensors),
      try mark(timing), timeline?.mark,
    ].compactMap(\.self)
  }

  /// What a round leaves in a trace, behind what stood there before it.
  struct Tail: Codable {
    var before: FileMark
    var rows: [UInt8]
  }

  /// What `report` would leave in the traces that tell of training.
  func tails(_ report: RoundReport) -> [Tail] {
    var tails: [Tail] = []
    if let rounds { tails.append(Tail(before: rounds.mark, rows: rounds.row(of: report.roundRecord))) }
    if let timeline {
      tails.append(Tail(before: timeline.mark, rows: TimelineFile.rows(of: report.timelineEvents)))
    }
    return tails
  }

  /// Appends what ``tails(_:)`` gave.
  ///
  /// - Throws: `TraceError`.
  func append(_ tails: [Tail]) throws {
    for tail in tails {
      if tail.before.file == RoundRecord.fileName { try rounds?.append(rows: tail.rows) }
      if tail.before.file == TimelineFile.fileName { try timeline?.append(rows: tail.rows) }
    }
  }

  /// Writes the rows of a round and hands them to the system: what was recorded stays, whatever happens next.
  ///
  /// - Throws: `TraceError`.
  func record(_ report: RoundReport) throws {
    if let rounds {
      try rounds.append(report.roundRecord)
      try rounds.flush()
    }
    if let devices {
      for record in report.deviceRecords { try devices.append(record) }
      try devices.flush()
    }
    if let events {
      for record in report.eventRecords { try events.append(record) }
      try events.flush()
    }
    if let iterations {
      for record in report.iterationRecords { try iterations.append(record) }
      try iterations.flush()
    }
    if let gains {
      try report.forEachGain { record throws in try gains.append(record) }
      try gains.flush()
    }
    if let tensors {
      for record in report.learning?.tensors ?? [] { try tensors.append(record) }
      try tensors.flush()
    }
    try timeline?.append(report.timelineEvents)
    try timing.append(report.timing)
    try timing.flush()
  }

  /// Ends what has an end of its own.
  ///
  /// - Throws: `TraceError`.
  func finish(_ run: borrowing Run) throws { try timeline?.finish(with: run.world.timelineEnd(at: run.simulator.now)) }
}
