/// Fig. 3 and Fig. 6, from the traces of training: few seeds, so that little can be told apart.
package struct TrainingClaim: Sendable {
  /// Its number, after those of ``Claim/all``.
  package var number: Int
  /// The figure it is about, `6`.
  package var figure: String
  /// What is claimed.
  package var text: String
  private let checks: @Sendable (TrainingTraces) throws -> [Check]

  private init(
    _ number: Int, _ figure: String, _ text: String,
    checks: @escaping @Sendable (TrainingTraces) throws -> [Check]
  ) {
    self.number = number
    self.figure = figure
    self.text = text
    self.checks = checks
  }

  /// What the traces of its figure say of it.
  ///
  /// - Throws: ``ReproductionError`` where a curve is missing.
  package func judged(by traces: TrainingTraces) throws -> Finding {
    Finding(claim: number, base: "training", proposed: "exact", judging: try checks(traces))
  }

  /// The claims on Fig. 3 and Fig. 6.
  package static let all = [
    TrainingClaim(21, "3", "Very few bits cost accuracy.") { traces in
      try ["1", "2", "3"].map { few in
        .more(
          try traces.curve(["bits": "32"]).finalAccuracy, than: try traces.curve(["bits": few]).finalAccuracy,
          subject: "final accuracy", place: "\(few) and 32 bits", "32 bits end with the higher accuracy")
      }
    },
    TrainingClaim(22, "3", "From a few bits on, more bits gain no accuracy.") { traces in
      try ["6", "8", "16"].map { some in
        .equal(
          try traces.curve(["bits": some]).finalAccuracy, to: try traces.curve(["bits": "32"]).finalAccuracy,
          subject: "final accuracy", place: "\(some) and 32 bits", "both end with the same accuracy")
      }
    },
    TrainingClaim(23, "6", "The proposal is the first to learn, in seconds and in joules.") { traces in
      try traces.values(of: "alpha").flatMap { alpha in
        try ["sfl", "sl", "fl"].flatMap { other -> [Check] in
          let (ours, theirs) = (try traces.curve(alpha, "sflam"), try traces.curve(alpha, other))
          return [("seconds", \TrainingTraces.Round.time), ("joules", \.energy)].map { unit, path in
            .larger(
              theirs.first(reaching: target) { $0[keyPath: path] },
              than: ours.first(reaching: target) { $0[keyPath: path] },
              subject: "\(other), \(unit)", place: "alpha = \(alpha)",
              "it needs more \(unit) to an accuracy of \(target) than the proposal")
          }
        }
      }
    },
    TrainingClaim(24, "6", "Local learning ends worst, the more so the less alike the devices' data are.") { traces in
      try traces.values(of: "alpha").flatMap { alpha in
        try ["sflam", "sfl", "sl", "fl"].map { other in
          .more(
            try traces.curve(alpha, other).finalAccuracy, than: try traces.curve(alpha, "ll").finalAccuracy,
            subject: "\(other), ll", place: "alpha = \(alpha)", "it ends with the higher accuracy")
        }
      }
    },
    TrainingClaim(25, "6", "SL takes longer to learn than SFL.") { traces in
      try traces.slower("sl")
    },
    TrainingClaim(26, "6", "FL takes longer to learn than SFL.") { traces in
      try traces.slower("fl")
    },
  ]

  /// The accuracy to reach in Fig. 6: all but `ll` do, with every seed.
  static let target = 0.6
}

extension TrainingTraces {
  /// The values under a label, in order.
  func values(of key: String) -> [String] {
    var values: [String] = []
    for curve in curves {
      if let value = curve.label(key), !values.contains(value) { values.append(value) }
    }
    return values
  }

  func curve(_ labels: [String: String]) throws -> Curve {
    if let curve = curves.first(where: { curve in labels.allSatisfy { curve.label($0.key) == $0.value } }) {
      return curve
    }
    let shown = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    throw ReproductionError("there is no training trace of \(shown)")
  }

  fileprivate func curve(_ alpha: String, _ framework: String) throws -> Curve {
    try curve(["alpha": alpha, "framework": framework])
  }

  fileprivate func slower(_ framework: String) throws -> [Check] {
    try values(of: "alpha").map { alpha in
      .larger(
        try curve(alpha, framework).first(reaching: TrainingClaim.target) { $0.time },
        than: try curve(alpha, "sfl").first(reaching: TrainingClaim.target) { $0.time },
        subject: "\(framework), sfl", place: "alpha = \(alpha)",
        "it needs more seconds to an accuracy of \(TrainingClaim.target)")
    }
  }
}
