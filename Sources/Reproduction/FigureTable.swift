import Experiments
import Scenario
import Statistics
import Trace

/// The numbers of a figure, tidy: one row a point and metric. A metric that no draw of a point has gives no row.
public struct FigureTable: Sendable, Hashable {
  /// A point and a metric.
  public struct Row: Sendable, Hashable {
    /// The point, a text for each of the table's keys.
    public var labels: [String]
    /// The metric.
    public var metric: String
    /// Draws that have it.
    public var count: Int
    /// The mean over them, or over all participants of all draws where the metric is one of participants.
    public var mean: Double
    /// The mean's 95 % interval; `nil` with fewer than two draws.
    public var interval: ClosedRange<Double>?
    /// The median of the draws' own values.
    public var median: Double
  }

  /// What varies, as columns.
  public var keys: [String]
  /// The rows.
  public var rows: [Row] = []

  /// A table without rows.
  public init(keys: [String]) { self.keys = keys }

  /// Adds a metric of a point; nothing where no draw has it.
  mutating func append(_ labels: [String], _ metric: String, _ series: DrawSeries) {
    let values = series.values.compactMap(\.self).sorted()
    guard let estimate = series.estimate, !values.isEmpty else { return }
    let middle = values.count / 2
    let median = values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    rows.append(
      Row(
        labels: labels, metric: metric, count: values.count, mean: estimate.value, interval: estimate.interval,
        median: median))
  }

  /// Adds the share of draws in which something holds, with Wilson's interval.
  mutating func append(_ labels: [String], share metric: String, _ outcomes: [Bool?]) {
    let known = outcomes.compactMap(\.self)
    guard !known.isEmpty else { return }
    let wins = known.count { $0 }
    let share = Double(wins) / Double(known.count)
    rows.append(
      Row(
        labels: labels, metric: metric, count: known.count, mean: share,
        interval: known.count > 1 ? Proportion(successes: Double(wins), count: known.count).interval() : nil,
        median: share > 0.5 ? 1 : share < 0.5 ? 0 : 0.5))
  }

  /// The table as CSV: the keys, `metric,n,mean,ci95_low,ci95_high,median`.
  public var csv: [UInt8] {
    var row = CSVRow()
    for title in keys + ["metric", "n", "mean", "ci95_low", "ci95_high", "median"] { row.append(title) }
    row.endLine()
    for line in rows {
      for label in line.labels { row.append(label) }
      row.append(line.metric)
      row.append(line.count)
      row.append(line.mean)
      (line.interval?.lowerBound).write(to: &row)
      (line.interval?.upperBound).write(to: &row)
      row.append(line.median)
      row.endLine()
    }
    return row.bytes
  }
}

extension FigureTable {
  /// Reads a table that ``csv`` wrote.
  ///
  /// - Throws: ``ReproductionError`` where it is none.
  init(csv bytes: [UInt8], named name: String) throws {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let figures = ["metric", "n", "mean", "ci95_low", "ci95_high", "median"]
    guard let header = lines.first, header.suffix(figures.count).elementsEqual(figures) else {
      throw ReproductionError(
        "\(name) is no table of a figure: its columns end with \(figures.joined(separator: ", "))")
    }
    keys = Array(header.dropLast(figures.count))
    for (number, line) in lines.enumerated().dropFirst() {
      let cells = Array(line.dropFirst(keys.count))
      guard line.count == header.count, let count = Int(cells[1]), let mean = Double(cells[2]),
        let median = Double(cells[5])
      else { throw ReproductionError("\(name):\(number + 1): the row is damaged; make the table again") }
      var interval: ClosedRange<Double>?
      if let low = Double(cells[3]), let high = Double(cells[4]), low <= high { interval = low...high }
      rows.append(
        Row(
          labels: Array(line.prefix(keys.count)), metric: cells[0], count: count, mean: mean, interval: interval,
          median: median))
    }
  }

  /// The table of a study's runs.
  ///
  /// - Throws: ``ReproductionError`` for a metric that there is not.
  init(_ study: Study, _ result: StudyResult, metrics: [FigureMetric]) throws {
    self.init(keys: study.points.first?.settings.map { Self.column($0.path) } ?? [])
    for (place, point) in study.points.enumerated() {
      let labels = Self.labels(of: point)
      for metric in metrics {
        switch metric {
        case .mean(let name): append(labels, name, DrawSeries(try result.values(name, place)))
        case .perParticipant(let name, let title, let isMean):
          append(labels, title, try result.perParticipant(name, isMean: isMean, place))
        case .ratio(let name, let whole, let title):
          append(labels, title, DrawSeries(try result.values(name, place), per: try result.values(whole, place)))
        case .share(let title, let name, let holds):
          append(labels, share: title, try result.values(name, place).map { $0.map(holds) })
        }
      }
    }
  }

  /// The table of a descent's passes.
  init(_ passes: PassTable) {
    self.init(keys: ["deadline_s", "pass"])
    for row in passes.rows {
      for pass in 0..<row.longest {
        let labels = ["\(row.seconds)", "\(pass + 1)"]
        append(labels, "candidate_energy_j", row.candidateEnergy(pass: pass))
        append(labels, "participant_energy_j", row.participantEnergy(pass: pass))
        append(labels, "candidates", row.series(pass: pass) { Double($0.candidates) })
        append(labels, "participants", row.series(pass: pass) { Double($0.participants) })
        append(labels, "objective", row.series(pass: pass) { $0.objective })
        append(labels, share: "still_descending", row.draws.map { $0.count > pass })
      }
    }
  }

  /// The table of curves of training: every evaluated round.
  init(_ traces: TrainingTraces) {
    self.init(keys: (traces.curves.first?.labels.map(\.key) ?? []) + ["round"])
    for curve in traces.curves {
      let rounds = curve.seeds.flatMap { $0.filter { $0.accuracy != nil }.map(\.round) }
      for round in Set(rounds).sorted() {
        let labels = curve.labels.map(\.value) + ["\(round)"]
        let there = curve.seeds.map { seed in seed.first { $0.round == round && $0.accuracy != nil } }
        append(labels, "test_accuracy", DrawSeries(there.map { $0?.accuracy }))
        append(labels, "time_s", DrawSeries(there.map { $0?.time }))
        append(labels, "energy_j", DrawSeries(there.map { $0?.energy }))
      }
    }
  }

  /// The cells that say what varies at a point.
  static func labels(of point: SweepPoint) -> [String] {
    point.settings.map { $0.path == "deadline" ? "\(point.scenario.deadline.value.value)" : $0.label }
  }

  /// The column of a key that varies.
  static func column(_ path: String) -> String {
    switch path {
    case "deadline": "deadline_s"
    case "devices.count": "devices"
    case "uplink.blocks": "blocks"
    default: path
    }
  }
}

/// What a figure shows of its runs.
enum FigureMetric: Sendable {
  /// A metric, its mean over draws.
  case mean(String)
  /// A metric's sum over participants, or its mean over a draw's, over all participants of all draws.
  case perParticipant(String, title: String, isMean: Bool)
  /// A metric's sum over draws by another one's.
  case ratio(String, of: String, title: String)
  /// The share of draws whose metric is as said.
  case share(String, of: String, @Sendable (Double) -> Bool)

  /// What Fig. 4d-f and the gap show.
  static let ofAllocation: [FigureMetric] = [
    .mean("devices_selected"),
    .perParticipant("step_energy_j", title: "participant_energy_j", isMean: false),
    .mean("objective"),
    .perParticipant("bits_mean", title: "participant_bits", isMean: true),
    .perParticipant("power_mean_w", title: "participant_power_w", isMean: true),
    .mean("objective_optimum"),
    .mean("optimality_gap"),
    .ratio("objective", of: "objective_optimum", title: "optimum_kept"),
    .share("optimum_reached", of: "optimality_gap") { $0 <= 1e-9 },
    .mean("policy_iterations"),
    .share("objective_never_falls", of: "objective_falls") { $0 == 0 },
  ]

  /// What the factorial shows.
  static let ofFactorial: [FigureMetric] = [
    .perParticipant("round_energy_j", title: "participant_round_energy_j", isMean: false), .mean("round_time_s"),
    .mean("objective"), .mean("devices_selected"),
  ]

  /// What Fig. 5 shows.
  static let ofRounds: [FigureMetric] = [
    "devices_selected", "round_compute_time_s", "round_compute_energy_j", "round_uplink_time_s",
    "round_uplink_energy_j", "round_time_s", "round_energy_j",
  ].map { .mean($0) }
}
