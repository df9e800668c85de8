import Trace

/// The trace files of a run while it writes them.
struct OpenTraces {
  let rounds: TraceFile<RoundRecord>?
  let devices: TraceFile<DeviceRecord>?
  let events: TraceFile<EventRecord>?
  let iterations: TraceFile<IterationRecord>?
  let gains: TraceFile<GainRecord>?
  let timing: TraceFile<TimingRecord>
  let timeline: TimelineFile?

  /// Opens the selected files in `folder`: empty, or each cut off where its mark says. Who holds which samples, which no round
  /// changes, is written at once.
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
    timing = try open(TimingRecord.self)
    if selection.contains(.timeline) {
      let mark = marks?.first { $0.file == TimelineFile.fileName }
      guard (marks == nil) == (mark == nil) else {
        throw folder.damagedCheckpoint("it knows nothing of \(TimelineFile.fileName)")
      }
      timeline = try folder.openTimeline(rows: run.timelineRows, mark: mark)
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
      try mark(rounds), try mark(devices), try mark(events), try mark(iterations), try mark(gains), try mark(timing),
      timeline?.mark,
    ].compactMap(\.self)
  }

  /// Writes the rows of a round and hands them to the system: what was recorded stays, whatever happens next.
  ///
  /// - Throws: `TraceError`.
  func record(_ result: RoundResult, of run: borrowing Run) throws {
    if let rounds {
      try rounds.append(run.roundRecord(result))
      try rounds.flush()
    }
    if let devices {
      for record in run.deviceRecords(result) { try devices.append(record) }
      try devices.flush()
    }
    if let events {
      for record in run.eventRecords(result) { try events.append(record) }
      try events.flush()
    }
    if let iterations {
      for record in run.iterationRecords(result) { try iterations.append(record) }
      try iterations.flush()
    }
    if let gains {
      try run.forEachGain(result) { record throws in try gains.append(record) }
      try gains.flush()
    }
    try timeline?.append(run.timelineEvents(result))
    try timing.append(run.timing)
    try timing.flush()
  }

  /// Ends what has an end of its own.
  ///
  /// - Throws: `TraceError`.
  func finish(_ run: borrowing Run) throws { try timeline?.finish(with: run.timelineEnd) }
}
