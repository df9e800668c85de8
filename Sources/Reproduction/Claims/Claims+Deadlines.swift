import Statistics

/// Fig. 4d-f: the proposal and its benchmarks against the deadline.
extension Claim {
  static let deadlines = [
    Claim(7, "4d", "The proposal has the lowest mean energy.") { evidence in
      try evidence.againstBenchmarks { deadline, other in
        .more(
          try evidence.energy(deadline, other), than: try evidence.energy(deadline), subject: other,
          place: try evidence.place(deadline), "it needs more energy a participant than the proposal")
      }
    },
    Claim(8, "4d", "Without quantisation fewer devices meet a tight deadline, and energy rises.") { evidence in
      var checks: [Check] = []
      let names = evidence.deadlineNames
      for deadline in names {
        let isTight = try evidence.isTight(deadline)
        let fewer = Check.more(
          try evidence.participants(deadline), than: try evidence.participants(deadline, "nq"), subject: "participants",
          place: try evidence.place(deadline), "the proposal has more participants than nq")
        let dearer = Check.more(
          try evidence.energy(deadline, "nq"), than: try evidence.energy(deadline), subject: "energy of a participant",
          place: try evidence.place(deadline), "nq needs more energy a participant than the proposal")
        checks += isTight ? [fewer, dearer] : [fewer.beside, dearer.beside]
      }
      if let loose = names.last {
        for tight in names where try evidence.isTight(tight) {
          checks.append(
            .more(
              try evidence.energy(tight, "nq"), than: try evidence.energy(loose, "nq"), subject: "nq's energy",
              place: "\(try evidence.place(tight)) and \(try evidence.place(loose))",
              "nq needs more energy a participant under the tight deadline than under the loosest"))
        }
      }
      return checks
    },
    Claim(9, "4d", "Equal power needs more energy.") { evidence in
      try evidence.deadlineNames.flatMap { deadline in
        try Evidence.equalPowers.map { other in
          .more(
            try evidence.energy(deadline, other), than: try evidence.energy(deadline), subject: other,
            place: try evidence.place(deadline), "it needs more energy a participant than the proposal")
        }
      }
    },
    Claim(10, "4d", "The more of that equal power, the more devices meet a tight deadline.") { evidence in
      try evidence.deadlineNames.flatMap { deadline in
        try zip(Evidence.equalPowers, Evidence.equalPowers.dropFirst()).map { less, more in
          let check = Check.more(
            try evidence.participants(deadline, more), than: try evidence.participants(deadline, less),
            subject: "\(less) and \(more)", place: try evidence.place(deadline), "more power has more participants")
          return try evidence.isTight(deadline) ? check : check.beside
        }
      }
    },
    Claim(11, "4e", "The proposal has the highest objective.") { evidence in
      try evidence.againstBenchmarks { deadline, other in
        .more(
          try evidence.objective(deadline), than: try evidence.objective(deadline, other), subject: other,
          place: try evidence.place(deadline), "the proposal has the higher objective")
      }
    },
    Claim(12, "4e", "Quantisation is worth most under a tight deadline.") { evidence in
      try evidence.neighbours.map { shorter, longer in
        let (a, b) = (try evidence.kept("nq", of: nil, shorter), try evidence.kept("nq", of: nil, longer))
        return .positive(
          difference(b, a), left: b, right: a, subject: "nq's part of the proposal's objective",
          place: "\(try evidence.place(shorter)) and \(try evidence.place(longer))",
          "nq keeps more of the objective under the longer deadline")
      }
    },
    Claim(13, "4e", "With much equal power, quantisation and the choice of blocks matter less.") { evidence in
      guard let less = Evidence.equalPowers.first, let more = Evidence.equalPowers.last else { return [] }
      func checks(_ subject: String, _ suffix: String, _ deadline: String) throws -> Check {
        let part = { power in
          try evidence.kept("restricted \(power.dropFirst(3)) \(suffix)", of: power, deadline)
        }
        let (a, b) = (try part(less), try part(more))
        return .positive(
          difference(b, a), left: b, right: a, subject: subject, place: try evidence.place(deadline),
          "\(more) keeps more of its objective without it than \(less)")
      }
      return try evidence.deadlineNames.flatMap { deadline in
        [
          try checks("quantisation", "32 bits", deadline),
          try checks("choice of blocks", "matching random", deadline),
        ]
      }
    },
    Claim(14, "4f", "Mean bits grow with the deadline.") { evidence in
      try evidence.neighbours.map { shorter, longer in
        .more(
          try evidence.bits(longer), than: try evidence.bits(shorter), subject: "bits",
          place: "\(try evidence.place(shorter)) and \(try evidence.place(longer))",
          "the longer deadline has more bits")
      }
    },
  ]

  private static func difference(_ left: DrawEstimate?, _ right: DrawEstimate?) -> DrawEstimate? {
    guard let left, let right else { return nil }
    return left - right
  }
}

extension Evidence {
  /// EP as the paper compares it, by power.
  static let equalPowers = ["ep 0.5 W", "ep 1 W", "ep 2 W"]
  /// The benchmarks as the paper has them, each matched as well as it can be.
  static let benchmarks = ["nq", "rb"] + equalPowers
  /// The same in the descent's own loop and matching.
  static let likeForLike = ["bcd-nq", "bcd-rb"] + equalPowers.map { "bcd-\($0)" }

  /// A comparison with every benchmark at every deadline; with those that are like for like beside the claim.
  fileprivate func againstBenchmarks(_ check: (String, String) throws -> Check) throws -> [Check] {
    let known = Set(deadlines.values(of: "policy"))
    return try deadlineNames.flatMap { deadline in
      try Self.benchmarks.map { try check(deadline, $0) }
        + Self.likeForLike.filter(known.contains).map { try check(deadline, $0).beside }
    }
  }

  /// Each deadline with the next longer one.
  fileprivate var neighbours: [(String, String)] { Array(zip(deadlineNames, deadlineNames.dropFirst())) }

  /// Whether a deadline is tight: at least a twentieth of the blocks stays empty under the optimum, in the mean and its
  /// whole interval.
  fileprivate func isTight(_ deadline: String) throws -> Bool {
    guard let participants = try participants(deadline, "exact").estimate else { return false }
    let most = participants.interval?.upperBound ?? (participants.estimate.isConstant ? participants.value : .infinity)
    return most < 0.95 * Double(blocks)
  }

  /// The part of a policy's objective, the proposal's where it is `nil`, that another one keeps at a deadline.
  fileprivate func kept(_ other: String, of whole: String?, _ deadline: String) throws -> DrawEstimate? {
    guard let part = try objective(deadline, other).estimate, let all = try objective(deadline, whole).estimate,
      all.value > 0
    else { return nil }
    return part / all
  }
}
