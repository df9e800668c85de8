import Allocation
import CElementary
import Experiments
import Scenario
import Statistics
import Trace
import Units

/// The numbers of a figure, tidy: one row per point and metric. A metric that no draw of a point has gives no row.
package struct FigureTable: Sendable, Hashable {
  /// How draws come to one figure.
  package enum Statistic: String, Sendable, Hashable {
    /// The arithmetic mean of the draws' own values.
    case mean
    /// The geometric mean of the draws' own values.
    case geometricMean = "geometric mean"
    /// The sum over all draws of one quantity by that of another: of all participants, say.
    case ratio = "ratio of sums"
    /// The share of draws in which something holds.
    case share
  }

  /// A point and a metric.
  package struct Row: Sendable, Hashable {
    /// The point, a text for each of the table's keys.
    package var labels: [String]
    /// The metric.
    package var metric: String
    /// Draws that have it.
    package var count: Int
    /// What ``mean`` is.
    package var statistic = Statistic.mean
    /// The figure, by ``statistic``.
    package var mean: Double
    /// Its 95 % interval; `nil` with fewer than two draws, and where no draw differs from another.
    package var interval: ClosedRange<Double>?
    /// The median of the draws' own values.
    package var median: Double
  }

  /// What varies, as columns.
  package var keys: [String]
  /// The rows.
  package var rows: [Row] = []

  /// A table without rows.
  package init(keys: [String]) { self.keys = keys }

  /// Adds a metric of a point; nothing where no draw has it.
  mutating func append(_ labels: [String], _ metric: String, _ series: DrawSeries) {
    let values = series.values.compactMap(\.self).sorted()
    guard let estimate = series.estimate, !values.isEmpty else { return }
    let middle = values.count / 2
    let median = values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    rows.append(
      Row(
        labels: labels, metric: metric, count: values.count, statistic: series.counts == nil ? .mean : .ratio,
        mean: estimate.value, interval: estimate.interval, median: median))
  }

  /// Adds the geometric mean of a metric over the draws in which it is above 0; nothing where there is none.
  mutating func append(_ labels: [String], geometric metric: String, _ series: DrawSeries) {
    append(labels, metric, DrawSeries(series.values.map { $0.flatMap { $0 > 0 ? $0 : nil } }))
    guard let index = rows.indices.last, rows[index].metric == metric, rows[index].labels == labels,
      let logarithm = series.geometricMean
    else { return }
    rows[index].statistic = .geometricMean
    rows[index].mean = elementary_exp(logarithm.value)
    rows[index].interval = logarithm.interval.map { elementary_exp($0.lowerBound)...elementary_exp($0.upperBound) }
  }

  /// Adds the share of draws in which something holds, with Wilson's interval.
  mutating func append(_ labels: [String], share metric: String, _ outcomes: [Bool?]) {
    let known = outcomes.compactMap(\.self)
    guard !known.isEmpty else { return }
    let wins = known.count { $0 }
    let share = Double(wins) / Double(known.count)
    rows.append(
      Row(
        labels: labels, metric: metric, count: known.count, statistic: .share, mean: share,
        interval: known.count > 1 ? Proportion(successes: Double(wins), count: known.count).interval() : nil,
        median: share > 0.5 ? 1 : share < 0.5 ? 0 : 0.5))
  }

  /// The table as CSV: the keys, `metric,n,mean,ci95_low,ci95_high,median,statistic`.
  package var csv: [UInt8] {
    var row = CSVRow()
    for title in keys + ["metric", "n", "mean", "ci95_low", "ci95_high", "median", "statistic"] { row.append(title) }
    row.endLine()
    for line in rows {
      for label in line.labels { row.append(label) }
      row.append(line.metric)
      row.append(line.count)
      row.append(line.mean)
      (line.interval?.lowerBound).write(to: &row)
      (line.interval?.upperBound).write(to: &row)
      row.append(line.median)
      row.append(line.statistic.rawValue)
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
    let figures = ["metric", "n", "mean", "ci95_low", "ci95_high", "median", "statistic"]
    guard let header = lines.first, header.suffix(figures.count).elementsEqual(figures) else {
      throw ReproductionError(
        "\(name) is no table of a figure: its columns end with \(figures.joined(separator: ", "))")
    }
    keys = Array(header.dropLast(figures.count))
    for (number, line) in lines.enumerated().dropFirst() {
      let cells = Array(line.dropFirst(keys.count))
      guard line.count == header.count, let count = Int(cells[1]), let mean = Double(cells[2]),
        let median = Double(cells[5]), let statistic = Statistic(rawValue: cells[6])
      else { throw ReproductionError("\(name):\(number + 1): the row is damaged; make the table again") }
      var interval: ClosedRange<Double>?
      if let low = Double(cells[3]), let high = Double(cells[4]), low <= high { interval = low...high }
      rows.append(
        Row(
          labels: Array(line.prefix(keys.count)), metric: cells[0], count: count, statistic: statistic, mean: mean,
          interval: interval, median: median))
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
        case .mean(let name, let title): append(labels, title ?? name, try result.series(name, at: place))
        case .geometricMean(let name): append(labels, geometric: name, try result.series(name, at: place))
        case .ratio(let name, let whole, let title):
          append(
            labels, title,
            DrawSeries(try result.series(name, at: place).values, per: try result.series(whole, at: place).values))
        case .share(let title, let name, let holds):
          append(labels, share: title, try result.series(name, at: place).values.map { $0.map(holds) })
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
  /// A metric, its mean over draws, or over all participants of all draws where it is one per participant.
  case mean(String, as: String? = nil)
  /// A metric, its geometric mean over the draws in which it is above 0.
  case geometricMean(String)
  /// A metric's sum over draws by another one's.
  case ratio(String, of: String, title: String)
  /// The share of draws whose metric is as said.
  case share(String, of: String, @Sendable (Double) -> Bool)

  /// What Fig. 4d-f and the gap show.
  static let ofAllocation: [FigureMetric] = [
    .mean("devices_selected"),
    .mean("step_energy_per_participant_j", as: "participant_energy_j"),
    .mean("objective"),
    .mean("bits_mean", as: "participant_bits"),
    .mean("power_mean_w", as: "participant_power_w"),
    .mean("objective_optimum"),
    .mean("optimality_gap"),
    .ratio("objective", of: "objective_optimum", title: "optimum_kept"),
    .share("optimum_reached", of: "optimality_gap") { $0 <= 1e-9 },
    .mean("policy_iterations"),
    .share("objective_never_falls", of: "objective_falls") { $0 == 0 },
  ]

  /// What the factorial shows.
  static let ofFactorial: [FigureMetric] = [
    .ratio("round_energy_j", of: "devices_selected", title: "participant_round_energy_j"), .mean("round_time_s"),
    .mean("objective"), .mean("devices_selected"),
  ]

  /// What Fig. 5 shows. Its times and joules span decades, since one device in a deep fade decides a round: their arithmetic
  /// means are those of a few draws. Geometric means are what the claims compare, and have an interval.
  static let ofRounds: [FigureMetric] =
    [.mean("devices_selected")]
    + [
      "round_compute_time_s", "round_compute_energy_j", "round_uplink_time_s", "round_uplink_energy_j", "round_time_s",
      "round_energy_j",
    ].map { .geometricMean($0) }
}
