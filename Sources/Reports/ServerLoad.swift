import Charts
import EventKernel
import JSON
import Trace
import Units

/// The devices at a server with few accelerators, through one round: how many it serves, and how many wait.
struct ServerLoad {
  /// Parts of the round, each a point.
  private static let parts = 200

  private let round: Int
  private let length: Double
  /// By part, the mean number of devices that are served, and that wait.
  private(set) var served: [Double]
  private(set) var waiting: [Double]

  /// The load in the round that the report shows; `nil` where no events were traced, or nobody counts accelerators.
  init?(_ traces: RunTraces) {
    guard let accelerators = traces.manifest.scenario["server"]?["accelerators"]?.integer,
      let round = traces.shownRound, let record = traces.rounds.first(where: { $0.round == round }),
      record.duration > .zero
    else { return nil }
    let visits = Self.visits(traces.events, from: record.start.value)
    guard !visits.isEmpty else { return nil }
    self.round = round
    length = record.duration.value
    served = Array(repeating: 0, count: Self.parts)
    waiting = served
    let changes = visits.flatMap { [($0.start, 1), ($0.end, -1)] }.sorted { $0 < $1 }
    var (count, since) = (0, 0.0)
    for (time, change) in changes {
      add(min(count, accelerators), max(count - accelerators, 0), from: since, to: time)
      (count, since) = (count + change, time)
    }
  }

  /// When each device came to the server, and when it left it, served or late: from its event before to its own.
  private static func visits(
    _ events: [EventRecord], from start: Double
  ) -> [(start: Double, end: Double)] {
    var last: [Int: (time: Double, kind: String)] = [:]
    return events.compactMap { event in
      guard let device = event.device else { return nil }
      let time = Double(event.time.nanoseconds) / 1e9 - start
      let before = last.updateValue((time, event.kind), forKey: device)
      let isCutOff = event.kind == "deadline" && ((event.wait ?? .zero) > .zero || before?.kind == "uplink")
      guard event.kind == "server" || isCutOff else { return nil }
      return (before?.time ?? 0, time)
    }
  }

  /// Spreads a span of constant numbers over the parts that it lies in.
  private mutating func add(_ served: Int, _ waiting: Int, from start: Double, to end: Double) {
    let part = length / Double(Self.parts)
    var place = min(max(Int(start / part), 0), Self.parts - 1)
    var from = max(start, 0)
    while from < end {
      let to = place == Self.parts - 1 ? end : min(end, Double(place + 1) * part)
      self.served[place] += Double(served) * (to - from) / part
      self.waiting[place] += Double(waiting) * (to - from) / part
      guard place < Self.parts - 1 else { return }
      (from, place) = (max(to, from), place + 1)
    }
  }

  /// The two numbers over the time of the round.
  var chart: LineChart {
    func line(_ name: String, _ numbers: [Double]) -> LineChart.Series {
      LineChart.Series(
        name,
        numbers.enumerated().map { place, number in
          .init((Double(place) + 0.5) * length / Double(Self.parts), Estimate(number))
        })
    }
    return LineChart(
      "Queue at the server in round \(round)",
      summary:
        "Devices that wait for an accelerator and devices that are served. Each point is the mean over 1/\(Self.parts) of "
        + "the round. From the traced events.",
      x: Axis("time since the round's start", unit: "s", includesZero: true),
      y: Axis("devices", includesZero: true), series: [line("waiting", waiting), line("served", served)])
  }
}
