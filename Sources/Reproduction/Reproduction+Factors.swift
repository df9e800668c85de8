import Scenario
import Statistics

/// What the paper has no figure of: what each part saves, and who takes part.
extension Reproduction {
  /// The factorial's effects, and its points.
  func factorial(into folder: ReproductionFolder) throws -> [String] {
    let (study, result) = try run("factorial")
    let factorial = try Factorial(
      points: study.points.map(\.settings), within: SweepSetting(path: "framework", value: "sflam"),
      figures: [
        (
          "participant_round_energy_j",
          {
            DrawSeries(
              try result.series("round_energy_j", at: $0).values,
              per: try result.series("devices_selected", at: $0).values)
          }
        ),
        ("round_time_s", { try result.series("round_time_s", at: $0) }),
        ("objective", { try result.series("objective", at: $0) }),
        ("devices_selected", { try result.series("devices_selected", at: $0) }),
      ])
    try folder.write(
      factorial.csv,
      as: entry("factorial.csv", "what saves what: the effect of each factor, and of two together, as ratios", study))
    try folder.write(
      try FigureTable(study, result, metrics: FigureMetric.ofFactorial).csv,
      as: entry("factorial-points.csv", "the points behind the factorial", study))
    return ["factorial.csv", "factorial-points.csv"]
  }

  /// How even, how dear and how good.
  func fairness(into folder: ReproductionFolder) throws -> [String] {
    let (study, result) = try run("fairness")
    let rounds = study.points.first?.scenario.rounds ?? 0
    try folder.write(
      try Fairness(study, result).csv,
      as: entry(
        "fairness.csv", "how evenly devices take part in \(rounds) rounds, against energy and objective", study))
    return ["fairness.csv"]
  }

  private func run(_ name: String) throws -> (Study, StudyResult) {
    let study = try study(name)
    report("\(name): \(study.points.count) points, \(study.repetitions) draws each")
    return (study, StudyResult(try study.run(jobs: jobs), study: study))
  }

  private func entry(_ file: String, _ title: String, _ study: Study) -> ReproductionFolder.Entry {
    ReproductionFolder.Entry(
      file: file, title: title, command: command, sources: ["scenarios/paper/\(study.name).yaml"],
      hash: ReproductionFolder.hash([study.resolved.yaml]), draws: study.repetitions)
  }
}
