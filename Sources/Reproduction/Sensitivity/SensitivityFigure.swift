import Charts
import Statistics

/// A figure that a sensitivity study looks at: the optimum's own, or what the claims of Sec. VII compare.
package struct SensitivityFigure: Sendable {
  /// The name, with its unit as suffix.
  package var name: String
  /// What it is, in a few words.
  package var summary: String
  /// The figure under a change, or of the scenario as it is; `nil` where no draw has it.
  let estimate: @Sendable (SensitivityResult, Int?) -> DrawEstimate?

  init(
    _ name: String, _ summary: String,
    _ estimate: @escaping @Sendable (SensitivityResult, Int?) -> DrawEstimate?
  ) {
    self.name = name
    self.summary = summary
    self.estimate = estimate
  }

  /// Every figure; the first is shown unless another is asked for.
  package static let all: [SensitivityFigure] =
    [
      mean("objective", "U of exact, Eq. (21)", "objective"),
      mean("participants", "devices that exact admits", "devices_selected"),
      SensitivityFigure("participant_energy_j", "energy of a step of a participant of exact") {
        energy($0, "exact", $1)
      },
      SensitivityFigure("participant_bits", "bits q_n of a participant of exact") {
        $0.series("bits_mean", "exact", $1).estimate
      },
      mean("round_time_s", "time of a round of exact", "round_time_s"),
      mean("round_energy_j", "the devices' energy of a round of exact", "round_energy_j"),
      SensitivityFigure("bcd_gap", "what bcd leaves on the table, 1 - U / U*") {
        $0.series("optimality_gap", "bcd", $1).estimate
      },
    ]
    + ["bcd", "nq", "ep", "rb"].map { policy in
      SensitivityFigure("\(policy)_objective_share", "the part of exact's objective that \(policy) reaches") {
        ratio($0.series("objective", policy, $1).estimate, $0.series("objective", "exact", $1).estimate)
      }
    }
    + ["bcd", "nq", "ep", "rb"].map { policy in
      SensitivityFigure("\(policy)_energy_ratio", "energy of a participant of \(policy) over that of exact") {
        ratio(energy($0, policy, $1), energy($0, "exact", $1))
      }
    }

  /// What charts call it, with its unit.
  var axis: Axis {
    let known = [
      "objective": ("objective U", "1/J"), "participant_energy_j": ("energy of a participant", "J"),
      "participant_bits": ("mean bits of a participant", ""), "round_time_s": ("time of a round", "s"),
      "round_energy_j": ("energy of a round", "J"), "bcd_gap": ("gap of BCD to the optimum", ""),
    ]
    let (label, unit) = known[name] ?? (name.replacing("_", with: " "), "")
    return Axis(label, unit: unit)
  }

  private static func mean(_ name: String, _ summary: String, _ metric: String) -> SensitivityFigure {
    SensitivityFigure(name, summary) { $0.series(metric, "exact", $1).estimate }
  }

  private static func energy(_ result: SensitivityResult, _ policy: String, _ change: Int?) -> DrawEstimate? {
    result.series("step_energy_per_participant_j", policy, change).estimate
  }

  private static func ratio(_ part: DrawEstimate?, _ whole: DrawEstimate?) -> DrawEstimate? {
    guard let part, let whole, whole.value > 0 else { return nil }
    return part / whole
  }
}
