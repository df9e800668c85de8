import Statistics

/// Of what is known of a channel that moves: means, age, margins, and the future.
extension ClaimGroup {
  static let knowledge: [ScenarioClaim] = [
    ScenarioClaim(
      40,
      "Where gains move, a plan without their fading is better than one by an instant; where they stand still, it is worse."
    ) { evidence in
      let still = Check.more(
        try evidence.moving("objective", Dynamics.still, "snapshot"),
        than: try evidence.moving("objective", Dynamics.still, "mean"), subject: "snapshot, mean", place: "still",
        "the instant has the higher objective")
      let moving = try Dynamics.speeds.map { speed -> Check in
        let fading = Dynamics.moving(speed)
        return .more(
          try evidence.moving("objective", fading, "mean"), than: try evidence.moving("objective", fading, "snapshot"),
          subject: "mean, snapshot", place: speed, "the mean has the higher objective")
      }
      return moving + [still]
    },
    ScenarioClaim(
      41,
      "What the mean adds to a plan by an instant is more than what is lost if that instant is a second old or half wrong."
    ) { evidence in
      try Dynamics.speeds.flatMap { speed -> [Check] in
        let fresh = try evidence.estimated("objective", speed, "{kind: snapshot}")
        let gain = try evidence.estimated("objective", speed, "{kind: mean}").minus(fresh)
        let old = fresh.minus(try evidence.estimated("objective", speed, "{delay: 1 s}"))
        let wrong = fresh.minus(try evidence.estimated("objective", speed, "{error: 0.5}"))
        return [
          .more(gain, than: old, subject: "a second old", place: speed, "the mean adds more than that loses"),
          .more(gain, than: wrong, subject: "error of 50 %", place: speed, "the mean adds more than that loses"),
        ]
      }
    },
    ScenarioClaim(
      42, "A margin of 5 % or 10 % of the deadline pays; one of 25 % costs more than it saves."
    ) { evidence in
      try Dynamics.kinds.flatMap { kind -> [Check] in
        try Dynamics.speeds.flatMap { speed -> [Check] in
          let without = try evidence.moving("objective", Dynamics.moving(speed), kind)
          func with(_ margin: String) throws -> DrawSeries {
            try evidence.moving("objective", Dynamics.moving(speed), kind, margin: margin)
          }
          let place = "\(speed), \(kind)"
          return [
            .more(try with("0.05"), than: without, subject: "5 %", place: place, "the margin has the higher objective"),
            .more(try with("0.1"), than: without, subject: "10 %", place: place, "the margin has the higher objective"),
            .more(without, than: try with("0.25"), subject: "25 %", place: place, "no margin has the higher objective"),
          ]
        }
      }
    },
    ScenarioClaim(
      43, "With a margin of 5 %, planned without fading, the proposal is above equal power with margin or without."
    ) { evidence in
      try Dynamics.speeds.flatMap { speed -> [Check] in
        let fading = Dynamics.moving(speed)
        let own = try evidence.moving("objective", fading, "mean", margin: "0.05")
        return [
          .more(
            own, than: try evidence.moving("objective", fading, "mean", margin: "0.05", "ep"),
            subject: "ep, margin of 5 %",
            place: speed, "the proposal has the higher objective"),
          .more(
            own, than: try evidence.moving("objective", fading, "mean", "ep"), subject: "ep", place: speed,
            "the proposal has the higher objective"),
        ]
      }
    },
    ScenarioClaim(
      44, "At 3 km/h no policy that plans by an instant comes to 60 % of what one does who knows the future."
    ) { evidence in
      try Dynamics.policies.map { policy -> Check in
        let regret = try evidence.walking("regret", "snapshot", policy)
        return .more(
          regret, than: regret.constant(0.4), subject: policy, place: Dynamics.walk, "the regret is more than 40 %")
      }
    },
    ScenarioClaim(
      45, "A plan without fading lowers the regret, a margin of 10 % lowers it further; together they halve it."
    ) { evidence in
      let instant = try evidence.walking("regret", "snapshot")
      let mean = try evidence.walking("regret", "mean")
      let both = try evidence.walking("regret", "mean", margin: Dynamics.margin)
      return [
        .more(instant, than: mean, subject: "mean", place: Dynamics.walk, "it has the lower regret"),
        .more(mean, than: both, subject: "mean, margin of 10 %", place: Dynamics.walk, "it has the lower regret"),
        .more(
          instant.times(0.5), than: both, subject: "half", place: Dynamics.walk,
          "half of the regret by an instant is more"),
      ]
    },
    ScenarioClaim(
      46, "Most of what motion takes is lost by not knowing it: who knows the future loses less than half of it."
    ) {
      evidence in
      let still = try evidence.moving("objective", Dynamics.still, "snapshot")
      let planned = try evidence.walking("objective", "snapshot")
      let known = try evidence.walking("objective_clairvoyant", "snapshot")
      return [
        .more(
          known.minus(planned), than: still.minus(planned).times(0.5), subject: "known future, still channel",
          place: Dynamics.walk,
          "knowing wins back more than half")
      ]
    },
  ]
}
