import Charts
import EventKernel
import Trace
import Units

/// One round as timelines: its first steps, and where the whole of it goes. From the events where they were traced, else
/// from the devices' step times in closed form.
struct RoundTimelines {
  private static let kinds = [
    "forward pass", "uplink", "server", "backward pass", "model upload", "waiting for the server", "downlink",
  ]
  /// Places of kinds in both lists.
  private static let (uplink, server, model, waiting, downlink) = (1, 2, 4, 5, 6)
  /// The kinds of a closed form, whose rest of a round is the model on its way.
  private static func closedKinds(hasDownlink: Bool) -> [String] {
    let model = hasDownlink ? "model, up and down" : "model upload"
    return ["computing", "uplink", "server", "backward pass", model, "waiting for the server", "downlink"]
  }
  /// Tracks that a timeline has at most.
  private static let most = 40
  /// Steps that the close-up shows.
  private static let steps = 3

  private let round: Int
  private let isSequential: Bool
  private let deadline: Double?
  private let kinds: [String]
  private let origin: String
  /// By participant: the slices of its first steps, and the seconds of each kind in the whole round.
  private var tracks: [(device: Int, name: String, slices: [Timeline.Slice], start: Double, totals: [Double])] = []

  /// Timelines of the first round in which somebody took part; `nil` where no trace says enough.
  init?(_ traces: RunTraces) {
    guard let round = traces.shownRound, let record = traces.rounds.first(where: { $0.round == round }) else {
      return nil
    }
    self.round = round
    isSequential = traces.manifest.framework == "sl"
    deadline =
      traces.participants.lazy.compactMap { row in
        row.stepLatency.flatMap { latency in row.stepSlack.map { latency.value + $0.value } }
      }.first
    if traces.events.isEmpty {
      let hasDownlink = traces.participants.contains { $0.stepDownlinkTime != nil }
      kinds = Self.closedKinds(hasDownlink: hasDownlink)
      let hasWaits = traces.participants.contains { $0.stepWaitTime != nil }
      origin =
        hasWaits
        ? "From the devices' mean step times." : "From the devices' step times in closed form."
      readDevices(traces.participants, traces.title)
    } else {
      (kinds, origin) = (Self.kinds, "From the traced events.")
      readEvents(traces.events, from: record.start.value, starts: traces.starts, traces.title)
    }
    tracks.sort { $0.device < $1.device }
    if tracks.isEmpty { return nil }
  }

  /// An event ends a stretch that began with the device's event before it, or with the device's or the round's beginning; in turn,
  /// with the event of the device before.
  private mutating func readEvents(
    _ events: [EventRecord], from start: Double, starts: [Int: Double], _ title: (Int) -> String
  ) {
    let names = ["forward", "uplink", "server", "backward", "model_upload", "", "downlink"]
    var places: [Int: Int] = [:]
    var ends: [Int: Double] = [:]
    var last = 0.0
    for event in events {
      // A deadline that came while its device waited ends a wait.
      let isWait = event.kind == "deadline" && (event.wait?.value ?? 0) > 0
      guard let device = event.device, let kind = isWait ? Self.waiting : names.firstIndex(of: event.kind) else {
        continue
      }
      let end = Double(event.time.nanoseconds) / 1e9 - start
      var begin = ends[device] ?? starts[device].map { max(0, $0 - start) } ?? (isSequential ? last : 0)
      if places[device] == nil {
        places[device] = tracks.count
        tracks.append((device, title(device), [], begin, Array(repeating: 0, count: names.count)))
      }
      guard let place = places[device] else { continue }
      if let wait = event.wait?.value, wait > 0, !isWait {
        let served = min(begin + wait, end)
        tracks[place].totals[Self.waiting] += served - begin
        if let step = event.step, step <= Self.steps {
          tracks[place].slices.append(.init(begin, served, kind: Self.waiting))
        }
        begin = served
      }
      tracks[place].totals[kind] += end - begin
      if let step = event.step, step <= Self.steps, end > begin {
        tracks[place].slices.append(.init(begin, end, kind: kind))
      }
      (ends[device], last) = (end, end)
    }
  }

  private mutating func readDevices(_ rows: [DeviceRecord], _ title: (Int) -> String) {
    var start = 0.0
    let rows = isSequential ? rows.sorted { ($0.roundTime?.value ?? 0) < ($1.roundTime?.value ?? 0) } : rows
    for row in rows {
      guard let steps = row.steps, let end = row.roundTime?.value else { continue }
      let legs: [(kind: Int, time: Double)] = [
        (0, row.stepComputeTime?.value ?? 0), (Self.uplink, row.stepUplinkTime?.value ?? 0),
        (Self.waiting, row.stepWaitTime?.value ?? 0), (Self.server, row.stepServerTime?.value ?? 0),
        (Self.downlink, row.stepDownlinkTime?.value ?? 0),
      ]
      var slices: [Timeline.Slice] = []
      var now = start
      for _ in 0..<min(steps, Self.steps) {
        for (kind, time) in legs where time > 0 {
          slices.append(.init(now, now + time, kind: kind))
          now += time
        }
      }
      let step = legs.reduce(0) { $0 + $1.time } * Double(steps)
      let rest = end - start - step
      // A device whose server keeps activations does not repeat its steps; then only events say where the time goes.
      let isClosed = rest > -1e-6 * max(end, 1)
      var totals = Array(repeating: 0.0, count: isClosed ? kinds.count : 0)
      if isClosed {
        for (kind, time) in legs { totals[kind] = time * Double(steps) }
        totals[Self.model] = rest > 1e-6 * max(end, 1) ? rest : 0
      }
      tracks.append((row.device, title(row.device), slices, start, totals))
      if isSequential { start = end }
    }
  }

  /// The timelines that the traces allow.
  var charts: [Timeline] {
    let shown = tracks.prefix(Self.most)
    let cut = tracks.count > shown.count ? " The first \(shown.count) of \(tracks.count) participants." : ""
    let time = Axis("time since the round's start", unit: "s", includesZero: true)
    var charts: [Timeline] = []
    let first = isSequential ? Array(shown.sorted { $0.start < $1.start }.prefix(1)) : Array(shown)
    if first.contains(where: { !$0.slices.isEmpty }) {
      charts.append(
        Timeline(
          "The first steps of round \(round)",
          summary:
            "\(isSequential ? "The device whose turn is first" : "Every participant"), up to \(Self.steps) steps. "
            + "\(origin)\(cut)",
          x: time, kinds: kinds, tracks: first.map { .init($0.name, $0.slices) },
          marks: isSequential ? [] : deadline.map { [.init($0, "deadline of the first step")] } ?? []))
    }
    let whole = shown.filter { !$0.totals.isEmpty }
    guard whole.contains(where: { $0.totals.contains { $0 > 0 } }) else { return charts }
    charts.append(
      Timeline(
        "Where the time of round \(round) goes",
        summary:
          "All steps of a participant together, sorted by kind, not in the order in which they happen. \(origin)\(cut)",
        x: time, kinds: kinds,
        tracks: whole.map { .init($0.name, Self.stacked($0.totals, from: $0.start)) }))
    return charts
  }

  /// Slices of the given lengths, one behind the other.
  private static func stacked(_ lengths: [Double], from start: Double) -> [Timeline.Slice] {
    var now = start
    var slices: [Timeline.Slice] = []
    for (kind, length) in lengths.enumerated() where length > 0 {
      slices.append(.init(now, now + length, kind: kind))
      now += length
    }
    return slices
  }
}
