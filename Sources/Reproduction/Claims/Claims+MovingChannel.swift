import Statistics

/// Of a channel that moves: which of the paper's claims survive it.
extension ClaimGroup {
  static let movingChannel: [ScenarioClaim] = [
    ScenarioClaim(
      32,
      "A moving channel takes a third and more of the objective that an instant promises, and makes a third late."
    ) { evidence in
      let still = try evidence.moving("objective", Dynamics.still, "snapshot")
      return try Dynamics.speeds.flatMap { speed -> [Check] in
        let fading = Dynamics.moving(speed)
        let planned = try evidence.moving("devices_selected", fading, "snapshot")
        return [
          .more(
            still.times(2 / 3), than: try evidence.moving("objective", fading, "snapshot"), subject: "objective",
            place: speed, "two thirds of that of a still channel are more"),
          .more(
            try evidence.moving("late", fading, "snapshot"), than: planned.times(1 / 3), subject: "late", place: speed,
            "more than a third of those that were planned for are late"),
        ]
      }
    },
    ScenarioClaim(
      33,
      "The slower gains change, the more devices are late: an upload that lasts through many fades meets their mean."
    ) { evidence in
      try Dynamics.kinds.flatMap { kind -> [Check] in
        try zip(Dynamics.speeds, Dynamics.speeds.dropFirst()).map { slower, faster -> Check in
          .more(
            try evidence.moving("late", Dynamics.moving(slower), kind),
            than: try evidence.moving("late", Dynamics.moving(faster), kind), subject: "\(slower) and \(faster)",
            place: kind, "the slower one has more late devices")
        }
      }
    },
    ScenarioClaim(34, "The optimum of Eq. (22) stays above the paper's descent.") { evidence in
      try Dynamics.kinds.flatMap { try evidence.above("bcd", "exact", $0) }
    },
    ScenarioClaim(35, "The proposal stays above random blocks and full precision.") { evidence in
      try Dynamics.kinds.flatMap { kind -> [Check] in
        try ["rb", "nq"].flatMap { try evidence.above($0, nil, kind) }
      }
    },
    ScenarioClaim(36, "Planned by an instant, the proposal stays above equal power.") { evidence in
      try evidence.above("ep", nil, "snapshot")
    },
    ScenarioClaim(37, "Planned by the gains without their fading, the proposal stays above equal power.") { evidence in
      try evidence.above("ep", nil, "mean")
    },
    ScenarioClaim(
      38,
      "A step of the proposal still takes a participant less energy than one of equal power, full precision or random blocks."
    ) { evidence in
      try ["ep", "nq", "rb"].flatMap { other -> [Check] in
        try Dynamics.speeds.map { speed -> Check in
          let metric = "step_energy_per_participant_j"
          let fading = Dynamics.moving(speed)
          return .more(
            try evidence.moving(metric, fading, "snapshot", other),
            than: try evidence.moving(metric, fading, "snapshot"),
            subject: other, place: speed, "it takes more energy a step than the proposal")
        }
      }
    },
    ScenarioClaim(
      39,
      "A device in time costs more joules than on a still channel, those of late devices included; under equal power still more."
    ) { evidence in
      try Dynamics.speeds.flatMap { speed -> [Check] in
        let own = try evidence.energyInTime(Dynamics.moving(speed))
        return [
          .more(
            own, than: try evidence.energyInTime(Dynamics.still), subject: "still", place: speed,
            "motion takes more energy per device in time"),
          .more(
            try evidence.energyInTime(Dynamics.moving(speed), "ep"), than: own, subject: "ep", place: speed,
            "it takes more energy per device in time than the proposal"),
        ]
      }
    },
  ]
}

extension ScenarioEvidence {
  /// A policy's objective is above another's at every speed; without `policy`, the proposal's.
  fileprivate func above(_ other: String, _ policy: String?, _ kind: String) throws -> [Check] {
    try Dynamics.speeds.map { speed -> Check in
      let fading = Dynamics.moving(speed)
      return .more(
        try moving("objective", fading, kind, policy), than: try moving("objective", fading, kind, other),
        subject: other,
        place: "\(speed), \(kind)", "\(policy ?? "the proposal") has the higher objective")
    }
  }

  /// Joules of a round per device that is in time, over all draws; planned by an instant.
  fileprivate func energyInTime(_ fading: String, _ policy: String? = nil) throws -> DrawSeries {
    DrawSeries(
      try moving("round_energy_j", fading, "snapshot", policy).values,
      per: try moving("devices_completed", fading, "snapshot", policy).values)
  }
}
