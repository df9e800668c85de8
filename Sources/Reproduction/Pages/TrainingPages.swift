/// The tables and verdicts of `results/training/README.md`.
enum TrainingPages {
  /// A column of a table: what it is called, and the column of the file that it shows.
  typealias Column = (title: String, name: String)

  static let fig3: [Column] = [
    ("bits", "bits"), ("final accuracy", "final_accuracy"), ("± 95 %", "final_accuracy_ci95"), ("seconds", "time_s"),
    ("joules", "energy_j"), ("seconds to 0.70", "time_s_to_0.70"), ("seconds to 0.75", "time_s_to_0.75"),
  ]
  static let fig6: [Column] = [
    ("alpha", "alpha"), ("framework", "framework"), ("final accuracy", "final_accuracy"),
    ("± 95 %", "final_accuracy_ci95"), ("seconds", "time_s"), ("joules", "energy_j"),
    ("rounds to 0.60", "rounds_to_0.60"), ("seconds to 0.60", "time_s_to_0.60"), ("joules to 0.60", "energy_j_to_0.60"),
    ("seconds to 0.70", "time_s_to_0.70"),
  ]

  static func table(of kept: KeptTable, _ columns: [Column]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return
      ([line(columns.map(\.title)), "|" + String(repeating: "---|", count: columns.count)]
      + kept.rows.map { row in line(columns.map { row[$0.name] ?? "" }) }).joined(separator: "\n")
  }

  /// A line per claim of a figure: the verdict of `airsplit claims`, from the same traces.
  static func claims(of figure: String, in table: String) throws -> String {
    let traces = try TrainingTraces(reading: table)
    return try TrainingClaim.all.filter { $0.figure == figure }.map { claim in
      let finding = try claim.judged(by: traces)
      return "- **\(claim.text)** Claim \(claim.number): \(finding.summary) comparisons, by \(finding.draws) seeds. "
        + "Weakest: \(finding.weakest)."
    }.joined(separator: "\n")
  }
}
