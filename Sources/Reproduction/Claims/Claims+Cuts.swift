import Experiments
import Scenario
import Statistics
import Training
import Units

/// What it buys that each device's cut is decided with its block, bits and power.
extension ClaimGroup {
  /// Cuts decided with everything else, beside one cut for all and each device's own best.
  package static let cuts = ClaimGroup(
    name: "cuts", summary: "what deciding cuts with everything else buys", scenarios: ["cuts", "calibrated", "paper"],
    folder: "results/cuts", proposals: ["bcd", "exact"],
    introduction: """
      Each device's cut of the model, behind the embedding or 1, 2, 4 or 6 blocks, decided with its block, bits and power, beside one
      cut for all and each device's own best on its mean gain (`own-cut`); with and without 256 MB, 1 GB or 4 GB of memory on the
      devices; at the scenario's deadline, nine and eight tenths of it. The scenarios are phones with a Jetson as their server, the same
      phones with an A100, and the paper's cell. One cut for all is the one with the largest mean U over these very draws, so a claim
      on it is the harder. Ratios are of geometric means over the draws in which both have somebody who takes part. One round per
      draw, by its allocation, all on the same draws. `airsplit claims --group cuts` writes this page.
      """,
    studies: { scenario in
      guard scenario.framework == .sflam, scenario.model.architecture != nil else {
        throw ReproductionError("claims of the group 'cuts' need framework sflam and a Vision Transformer")
      }
      var plan = SweepPlan()
      plan.grid = [
        .init(path: "rounds", values: ["1"]), .init(path: Cuts.key, values: ["[\(Cuts.all.joined(separator: ", "))]"]),
        .init(path: Cuts.memory, values: Cuts.limits), .init(path: "deadline", values: Cuts.deadlines(scenario)),
        .init(path: "policy", values: ["bcd", "exact", "own-cut"] + Cuts.all.map(Cuts.fixed)),
      ]
      plan.measure = .allocation
      return [("cuts", plan)]
    },
    claims: [
      ScenarioClaim(64, "Without limits of memory the proposal is worth more than the best one cut for all.") {
        try $0.moreThanOneCut(Cuts.limits[0])
      },
      ScenarioClaim(65, "With limits of memory the proposal is worth more than the best one cut for all.") {
        try $0.moreThanOneCut(Cuts.limits[1])
      },
      ScenarioClaim(
        66, "Without limits of memory the proposal is worth more than each device's own best cut on its mean gain."
      ) { try $0.moreThanOwnCut(Cuts.limits[0]) },
      ScenarioClaim(
        67, "With limits of memory the proposal is worth more than each device's own best cut on its mean gain."
      ) { try $0.moreThanOwnCut(Cuts.limits[1]) },
      ScenarioClaim(
        68, "What the proposal gains over the best one cut for all is more with limits of memory than without."
      ) {
        evidence in
        try Cuts.deadlines(evidence.base).map { deadline in
          let gains = try Cuts.limits.map { memory in
            try evidence.objective(memory, deadline).over(evidence.bestCut(memory, deadline).objective)
          }
          return .more(
            gains[1], than: gains[0], subject: "with limits, without", place: "T = \(deadline)",
            "a draw's objective is a larger multiple of the best one cut's")
        }
      },
    ])
}

/// What varies in the study of the group.
private enum Cuts {
  static let key = "model.cut"
  static let memory = "devices.memory"
  static let all = ["embedding", "after-block-1", "after-block-2", "after-block-4", "after-block-6"]
  /// None, and some that hold the training of up to the embedding, two blocks or all six.
  static let limits = ["null", "{choice: [256 MB, 1 GB, 4 GB]}"]

  /// The policy that gives all devices one cut.
  static func fixed(_ cut: String) -> String { "{name: fixed-cut, cut: \(cut)}" }

  /// The scenario's deadline, and nine and eight tenths of it.
  static func deadlines(_ scenario: Scenario) -> [String] {
    [8.0, 9, 10].map { tenths in "\((tenths * scenario.deadline.value.value * 100).rounded() / 1000) s" }
  }
}

extension ScenarioEvidence {
  /// U with and without limits of memory, at a deadline; without a policy, under the proposal.
  fileprivate func objective(_ memory: String, _ deadline: String, _ policy: String? = nil) throws -> DrawSeries {
    var settings = ["rounds": "1", "deadline": deadline, Cuts.key: "[\(Cuts.all.joined(separator: ", "))]"]
    settings[Cuts.memory] = SweepSetting(path: Cuts.memory, value: memory).label
    if let policy { settings["policy"] = SweepSetting(path: "policy", value: policy).label }
    return try series("objective", of: "cuts", settings)
  }

  /// The one cut for all whose mean U is largest, the first of equals.
  fileprivate func bestCut(_ memory: String, _ deadline: String) throws -> (name: String, objective: DrawSeries) {
    var best: (name: String, objective: DrawSeries)?
    for cut in Cuts.all {
      let objective = try objective(memory, deadline, Cuts.fixed(cut))
      if (objective.estimate?.value ?? 0) > (best?.objective.estimate?.value ?? -1) { best = (cut, objective) }
    }
    guard let best else { throw ReproductionError("there are no runs with one cut for all") }
    return best
  }

  fileprivate func moreThanOneCut(_ memory: String) throws -> [Check] {
    try Cuts.deadlines(base).map { deadline in
      let best = try bestCut(memory, deadline)
      return .larger(
        try objective(memory, deadline), than: best.objective, subject: best.name, place: "T = \(deadline)",
        "the objective is more than with the best one cut for all")
    }
  }

  fileprivate func moreThanOwnCut(_ memory: String) throws -> [Check] {
    try Cuts.deadlines(base).map { deadline in
      .larger(
        try objective(memory, deadline), than: try objective(memory, deadline, "own-cut"), subject: "own-cut",
        place: "T = \(deadline)", "the objective is more than with each device's own best cut")
    }
  }
}
