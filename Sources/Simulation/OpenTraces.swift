import Trace

/// The trace files of a run while it writes them.
struct OpenTraces {
  let rounds: TraceFile<RoundRecord>?
  let devices: TraceFile<DeviceRecord>?
  let events: TraceFile<EventRecord>?
  let iterations: TraceFile<IterationRecord>?
  let timing: TraceFile<TimingRecord>
  let timeline: TimelineFile?

  /// A file and how many bytes of it count.
  struct Length: Codable {
    var file: String
    var bytes: Int
  }

  /// Opens the selected files in `folder`: empty, or each cut off at its length. Who holds which samples, which no round
  /// changes, is written at once.
  ///
  /// - Throws: `TraceError`.
  init(_ folder: RunFolder, _ selection: TraceSelection, of run: borrowing Run, lengths: [Length]? = nil) throws {
    let features = run.features
    func open<Record: TraceRecord>(_: Record.Type) throws -> TraceFile<Record> {
      guard let lengths else { return try folder.open(Record.self, features: features) }
      guard let length = lengths.first(where: { $0.file == Record.fileName }) else {
        throw folder.damagedCheckpoint("it knows nothing of \(Record.fileName)")
      }
      return try folder.open(Record.self, features: features, length: length.bytes)
    }
    rounds = selection.contains(.rounds) ? try open(RoundRecord.self) : nil
    devices = selection.contains(.devices) ? try open(DeviceRecord.self) : nil
    events = selection.contains(.events) ? try open(EventRecord.self) : nil
    iterations = selection.contains(.bcd) ? try open(IterationRecord.self) : nil
    timing = try open(TimingRecord.self)
    if selection.contains(.timeline) {
      let length = lengths?.first { $0.file == TimelineFile.fileName }
      guard (lengths == nil) == (length == nil) else {
        throw folder.damagedCheckpoint("it knows nothing of \(TimelineFile.fileName)")
      }
      timeline = try folder.openTimeline(rows: run.timelineRows, length: length?.bytes)
    } else {
      timeline = nil
    }
    if let table = run.world.holdings?.table { try folder.write(table) }
  }

  /// Waits until all that was recorded is on the disk.
  ///
  /// - Returns: How much of each file that is.
  /// - Throws: `TraceError`.
  func synchronize() throws -> [Length] {
    func length<Record: TraceRecord>(_ file: TraceFile<Record>?) throws -> Length? {
      guard let file else { return nil }
      try file.synchronize()
      return Length(file: Record.fileName, bytes: file.length)
    }
    try timeline?.synchronize()
    return [
      try length(rounds), try length(devices), try length(events), try length(iterations), try length(timing),
      timeline.map { Length(file: TimelineFile.fileName, bytes: $0.length) },
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
    try timeline?.append(run.timelineEvents(result))
    try timing.append(run.timing)
    try timing.flush()
  }

  /// Ends what has an end of its own.
  ///
  /// - Throws: `TraceError`.
  func finish(_ run: borrowing Run) throws { try timeline?.finish(with: run.timelineEnd) }
}
