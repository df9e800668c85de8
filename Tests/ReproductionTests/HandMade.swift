import Allocation
import Experiments
import Scenario
import Simulation
import Units

@testable import Reproduction

/// Runs made by hand: figures by formula, in a world where every claim holds, with a change laid over them.
struct HandMade {
  /// Which number is asked for.
  struct Cell {
    var metric: String
    var deadline = ""
    var policy = ""
    var framework = ""
    var devices = ""
    var pass = 0
    var draw = 0
    var isPass = false
    var participants = 1.0

    /// Draws whose mean is `middle` and which scatter by half of it, alike for no two cells.
    func noisy(_ middle: Double) -> Double {
      let name = "\(metric)\(deadline)\(policy)\(framework)\(devices)\(pass)"
      let turn = name.unicodeScalars.reduce(0) { ($0 * 31 + Int($1.value)) % 1009 }
      let width = 0.4 + 0.01 * Double(turn % 17)
      return middle * (1 + width * (Double((draw * [1, 3, 5, 7][turn % 4] + turn) % 8) - 3.5) / 3.5)
    }
  }

  typealias Change = @Sendable (Cell, Double) -> Double

  static let draws = 8
  static let deadlines = ["4 s", "5 s", "8 s"]
  let change: Change

  init(changing change: @escaping Change = { $1 }) { self.change = change }

  func evidence(proposed: String = "bcd") -> Evidence {
    Evidence(
      base: "paper", proposed: proposed, blocks: 10, passes: passes, deadlines: fig4, frameworks: fig5)
  }

  /// A draw is a little above or below the formula.
  private func drawn(_ value: Double, _ cell: Cell) -> Double {
    change(cell, value * (1 + 0.002 * Double(cell.draw) + 0.0001 * Double(cell.draw * cell.metric.count % 7)))
  }

  // MARK: - Fig. 4a-c

  private var passes: PassTable {
    PassTable(
      rows: Self.deadlines.enumerated().map { index, deadline in
        let draws = (0..<Self.draws).map { draw in
          func value(_ metric: String, _ pass: Int, _ value: Double) -> Double {
            drawn(value, Cell(metric: metric, deadline: deadline, pass: pass, draw: draw, isPass: true))
          }
          let count = Int(value("passes", 0, 3).rounded())
          return (0..<count).map { pass in
            Allocation.Iteration(
              objective: value("objective", pass, 5 + Double(index + min(pass, 2))),
              energy: Joules(value("energy", pass, 1.5 - 0.1 * Double(min(pass, 2)))), assignmentsChanged: 0,
              bitsChanged: 0, participants: 10, candidates: 20,
              candidateEnergy: Joules(value("candidate_energy", pass, 6 - Double(index) - 0.3 * Double(min(pass, 2)))))
          }
        }
        return PassTable.Row(deadline: deadline, seconds: [4, 5, 8][index], draws: draws)
      }, limit: 50)
  }

  // MARK: - Fig. 4d-f

  private static let benchmarks: [(label: String, setting: String)] = [
    ("bcd", "bcd"), ("exact", "exact"), ("nq", "nq"), ("rb", "rb"), ("ep 0.5 W", "{name: ep, power: 0.5 W}"),
    ("ep 1 W", "{name: ep, power: 1 W}"), ("ep 2 W", "{name: ep, power: 2 W}"),
    ("restricted 0.5 W 32 bits", "{name: restricted, power: 0.5 W, bits: 32}"),
    ("restricted 2 W 32 bits", "{name: restricted, power: 2 W, bits: 32}"),
    ("restricted 0.5 W matching random", "{name: restricted, power: 0.5 W, matching: random}"),
    ("restricted 2 W matching random", "{name: restricted, power: 2 W, matching: random}"),
  ]

  private func value(_ metric: String, _ deadline: Int, _ policy: String) -> Double {
    let power = policy.contains("0.5 W") ? 0.5 : policy.contains("2 W") ? 2.0 : 1
    let part: Double =
      policy.hasPrefix("restricted") ? 0.5 + 0.1 * power : policy == "nq" ? [0.3, 0.6, 0.8][deadline] : 0.7
    switch metric {
    case "devices_selected":
      let few = policy == "nq" ? 2 : policy.hasPrefix("ep") ? 3 + power : 7
      return deadline == 0 ? few : 10
    case "energy":
      return policy == "bcd" || policy == "exact" ? [0.15, 0.13, 0.11][deadline] : [0.4, 0.3, 0.2][deadline]
    case "objective":
      let best = [3.0, 6, 8][deadline]
      if policy == "bcd" || policy == "exact" { return best }
      return policy.hasPrefix("restricted") ? part * 0.7 * best : part * best
    default: return [8.0, 12, 16][deadline]
    }
  }

  private var fig4: StudyResult {
    var points: [RunTable.Point] = []
    var rows: [RunTable.Row] = []
    for (index, deadline) in Self.deadlines.enumerated() {
      for benchmark in Self.benchmarks {
        for draw in 0..<Self.draws {
          var cell = Cell(metric: "devices_selected", deadline: deadline, policy: benchmark.label, draw: draw)
          var figures = RunMetrics()
          let participants = change(cell, value("devices_selected", index, benchmark.label))
          cell.participants = participants
          figures["devices_selected"] = participants
          for metric in ["objective", "bits_mean"] {
            cell.metric = metric
            figures[metric] = drawn(value(metric, index, benchmark.label), cell)
          }
          cell.metric = "step_energy_j"
          let energy = drawn(value("energy", index, benchmark.label) * participants, cell)
          figures["step_energy_per_participant_j"] = participants > 0 ? energy / participants : nil
          rows.append(RunTable.Row(point: points.count, repetition: draw, figures: figures))
        }
        points.append(
          RunTable.Point(
            name: "\(deadline), \(benchmark.label)",
            settings: [
              SweepSetting(path: "deadline", value: deadline), SweepSetting(path: "policy", value: benchmark.setting),
            ]))
      }
    }
    return StudyResult(RunTable(points: points, rows: rows))
  }

  // MARK: - Fig. 5

  private static let rounds: [String: [String: Double]] = [
    "round_compute_time_s": ["fl": 30_000, "sl": 7000, "sfl": 400, "sflam": 400],
    "round_compute_energy_j": ["fl": 8000, "sl": 100, "sfl": 100, "sflam": 100],
    "round_uplink_time_s": ["fl": 300, "sl": 3000, "sfl": 700, "sflam": 80],
    "round_uplink_energy_j": ["fl": 1300, "sl": 2600, "sfl": 2600, "sflam": 90],
    "round_time_s": ["fl": 30_000, "sl": 10_000, "sfl": 1200, "sflam": 500],
    "round_energy_j": ["fl": 9000, "sl": 2700, "sfl": 2700, "sflam": 200],
  ]

  private var fig5: StudyResult {
    var points: [RunTable.Point] = []
    var rows: [RunTable.Row] = []
    let columns = [
      ("fl", "fixed", "one-block"), ("sl", "fixed", "one-block"), ("sl", "fixed", "all"), ("sfl", "fixed", "one-block"),
      ("sflam", "bcd", "one-block"), ("sflam", "exact", "one-block"),
    ]
    for devices in ["5", "40"] {
      for (framework, policy, band) in columns {
        for draw in 0..<Self.draws {
          var figures = RunMetrics()
          for (metric, values) in Self.rounds.sorted(by: { $0.key < $1.key }) {
            figures[metric] = drawn(
              values[framework] ?? 0, Cell(metric: metric, framework: framework, devices: devices, draw: draw))
          }
          rows.append(RunTable.Row(point: points.count, repetition: draw, figures: figures))
        }
        points.append(
          RunTable.Point(
            name: "\(devices), \(framework), \(policy), \(band)",
            settings: [
              SweepSetting(path: "devices.count", value: devices), SweepSetting(path: "uplink.blocks", value: devices),
              SweepSetting(path: "framework", value: framework), SweepSetting(path: "policy", value: policy),
              SweepSetting(path: "band", value: band),
            ]))
      }
    }
    return StudyResult(RunTable(points: points, rows: rows))
  }
}
