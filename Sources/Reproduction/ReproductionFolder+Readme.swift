import Simulation

extension ReproductionFolder {
  /// Files whose columns are not those of a ``FigureTable``.
  private static let others: Set = ["sensitivity.csv", "factorial.csv", "fairness.csv"]

  /// What is in the folder, for readers; every number in it comes from the manifest.
  static func readme(_ entries: [Entry]) -> String {
    var text = """
      # The paper's figures, computed

      `airsplit reproduce` and `airsplit claims` write this folder, this page among it. Each scenario behind it is a file of
      `scenarios/paper`; `manifest.json` has the hash of its resolved values. Made by AirSplit \(Recorder.version).

      | file | holds | draws | made by |
      |---|---|---|---|

      """
    for entry in entries {
      let draws = entry.draws.map(String.init) ?? ""
      text += "| [\(entry.file)](\(entry.file)) | \(entry.title) | \(draws) | `\(entry.command)` |\n"
    }
    text += """

      `tools/python-environment tools/figures.py` draws the tables for print, PDF and PNG, into [figures/](figures).

      ## Columns

      A table has a row per point and metric. Its first columns say what varies: `deadline_s` is T_max in seconds, `devices` and
      `blocks` are counts, `policy` is a policy with its settings (`ep 0.5 W`, `bcd restarts 10`), `framework` and `band` are
      those of scenarios, `pass` is a pass of the descent from 1, `round` a round from 1. Then follow

      | column | is |
      |---|---|
      | `metric` | what it is of, with its unit: below |
      | `n` | draws that have the metric |
      | `mean` | the figure, by `statistic`; every chart and every claim shows this one |
      | `ci95_low`, `ci95_high` | its 95 % interval: Student's t over draws, of logarithms for geometric means, by the residuals for ratios of sums; Wilson's for shares; empty with one draw, and where no draw differs from another |
      | `median` | the median of the draws' own values |
      | `statistic` | `mean` over the draws; `ratio of sums` over all draws, as of a metric of participants; `geometric mean` over the draws in which it is above 0, as of the times and joules of Fig. 5, whose arithmetic means a few deep fades decide; `share` of draws |

      A draw is one topology with one fading of every link; all points have the same draws. `participant_energy_j`,
      `participant_bits` and `participant_power_w` are means over participants; `candidate_energy_j` is one over the devices that
      meet the deadline before blocks are chosen, and `still_descending` the share of draws that come to this pass: the others
      stay as their last pass left them. `optimum_kept` is the sum of U over all draws by that of U*, where `optimality_gap` is the mean of 1 - U / U* over draws
      with U* above 0; `optimum_reached` and `objective_never_falls` are shares of draws. All other metrics have
      the names of `runs.csv`; `airsplit list metrics` explains them.

      """
    if entries.contains(where: { Self.others.contains($0.file) }) {
      text += """

        Other tables have other columns. In `sensitivity.csv` a row is a figure and a value that one parameter takes
        alone: `base` is the figure as the scenario is, `changed` that under the value, `effect` their difference,
        paired by draw, with its 95 % interval. In `factorial.csv` `ratio` is a figure at `to` over that at `from`, the
        geometric mean over all `comparisons` of points that differ in nothing else; where `with` names another factor,
        it is that ratio at `with_to` over the one at `with_from`; what other factors than the framework do is under
        `sflam`. In `fairness.csv` a row is a point, and `on_energy_front` and `on_objective_front` say whether no other
        point is as even (`participation_jain`) and as cheap, or as good.

        """
    }
    let findings = entries.flatMap(\.findings)
    if !findings.isEmpty {
      text += "\n## What holds\n\n"
      for finding in findings { text += "- \(finding)\n" }
    }
    return text
  }
}
