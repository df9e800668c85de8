import JSON
import Trace
import Units

/// What the traces of a run say, as far as a report shows it.
struct RunTraces {
  var manifest: Manifest
  var rounds: [RoundRecord] = []
  /// What became of each device by round, where `devices.csv` is there: by device, then round.
  var outcomes: [[Outcome]] = []
  /// What each device is called: its name in `devices.csv`, or else its number.
  var names: [String] = []
  /// The participants' rows of the round that the timeline shows.
  var participants: [DeviceRecord] = []
  /// When devices began that were at work in that round, where they do so at times of their own.
  var starts: [Int: Double] = [:]
  /// The events of that round, where `events.csv` is there.
  var events: [EventRecord] = []
  /// Where the run is.
  var folder = ""
  /// The events of ``channelRound``, where the channel moves and `events.csv` is there.
  var channelEvents: [EventRecord] = []
  var partition: PartitionTable?
  /// What of the traces is missing.
  var remarks: [String] = []

  /// What a device is called where nothing says that it is one: its name, or `device 3`.
  func title(of device: Int) -> String {
    guard names.indices.contains(device), names[device] != "\(device)" else { return "device \(device)" }
    return names[device]
  }

  /// The first round in which somebody took part.
  var shownRound: Int? { rounds.first { $0.devicesSelected > 0 }?.round }

  /// Whether a deadline was in force, as far as `devices.csv` says.
  var keepsDeadline: Bool { participants.contains { $0.stepSlack != nil } }

  /// The round in which gains are shown over time: the first in which some devices came to their end and others did not, or
  /// else the first in which one did not, or else ``shownRound``; `nil` where gains stand still.
  var channelRound: Int? {
    guard manifest.movesChannel else { return nil }
    let cut = rounds.lazy.filter { $0.devicesCompleted < $0.devicesSelected }
    return (cut.first { $0.devicesCompleted > 0 } ?? cut.first)?.round ?? shownRound
  }
}

extension Manifest {
  /// Whether gains change while a round is under way, by the scenario's keys.
  fileprivate var movesChannel: Bool {
    let fading = scenario["uplink"]?["fading"]?.members ?? []
    let moves = fading.contains { law in ["doppler", "speed", "block"].contains { law.value[$0] != nil } }
    return moves || scenario["mobility"]?.members != nil
  }
}

extension RunTraces {
  /// Cells of the map of outcomes, beyond which it would not fit into memory.
  private static let mostCells = 200_000_000

  /// Reads the folder of a run. Traces that were not written are left out; of a run that has not finished, the rows that
  /// are whole count.
  ///
  /// - Parameter areRoundsOnly: Whether nothing but the rounds is read.
  /// - Throws: `TraceError`, ``ReportError``.
  init(folder: String, areRoundsOnly: Bool = false) throws {
    self.init(manifest: try RunFolder.manifest(in: folder), folder: folder)
    let names = try FileSystem.names(in: folder)
    let isFinished = manifest.finished
    guard names.contains(RoundRecord.fileName) else {
      throw ReportError.tooLittle(path: folder, reason: "has no \(RoundRecord.fileName); a report needs its rounds")
    }
    var reader = try Rows<RoundRecord>(in: folder, mayBeCut: !isFinished)
    while let round = try reader.next() { rounds.append(round) }
    guard !rounds.isEmpty else {
      throw ReportError.tooLittle(path: folder, reason: "no round has ended; a report needs at least one")
    }
    guard !areRoundsOnly else { return }
    if names.contains(DeviceRecord.fileName) { try readDevices(folder) }
    if names.contains(EventRecord.fileName), let shown = shownRound {
      var reader = try Rows<EventRecord>(in: folder, mayBeCut: !isFinished)
      let last = max(shown, channelRound ?? shown)
      while let event = try reader.next(), event.round <= last {
        if event.round == shown { events.append(event) }
        if event.round == channelRound { channelEvents.append(event) }
      }
    }
    if names.contains(PartitionTable.fileName) {
      partition = try PartitionTable(path: "\(folder)/\(PartitionTable.fileName)")
    }
    for name in manifest.traces where !names.contains(name) { remarks.append("\(name) is no longer in the folder.") }
  }

  /// The rounds of the run in `folder`.
  ///
  /// - Throws: `TraceError`, ``ReportError``.
  static func rounds(in folder: String) throws -> [RoundRecord] {
    try RunTraces(folder: folder, areRoundsOnly: true).rounds
  }

  private mutating func readDevices(_ folder: String) throws {
    let shown = shownRound
    var reader = try Rows<DeviceRecord>(in: folder, mayBeCut: !manifest.finished)
    var cells = 0
    while let record = try reader.next() {
      guard record.device >= 0, record.device < 1_000_000, cells < Self.mostCells else {
        remarks.append("devices.csv is too long; the map of devices ends early.")
        return
      }
      while outcomes.count <= record.device {
        names.append("\(outcomes.count)")
        outcomes.append([])
      }
      if let name = record.name { names[record.device] = name }
      outcomes[record.device].append(record.outcome)
      cells += 1
      if record.round == shown, record.steps != nil { participants.append(record) }
      if record.round == shown, let start = record.start { starts[record.device] = start.value }
    }
  }
}

/// The rows of a trace. Of a run that is under way, or was killed, the last row may be cut; it is then left out.
private struct Rows<Record: TraceRecord> {
  private var reader: TraceReader<Record>?
  private let mayBeCut: Bool

  init(in folder: String, mayBeCut: Bool) throws(TraceError) {
    self.mayBeCut = mayBeCut
    do throws(TraceError) {
      reader = try TraceReader(path: "\(folder)/\(Record.fileName)")
    } catch {
      try check(error)
    }
  }

  mutating func next() throws(TraceError) -> Record? {
    do throws(TraceError) {
      return try reader?.next()
    } catch {
      try check(error)
      return nil
    }
  }

  private func check(_ error: TraceError) throws(TraceError) {
    if mayBeCut, case .damaged = error { return }
    throw error
  }
}
