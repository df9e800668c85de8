import Statistics

/// Of NR's tables in the place of Shannon's bound, and of neighbours that come and go.
extension ClaimGroup {
  static let links: [ScenarioClaim] = [
    ScenarioClaim(
      47, "NR's tables lower the objective of every policy; of the proposal's loss, the cap is less than half."
    ) { evidence in
      let policies = [evidence.proposed] + Dynamics.policies.filter { !["bcd", "exact"].contains($0) }
      let lower = try policies.flatMap { policy -> [Check] in
        try Dynamics.tables.map { table -> Check in
          Check.more(
            try evidence.linked("objective", Dynamics.shannon, policy),
            than: try evidence.linked("objective", table, policy),
            subject: policy, place: table, "Shannon's bound has the higher objective")
        }
      }
      let shannon = try evidence.linked("objective", Dynamics.shannon)
      let capped = shannon.minus(try evidence.linked("objective", "cap of 7.4"))
      let parts = try Dynamics.tables.map { table -> Check in
        let taken = shannon.minus(try evidence.linked("objective", table))
        return .more(
          taken.times(0.5), than: capped, subject: "cap of 7.4", place: table,
          "half of what the table takes is more than what the cap takes")
      }
      return lower + parts
    },
    ScenarioClaim(
      48,
      "More than half of equal power's participants send at the most that a table up to 64QAM carries, more of them than of the proposal's."
    ) { evidence in
      try Dynamics.tables.flatMap { table -> [Check] in
        let metric = "link_full_share"
        let equal = try evidence.linked(metric, table, "ep")
        let half = Check.more(
          equal, than: equal.constant(0.5), subject: "ep", place: table, "more than half sends at the most")
        return [
          table == "256qam" ? half.beside : half,
          .more(
            equal, than: try evidence.linked(metric, table), subject: "ep, proposal", place: table,
            "more of equal power's participants send at the most"),
        ]
      }
    },
    ScenarioClaim(
      49, "The tables' steps take bits from the proposal, and fewer of its participants send with their least power."
    ) { evidence in
      try ["bits_mean", "power_at_minimum_share"].flatMap { metric -> [Check] in
        try Dynamics.tables.map { table -> Check in
          .more(
            try evidence.linked(metric, Dynamics.shannon), than: try evidence.linked(metric, table),
            subject: metric == "bits_mean" ? "bits" : "at least power", place: table, "Shannon's bound has more")
        }
      }
    },
    ScenarioClaim(50, "The proposal stays above equal power, random blocks and full precision under every table.") {
      evidence in
      try ["ep", "rb", "nq"].flatMap { other -> [Check] in
        try Dynamics.tables.map { table -> Check in
          .more(
            try evidence.linked("objective", table), than: try evidence.linked("objective", table, other),
            subject: other,
            place: table, "the proposal has the higher objective")
        }
      }
    },
    ScenarioClaim(
      51, "Full precision is above equal power with Shannon's bound, and below it with tables that end at 64QAM."
    ) {
      evidence in
      let above = Check.more(
        try evidence.linked("objective", Dynamics.shannon, "nq"),
        than: try evidence.linked("objective", Dynamics.shannon, "ep"), subject: "nq, ep", place: Dynamics.shannon,
        "nq has the higher objective")
      let tables = try Dynamics.tables.map { table -> Check in
        let below = Check.more(
          try evidence.linked("objective", table, "ep"), than: try evidence.linked("objective", table, "nq"),
          subject: "ep, nq", place: table, "ep has the higher objective")
        return table == "256qam" ? below.beside : below
      }
      return [above] + tables
    },
  ]

  static let neighbours: [ScenarioClaim] = [
    ScenarioClaim(
      52,
      "Planned by the neighbours' mean and played with them on and off, more than one in ten of the proposal's devices is late, "
        + "more than under equal power; the objective loses more than by the mean."
    ) { evidence in
      let late = try evidence.among(Dynamics.neighbours, "late", Dynamics.standing)
      func loss(_ fading: String) throws -> DrawSeries {
        try evidence.among(nil, "objective", fading).minus(
          try evidence.among(Dynamics.neighbours, "objective", fading))
      }
      let planned = try evidence.among(Dynamics.neighbours, "devices_selected", Dynamics.standing)
      return [
        .more(
          late, than: planned.times(0.1), subject: "late",
          place: "gains that stand still", "more than one in ten is late"),
        .more(
          late, than: try evidence.among(Dynamics.neighbours, "late", Dynamics.standing, "ep"), subject: "ep",
          place: "gains that stand still", "more of the proposal's devices are late"),
        .more(
          try loss(Dynamics.standing), than: try loss(Dynamics.still), subject: "played, mean",
          place: "gains that stand still", "played, neighbours take more of the objective"),
      ]
    },
    ScenarioClaim(53, "A margin of 2 % wins back more than half of what neighbours take.") { evidence in
      let without = try evidence.among(nil, "objective", Dynamics.standing)
      let played = try evidence.among(Dynamics.neighbours, "objective", Dynamics.standing)
      let margin = try evidence.among(Dynamics.neighbours, "objective", Dynamics.standing, margin: "0.02")
      return [
        .more(
          margin.minus(played), than: without.minus(played).times(0.5), subject: "2 %", place: "gains that stand still",
          "the margin wins back more than half")
      ]
    },
    ScenarioClaim(
      54, "Fading at 3 km/h alone makes more devices late than neighbours alone; on top of it they add less than one."
    ) { evidence in
      let fading = Dynamics.moving(Dynamics.walk)
      let alone = try evidence.among(nil, "late", fading)
      let added = try evidence.among(Dynamics.neighbours, "late", fading).minus(alone)
      return [
        .more(
          alone, than: try evidence.among(Dynamics.neighbours, "late", Dynamics.standing),
          subject: "fading, neighbours",
          place: Dynamics.walk, "fading alone has more late devices"),
        .more(
          added.constant(1), than: added, subject: "both, fading", place: Dynamics.walk,
          "neighbours add less than one late device"),
      ]
    },
  ]
}
