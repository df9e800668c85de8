import Experiments
import Scenario
import Statistics
import Training

/// What a radio draws: the paper's energy claims where that is 3GPP TR 38.840's figure and not what the radio radiates.
extension ClaimGroup {
  /// Which of the paper's claims on energy outlast another radio.
  package static let radio = ClaimGroup(
    name: "radio", summary: "which of the paper's energy claims outlast a radio of TR 38.840", scenarios: ["paper"],
    folder: "results/radio", proposals: ["bcd", "exact"], draws: 60,
    introduction: """
      The paper's radio draws what it radiates. Here the same cell has radios that draw what 3GPP TR 38.840 reports
      (`devices.radio_energy: tr38840`): a quarter of a watt however little is radiated, 0.7 W at 23 dBm, and in proportion
      above; a unit of the report is taken for 1 mW. The paper's devices radiate 0.1 W to 0.5-2 W, phones 1 mW to 23 dBm. The
      paper's sentences on energy keep their words; one that fails does not outlast this radio. One round per draw, by its
      allocation, all on the same draws. `airsplit claims --group radio` writes this page.
      """,
    studies: { scenario in
      guard scenario.framework == .sflam else {
        throw ReproductionError(
          "claims of the group 'radio' need framework sflam, whose policies they compare; it is "
            + scenario.framework.rawValue)
      }
      func plan(_ axes: [SweepPlan.Axis], zip: [SweepPlan.Axis] = []) -> SweepPlan {
        var plan = SweepPlan()
        plan.grid = [.init(path: "rounds", values: ["1"]), .init(path: Radio.key, values: Radio.all)] + axes
        (plan.zip, plan.measure) = (zip, .allocation)
        return plan
      }
      return [
        (
          "cell",
          plan([
            .init(path: "deadline", values: Radio.deadlines),
            .init(path: "policy", values: ["bcd", "exact"] + Radio.equalPowers + ["rb", "nq"]),
          ])
        ),
        (
          "phones",
          plan([
            .init(path: "devices.power_min", values: ["1 mW"]), .init(path: "devices.power_max", values: ["23 dBm"]),
            .init(path: "deadline", values: Radio.deadlines),
            .init(path: "policy", values: ["bcd", "exact", "ep", "rb", "nq"]),
          ])
        ),
        (
          "frameworks",
          plan(
            [
              .init(path: "deadline", values: ["8 s"]), .init(path: "devices.count", values: ["20"]),
              .init(path: "uplink.blocks", values: ["20"]),
            ],
            zip: [
              .init(path: "framework", values: ["fl", "sl", "sfl", "sflam", "sflam"]),
              .init(path: "policy", values: ["fixed", "fixed", "fixed", "bcd", "exact"]),
            ])
        ),
      ]
    },
    claims: [
      ScenarioClaim(55, "A step costs every policy's participants more, in the paper's cell and among phones.") {
        evidence in
        try Radio.cells.flatMap { cell in
          try [evidence.proposed, cell.equalPower, "rb", "nq"].map { policy in
            .more(
              try evidence.step(cell, Radio.reported, "5 s", policy),
              than: try evidence.step(cell, Radio.amplifier, "5 s", policy),
              subject: policy, place: cell.name, "a participant's step costs more with TR 38.840's radio")
          }
        }
      },
      ScenarioClaim(
        56,
        "Least power is best no more: more than half of the proposal's participants send with it in the paper's cell, "
          + "with this radio less than half."
      ) { evidence in
        try ["5 s", "8 s"].flatMap { deadline -> [Check] in
          let before = try evidence.found("power_at_minimum_share", .paper, Radio.amplifier, deadline)
          let after = try evidence.found("power_at_minimum_share", .paper, Radio.reported, deadline)
          return [
            .more(
              before, than: before.constant(0.5), subject: Radio.amplifier, place: "T = \(deadline)",
              "more than half send with their least power"),
            .more(
              after.constant(0.5), than: after, subject: Radio.reported, place: "T = \(deadline)",
              "less than half send with their least power"),
          ]
        }
      },
      ScenarioClaim(57, "Fig. 4d, with this radio: the proposal has the lowest mean energy in the paper's cell.") {
        evidence in
        try evidence.lowest(.paper, ["nq", "rb"] + Radio.equalPowers)
      },
      ScenarioClaim(58, "Fig. 4d, with this radio: the proposal has the lowest mean energy among phones.") { evidence in
        try evidence.lowest(.phones, ["nq", "rb", "ep"])
      },
      ScenarioClaim(
        59,
        "Among phones equal power, which is full power there, needs more than a fifth more energy than the proposal with "
          + "an amplifier, and as much with this radio."
      ) { evidence in
        try ["5 s", "8 s"].flatMap { deadline -> [Check] in
          let full = try evidence.step(.phones, Radio.amplifier, deadline, "ep")
          let own = try evidence.step(.phones, Radio.amplifier, deadline)
          return [
            .more(
              full, than: own.times(1.2), subject: Radio.amplifier, place: "T = \(deadline)",
              "equal power needs more than a fifth more"),
            .equal(
              try evidence.step(.phones, Radio.reported, deadline, "ep"),
              to: try evidence.step(.phones, Radio.reported, deadline), subject: Radio.reported,
              place: "T = \(deadline)", "equal power needs as much"),
          ]
        }
      },
      ScenarioClaim(
        60,
        "Among phones equal power stays below four fifths of the proposal's objective with an amplifier, and is above "
          + "95 % of it with this radio."
      ) { evidence in
        try ["5 s", "8 s"].flatMap { deadline -> [Check] in
          func objective(_ radio: String, _ policy: String? = nil) throws -> DrawSeries {
            try evidence.found("objective", .phones, radio, deadline, policy)
          }
          return [
            .more(
              try objective(Radio.amplifier).times(0.8), than: try objective(Radio.amplifier, "ep"),
              subject: Radio.amplifier, place: "T = \(deadline)", "four fifths of the proposal's objective are more"),
            .more(
              try objective(Radio.reported, "ep"), than: try objective(Radio.reported).times(0.95),
              subject: Radio.reported, place: "T = \(deadline)", "equal power has more than 95 %"),
          ]
        }
      },
      ScenarioClaim(
        61,
        "Fig. 4d, with this radio: without quantisation energy rises under a tight deadline, and by more than with an "
          + "amplifier."
      ) { evidence in
        try Radio.cells.flatMap { cell -> [Check] in
          func rise(_ radio: String, _ deadline: String) throws -> DrawSeries {
            try evidence.step(cell, radio, deadline, "nq").minus(try evidence.step(cell, radio, deadline))
          }
          return try ["4 s", "5 s"].flatMap { deadline -> [Check] in
            [
              .more(
                try evidence.step(cell, Radio.reported, deadline, "nq"),
                than: try evidence.step(cell, Radio.reported, deadline), subject: "nq",
                place: "\(cell.name), T = \(deadline)", "it needs more energy a participant than the proposal"),
              .more(
                try rise(Radio.reported, deadline), than: try rise(Radio.amplifier, deadline), subject: "both radios",
                place: "\(cell.name), T = \(deadline)", "energy rises by more with TR 38.840's radio"),
            ]
          }
        }
      },
      ScenarioClaim(
        62, "Fig. 5d, with this radio: FL spends less energy on sending than SFL, and the proposal much less than SFL."
      ) { evidence in
        [
          try evidence.larger("round_uplink_energy_j", "sfl", than: "fl"),
          try evidence.larger("round_uplink_energy_j", "sfl", than: "sflam"),
        ]
      },
      ScenarioClaim(63, "Fig. 5f, with this radio: a round of FL needs most energy, one of the proposal least.") {
        evidence in
        try ["sl", "sfl"].map { try evidence.larger("round_energy_j", "fl", than: $0) }
          + ["fl", "sl", "sfl"].map { try evidence.larger("round_energy_j", $0, than: "sflam") }
      },
    ])
}

/// What varies in the studies of the group.
private enum Radio {
  static let key = "devices.radio_energy"
  static let amplifier = "amplifier"
  static let reported = "tr38840"
  static let all = [amplifier, reported]
  /// A tight one, the scenario's own, a loose one.
  static let deadlines = ["4 s", "5 s", "8 s"]
  static let equalPowers = ["0.5 W", "1 W", "2 W"].map { "{name: ep, power: \($0)}" }
  static let cells = [Cell.paper, .phones]

  /// Whose powers the devices have.
  enum Cell {
    case paper, phones

    var name: String { self == .paper ? "the paper's cell" : "phones" }
    /// The middle one of the paper's; a phone's largest power.
    var equalPower: String { self == .paper ? Radio.equalPowers[1] : "ep" }
  }
}

extension ScenarioEvidence {
  /// A metric in a cell, with a radio, at a deadline; without a policy, under the proposal.
  fileprivate func found(
    _ metric: String, _ cell: Radio.Cell, _ radio: String, _ deadline: String, _ policy: String? = nil
  ) throws -> DrawSeries {
    var settings = ["rounds": "1", Radio.key: radio, "deadline": deadline]
    if let policy { settings["policy"] = SweepSetting(path: "policy", value: policy).label }
    guard cell == .phones else { return try series(metric, of: "cell", settings) }
    (settings["devices.power_min"], settings["devices.power_max"]) = ("1 mW", "23 dBm")
    return try series(metric, of: "phones", settings)
  }

  /// E_n of a participant.
  fileprivate func step(
    _ cell: Radio.Cell, _ radio: String, _ deadline: String, _ policy: String? = nil
  ) throws -> DrawSeries {
    try found("step_energy_per_participant_j", cell, radio, deadline, policy)
  }

  /// Each of the others needs more energy per participant than the proposal, with TR 38.840's radio, at each deadline.
  fileprivate func lowest(_ cell: Radio.Cell, _ others: [String]) throws -> [Check] {
    try Radio.deadlines.flatMap { deadline in
      try others.map { other in
        .more(
          try step(cell, Radio.reported, deadline, other), than: try step(cell, Radio.reported, deadline),
          subject: SweepSetting(path: "policy", value: other).label, place: "T = \(deadline)",
          "it needs more energy a participant than the proposal")
      }
    }
  }

  /// A framework's figure is larger than another's with TR 38.840's radio, by geometric means as in Fig. 5.
  fileprivate func larger(_ metric: String, _ left: String, than right: String) throws -> Check {
    func figure(_ framework: String) throws -> DrawSeries {
      let policy = framework == "sflam" ? proposed : "fixed"
      return try series(
        metric, of: "frameworks",
        [
          "rounds": "1", Radio.key: Radio.reported, "deadline": "8 s", "devices.count": "20", "uplink.blocks": "20",
          "framework": framework, "policy": policy,
        ])
    }
    func name(_ framework: String) -> String { framework == "sflam" ? "the proposal" : framework }
    return .larger(
      try figure(left), than: try figure(right), subject: "\(name(left)), \(name(right))", place: "M = 20",
      "\(name(left)) has more than \(name(right))")
  }
}
