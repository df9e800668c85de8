import Experiments
import Scenario
import Simulation
import Statistics
import Trace

/// The table and findings of `results/participation/README.md`, from the runs that are kept.
struct ParticipationPage {
  /// The comparison of every policy with the optimum.
  let comparison: Comparison

  private static let baseline = "exact"
  private static let metrics = [
    "test_accuracy", "never_selected_share", "participation_jain", "round_energy_j", "optimality_gap",
    "data_used_share",
  ]

  /// Reads `runs.csv` of the folder.
  ///
  /// - Throws: `TraceError`, ``ReproductionError``.
  init(at folder: String) throws {
    let kept = try KeptTable(at: "\(folder)/\(SweepInventory.runsName)")
    var table = RunTable(points: [], rows: [])
    for row in kept.rows {
      let policy = row["policy"] ?? ""
      var figures = RunMetrics()
      for metric in Metric.all { figures[metric.name] = row[metric.name].flatMap(Double.init) }
      var point = table.points.firstIndex { $0.settings[0].value == policy }
      if point == nil {
        point = table.points.count
        table.points.append(.init(name: policy, settings: [SweepSetting(path: "policy", value: policy)]))
      }
      table.rows.append(
        .init(point: point ?? 0, repetition: row["repetition"].flatMap { Int($0) } ?? 0, figures: figures))
    }
    comparison = Comparison(
      table, values: table.points.map { $0.settings[0].value }, baseline: Self.baseline,
      metrics: Self.metrics.compactMap(Metric.named))
  }

  private var policies: [String] {
    comparison.rows.filter { $0.metric.name == "test_accuracy" }.map(\.value)
  }

  private func row(_ policy: String, _ metric: String) -> Comparison.Row? {
    comparison.rows.first { $0.value == policy && $0.metric.name == metric }
  }

  /// `24 ± 3`, in hundredths or thousandths.
  private static func cell(_ estimate: Estimate?, times scale: Double, sign: Bool = false) -> String {
    guard let estimate else { return "" }
    let value = Figures.short(estimate.value * scale, digits: 3)
    let text = sign && estimate.value > 0 ? "+\(value)" : value
    return text + (estimate.halfWidth().map { " ± \(Figures.short($0 * scale, digits: 2))" } ?? "")
  }

  var table: String {
    let titles = [
      "policy", "never selected, %", "Jain's index", "test accuracy, %", "minus `\(Self.baseline)`",
      "energy of a round, mJ",
    ]
    var lines = ["| " + titles.joined(separator: " | ") + " |", "|" + String(repeating: "---|", count: titles.count)]
    for policy in policies {
      let cells = [
        "`\(policy)`", Self.cell(row(policy, "never_selected_share")?.mean, times: 100),
        Self.cell(row(policy, "participation_jain")?.mean, times: 1),
        Self.cell(row(policy, "test_accuracy")?.mean, times: 100),
        Self.cell(row(policy, "test_accuracy")?.difference, times: 100, sign: true),
        Self.cell(row(policy, "round_energy_j")?.mean, times: 1000),
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  /// A line per policy: what it does to accuracy, with its verdict, to energy, and to the data that rounds use.
  var findings: String {
    policies.filter { $0 != Self.baseline }.map { policy in
      let energies = [policy, Self.baseline].map { row($0, "round_energy_j")?.mean?.value }
      let ratio = energies[0].flatMap { own in energies[1].map { own / $0 } }
      let data = Figures.percent(row(policy, "data_used_share")?.mean?.value)
      return "- `\(policy)`: \(verdict(on: row(policy, "test_accuracy"))); "
        + "\(Figures.short(ratio, digits: 2)) times the energy of a round; rounds use \(data) of all data."
    }.joined(separator: "\n")
      + "\n\nRounds of `\(Self.baseline)` use "
      + "\(Figures.percent(row(Self.baseline, "data_used_share")?.mean?.value)) of all data. An order counts as separated "
      + "where its p-value, adjusted for all comparisons in `compare.csv`, is below \(Figures.short(Check.level))."
  }

  private func verdict(on row: Comparison.Row?) -> String {
    guard let row, let difference = row.difference else { return "no accuracy" }
    if difference.isConstant { return "the same accuracy in all \(difference.count) draws" }
    let points = Self.cell(difference, times: 100, sign: true) + " points of accuracy"
    guard let p = row.adjusted else { return points }
    let isSeparated = p < Check.level
    return points + ", \(isSeparated ? "separated" : "not separable") (p = \(Figures.short(p, digits: 2)))"
  }
}
