import Charts
import JSON
import Scenario
import Simulation
import Trace
import Units
import Wireless

/// The gains of a few devices through one round of a run whose channel moves, with what they sent: from the traced events, and
/// from the scenario in the run's folder, whose channel is a function of the seed and time.
struct RoundChannel {
  /// Devices that are shown at most.
  private static let most = 4
  /// Devices whose whole round is shown at most.
  private static let wholes = 2
  /// Uploads that a close-up shows.
  private static let uploads = 2
  /// Points of a curve at most.
  private static let points = 400
  /// Instants behind a point at most.
  private static let instants = 8
  /// What the shades are.
  private static let kinds = ["upload", "upload that was cut off"]

  private let round: Int
  /// When it began, and how long it took.
  private let start: Double
  private let length: Double
  private let deadline: Scenario.Deadline?
  private let view: ChannelView
  private let shown: [Shown]

  private struct Shown {
    var device: RoundUploads
    var title: String
  }

  /// The channel in ``RunTraces/channelRound``; `nil` where gains stand still, or nothing was sent.
  ///
  /// - Throws: A sentence on why gains cannot be drawn.
  init?(_ traces: RunTraces) throws(Missing) {
    guard let round = traces.channelRound, let record = traces.rounds.first(where: { $0.round == round }) else {
      return nil
    }
    guard !traces.channelEvents.isEmpty else { throw .events }
    let path = "\(traces.folder)/\(RunFolder.scenarioName)"
    do {
      let scenario = try ScenarioReader.read(path: path).scenario
      guard scenario.isThat(of: traces.manifest) else {
        throw Missing.scenario("\(path) is not the scenario of this run")
      }
      view = try ChannelView(drawing: scenario, repetition: UInt32(clamping: traces.manifest.repetition))
    } catch let missing as Missing {
      throw missing
    } catch {
      throw .scenario("\(error)")
    }
    let all = RoundUploads.all(
      traces.channelEvents, from: record.start.value, isSequential: traces.manifest.framework == "sl",
      hasDownlink: view.scenario.downlink != nil)
    let devices = Self.choice(of: all, among: view.scenario)
    guard !devices.isEmpty, record.duration > .zero else { return nil }
    self.round = round
    (start, length) = (record.start.value, record.duration.value)
    let isInForce = traces.keepsDeadline || all.contains { $0.ending == .late }
    deadline = isInForce ? view.scenario.deadline : nil
    shown = devices.map { Shown(device: $0, title: Self.title(of: $0, traces.title(of: $0.device))) }
  }

  /// Why nothing is drawn.
  enum Missing: Error {
    /// No events were traced.
    case events
    /// The scenario cannot be read as the run had it.
    case scenario(String)

    /// One sentence for the reader.
    var text: String {
      switch self {
      case .events:
        "The channel moves within a round. How it does is drawn with the uploads that met it where events were traced: "
          + "airsplit run … --trace rounds,devices,events."
      case .scenario(let reason): "The channel moves within a round, and how it does cannot be drawn: \(reason)."
      }
    }
  }

  /// Those with the most to see: the first one that was late and the first that lost its link; of those that came to their end
  /// the one that sent for the longest time and the one that did for the shortest; then further ones that were late. Our
  /// choice.
  private static func choice(of all: [RoundUploads], among scenario: Scenario) -> [RoundUploads] {
    let devices = all.filter { device in
      !device.uploads.isEmpty && (0..<scenario.devices.count).contains(device.device)
        && (0..<scenario.uplink.blocks).contains(device.block ?? 0)
    }
    func time(_ device: RoundUploads) -> Double { device.uploads.reduce(0) { $0 + $1.end - $1.start } }
    let byEnd = devices.sorted { ($0.end, $0.device) < ($1.end, $1.device) }
    let late = byEnd.filter { $0.ending == .late }
    let lost = byEnd.filter { $0.ending == .linkLost }
    let inTime = devices.filter { $0.ending == .inTime }.sorted { (time($0), $1.device) > (time($1), $0.device) }
    var chosen: [RoundUploads] = []
    let wishes: [ArraySlice<RoundUploads>] = [
      late.prefix(1), lost.prefix(1), inTime.prefix(1), inTime.suffix(1), late.dropFirst(), inTime.dropFirst(),
    ]
    for device in wishes.joined() where chosen.count < most && !chosen.contains(where: { $0.device == device.device }) {
      chosen.append(device)
    }
    return chosen.sorted { $0.device < $1.device }
  }

  private static func title(of device: RoundUploads, _ name: String) -> String {
    let ending =
      switch device.ending {
      case .late: "late"
      case .linkLost: "its link was given up"
      case .inTime: "in time"
      }
    return "\(name), \(device.block.map { "block \($0)" } ?? "first block of the band"): \(ending)"
  }

  /// A close-up of a few uploads, and the round of those that came to its end.
  var charts: [Panels] {
    let interval = NumberText.short(view.interval.value * 1000)
    var charts = [
      Panels(
        "Gain over time in round \(round)",
        summary:
          "The first uploads of devices that came to their end, and the last ones of devices that did not. A deadline "
          + "far behind them is left out. Gains stand still for \(interval) ms each. \(Self.origin)",
        columns: 1, isLettered: false, shown.map(closeUp))
    ]
    let whole = shown.filter { $0.device.ending == .inTime && $0.device.uploads.count > Self.uploads }.prefix(
      Self.wholes)
    if !whole.isEmpty {
      charts.append(
        Panels(
          "Gain over the whole of round \(round)",
          summary:
            "Up to \(Self.wholes) of the devices above that came to their end, with all their uploads. \(Self.origin)",
          columns: 1, isLettered: false,
          whole.map { one in
            chart(one, one.device.uploads, marks(of: one.device, steps: []), 0...length)
          }))
    }
    return charts
  }

  private static let origin =
    "A point is the mean gain over its part of the time, and a band the range of up to \(instants) instants in it. "
    + "From the traced events and the channel of the scenario."

  /// Two uploads with the steps that they are part of.
  private func closeUp(_ one: Shown) -> LineChart {
    let device = one.device
    let uploads =
      device.ending == .inTime ? device.uploads.prefix(Self.uploads) : device.uploads.suffix(Self.uploads)
    let marks = marks(of: device, steps: uploads.compactMap(\.step))
    var (from, to) = (uploads.first?.start ?? 0, uploads.last?.end ?? length)
    if let step = uploads.first?.step, let start = device.steps[step] { from = start }
    if let step = uploads.last?.step, let end = device.steps[step + 1] { to = max(to, end) }
    if device.ending != .inTime { to = max(to, device.end) }
    let margin = (to - from) / 20
    // A deadline that is far away would make the uploads too small to see.
    let near = marks.map(\.time).filter { $0 <= to + (to - from) / 2 }
    to = max(to, near.max() ?? to) + margin
    return chart(
      one, Array(uploads), marks.filter { $0.time <= to }, max(0, from - margin)...to)
  }

  private func marks(of device: RoundUploads, steps: [Int]) -> [Timeline.Mark] {
    guard let deadline else { return [] }
    switch deadline.per {
    case .round: return [.init(device.begin + deadline.value.value, "deadline of the round")]
    case .step:
      return steps.compactMap { step in
        device.steps[step].map { .init($0 + deadline.value.value, "deadline of step \(step)") }
      }
    }
  }

  private func chart(
    _ one: Shown, _ uploads: [RoundUploads.Upload], _ marks: [Timeline.Mark], _ span: ClosedRange<Double>
  ) -> LineChart {
    var chart = LineChart(
      one.title, summary: "Gain over time of \(one.title), with its uploads.",
      x: Axis("time since the round's start", unit: "s"), y: Axis("gain", unit: "dB"),
      series: [.init("gain", points(of: one.device, span))])
    chart.x.span = [span.lowerBound, span.upperBound]
    chart.shades = uploads.map { .init($0.start, $0.end, kind: $0.isCutOff ? 1 : 0) }
    chart.shadeKinds = Self.kinds
    chart.marks = marks.filter { span.contains($0.time) }
    chart.source = "airsplit channel prints any, and the chart has"
    return chart
  }

  /// The gains of a device over a span of the round: one point per interval in which they stand still, or as many as there
  /// may be.
  private func points(of device: RoundUploads, _ span: ClosedRange<Double>) -> [LineChart.Point] {
    let interval = view.interval.value
    let first = ((start + span.lowerBound) / interval).rounded(.down)
    let count = max(1, ((start + span.upperBound) / interval).rounded(.up) - first)
    let parts = Int(min(count, Double(Self.points)))
    return (0..<parts).map { part in
      // Whole intervals: from the middle of one to the middle of another.
      let from = first + (Double(part) * count / Double(parts)).rounded(.down)
      let to = first + (Double(part + 1) * count / Double(parts)).rounded(.down)
      let looks = max(1, Int(min(to - from, Double(Self.instants))))
      let gains = (0..<looks).map { look in
        let index = from + (Double(look) * (to - from) / Double(looks)).rounded(.down)
        return view.gain(
          device: device.device, block: device.block ?? 0, at: Seconds(max(0, (index + 0.5) * interval)))
      }
      let place = min(max((from + to) / 2 * interval - start, span.lowerBound), span.upperBound)
      let mean = gains.reduce(0, +) / Double(looks)
      guard looks > 1, let low = gains.min(), let high = gains.max() else {
        return LineChart.Point(place, Estimate(Decibel.of(mean)))
      }
      return LineChart.Point(
        place, Estimate(Decibel.of(mean), low: Decibel.of(low), high: Decibel.of(high)))
    }
  }
}

extension Scenario {
  /// Whether what decides the channel is as the manifest has it.
  fileprivate func isThat(of manifest: Manifest) -> Bool {
    let own = JSONValue(keptResolved)
    return seed == manifest.seed
      && ["uplink", "mobility", "devices"].allSatisfy { own[$0] == manifest.scenario[$0] }
  }
}
