import Allocation
import Experiments
import Scenario
import Testing
import Units

@testable import Reproduction

@Suite("Claims")
struct ClaimTests {
  private func verdict(_ number: Int, _ world: HandMade, proposed: String = "bcd") throws -> Verdict {
    let claim = try #require(Claim.all.first { $0.number == number })
    return try claim.judged(by: world.evidence(proposed: proposed)).verdict
  }

  @Test("are numbered from 1 without a gap, those of training last")
  func numbers() {
    #expect(ClaimReport.headings.map(\.number) == Array(1...26))
  }

  @Test("hold in a world made so that they do", arguments: Claim.all.map(\.number), ["bcd", "exact"])
  func holds(number: Int, proposed: String) throws {
    let needsPasses = try #require(Claim.all.first { $0.number == number }).needsPasses
    let expected: Verdict = proposed == "exact" && needsPasses ? .notApplicable : .holds
    #expect(try verdict(number, HandMade(), proposed: proposed) == expected)
  }

  /// For every claim, what is turned round so that it fails.
  static let reversals: [(claim: Int, change: HandMade.Change)] = [
    (1, { $0.isPass && $0.metric == "candidate_energy" && $0.pass == 2 ? $1 * 3 : $1 }),
    (2, { $0.isPass && $0.metric == "candidate_energy" && $0.deadline == "8 s" ? $1 * 3 : $1 }),
    (3, { $0.isPass && $0.metric == "energy" ? $1 * 5 : $1 }),
    (4, { $0.metric == "devices_selected" && $0.policy == "bcd" ? 10 : $1 }),
    (5, { $0.metric == "objective" && $0.policy == "bcd" && $0.deadline == "8 s" ? 1 : $1 }),
    (6, { $0.isPass && $0.metric == "passes" && $0.deadline == "5 s" ? 50 : $1 }),
    (7, { $0.metric == "step_energy_j" && $0.policy == "ep 1 W" && $0.deadline == "5 s" ? 0.1 : $1 }),
    (8, { $0.metric == "devices_selected" && $0.policy == "nq" ? 9 : $1 }),
    (9, { $0.metric == "step_energy_j" && $0.policy == "ep 2 W" ? $1 / 4 : $1 }),
    (10, { $0.metric == "devices_selected" && $0.policy == "ep 2 W" && $0.deadline == "4 s" ? 1 : $1 }),
    (11, { $0.metric == "objective" && $0.policy == "nq" && $0.deadline == "8 s" ? $1 * 2 : $1 }),
    (12, { $0.metric == "objective" && $0.policy == "nq" && $0.deadline == "8 s" ? $1 / 4 : $1 }),
    (13, { $0.metric == "objective" && $0.policy == "restricted 2 W 32 bits" ? $1 / 4 : $1 }),
    (14, { $0.metric == "bits_mean" && $0.deadline == "8 s" ? 5 : $1 }),
    (15, { $0.metric == "round_compute_time_s" && $0.framework == "sl" ? $1 / 100 : $1 }),
    (16, { $0.metric == "round_compute_energy_j" && $0.framework == "sfl" ? $1 * 1.1 : $1 }),
    (17, { $0.metric == "round_uplink_time_s" && $0.framework == "fl" ? $1 * 100 : $1 }),
    (18, { $0.metric == "round_uplink_energy_j" && $0.framework == "sflam" ? $1 * 1000 : $1 }),
    (19, { $0.metric == "round_time_s" && $0.framework == "sflam" ? $1 * 1000 : $1 }),
    (20, { $0.metric == "round_energy_j" && $0.framework == "fl" ? $1 / 1000 : $1 }),
  ]

  @Test("fail where what they say is turned round", arguments: reversals.indices)
  func fails(index: Int) throws {
    let (claim, change) = Self.reversals[index]
    #expect(try verdict(claim, HandMade(changing: change)) == .fails, "claim \(claim)")
  }

  /// For every claim that draws can leave open, whose figures are drawn about those of another so that they do.
  static let blurs: [(claim: Int, change: HandMade.Change)] = [
    (1, { $0.isPass && $0.metric == "candidate_energy" && $0.deadline == "5 s" ? $0.noisy(4) : $1 }),
    (2, { $0.isPass && $0.metric == "candidate_energy" ? $0.noisy(4) : $1 }),
    (
      3,
      {
        $0.isPass && ["candidate_energy", "energy"].contains($0.metric) ? $0.noisy($0.metric == "energy" ? 1 : 2) : $1
      }
    ),
    (4, { $0.metric == "step_energy_j" && $0.policy == "bcd" ? $0.noisy(0.2) * $0.participants : $1 }),
    (5, { $0.metric == "bits_mean" ? $0.noisy(9) : $1 }),
    (7, { $0.metric == "step_energy_j" && $0.policy == "rb" ? $0.noisy(0.13) * $0.participants : $1 }),
    (8, { $0.metric == "step_energy_j" && $0.policy == "nq" ? $0.noisy(0.13) * $0.participants : $1 }),
    (9, { $0.metric == "step_energy_j" && $0.policy == "ep 1 W" ? $0.noisy(0.13) * $0.participants : $1 }),
    (10, { $0.metric == "devices_selected" && $0.policy.hasPrefix("ep") ? $0.noisy(5) : $1 }),
    (11, { $0.metric == "objective" && $0.policy == "ep 1 W" && $0.deadline == "5 s" ? $0.noisy(6) : $1 }),
    (12, { $0.metric == "objective" && $0.policy == "nq" ? $0.noisy(["4 s": 1.5, "5 s": 3][$0.deadline] ?? 4) : $1 }),
    (13, { $0.metric == "objective" && $0.policy.hasPrefix("restricted") ? $0.noisy(1) : $1 }),
    (14, { $0.metric == "bits_mean" ? $0.noisy(9) : $1 }),
    (15, { $0.metric == "round_compute_time_s" && $0.framework == "sl" ? $0.noisy(400) : $1 }),
    (16, { $0.metric == "round_compute_energy_j" && $0.framework == "sl" ? $0.noisy(100) : $1 }),
    (17, { $0.metric == "round_uplink_time_s" && $0.framework == "sfl" ? $0.noisy(400) : $1 }),
    (18, { $0.metric == "round_uplink_energy_j" && $0.framework == "sfl" ? $0.noisy(1300) : $1 }),
    (19, { $0.metric == "round_time_s" && $0.framework == "sl" ? $0.noisy(30_000) : $1 }),
    (20, { $0.metric == "round_energy_j" && $0.framework == "sl" ? $0.noisy(9000) : $1 }),
  ]

  @Test("are not separable where draws scatter too much", arguments: blurs.indices)
  func unclear(index: Int) throws {
    let (claim, change) = Self.blurs[index]
    #expect(try verdict(claim, HandMade(changing: change)) == .notSeparable, "claim \(claim)")
  }

  @Test("that the objective falls in some pass stands beside the claim that it converges")
  func monotony() throws {
    let world = HandMade { $0.isPass && $0.metric == "objective" && $0.pass == 1 ? 9 : $1 }
    let claim = try #require(Claim.all.first { $0.number == 6 })
    let finding = try claim.judged(by: world.evidence())
    #expect(finding.verdict == .holds)
    #expect(finding.checks.contains { !$0.isClaimed && $0.verdict == .fails && $0.statement == "it falls in no pass" })
  }

  @Test("the paper's descent may lose to a benchmark that the optimum beats")
  func proposals() throws {
    let world = HandMade { $0.metric == "objective" && $0.policy == "exact" ? $1 * 2 : $1 }
    let better = HandMade {
      let value = world.change($0, $1)
      return $0.metric == "objective" && $0.policy == "nq" && $0.deadline == "8 s" ? value * 1.5 : value
    }
    #expect(try verdict(11, better) == .fails)
    #expect(try verdict(11, better, proposed: "exact") == .holds)
  }

  @Test("say which runs are missing")
  func missing() throws {
    var evidence = HandMade().evidence()
    evidence.deadlines = StudyResult(RunTable(points: [], rows: []))
    let claim = try #require(Claim.all.first { $0.number == 5 })
    #expect(throws: ReproductionError.self) { try claim.judged(by: evidence) }
  }
}

@Suite("Claims on training")
struct TrainingClaimTests {
  private func traces(
    _ labels: [[(key: String, value: String)]], _ accuracy: ([String], Int) -> Double,
    pace: ([String], Int) -> Double = { _, _ in 1 }
  ) -> TrainingTraces {
    TrainingTraces(
      curves: labels.map { labels in
        let values = labels.map(\.value)
        return TrainingTraces.Curve(
          labels: labels,
          seeds: (0..<3).map { seed in
            (1...4).map { round in
              let time = Double(round) * pace(values, seed)
              return TrainingTraces.Round(
                round: round, time: time, energy: 2 * time,
                accuracy: round.isMultiple(of: 2) ? accuracy(values, seed) * Double(round) / 4 : nil)
            }
          })
      })
  }

  private func verdict(_ number: Int, _ traces: TrainingTraces) throws -> Verdict {
    try #require(TrainingClaim.all.first { $0.number == number }).judged(by: traces).verdict
  }

  private let bits = ["1", "2", "3", "6", "8", "16", "32"].map { [(key: "bits", value: $0)] }
  private let frameworks = ["sflam", "sfl", "sl", "fl", "ll"].map {
    [(key: "alpha", value: "0.1"), (key: "framework", value: $0)]
  }

  @Test("few bits cost accuracy, and more than a few gain none")
  func bitsOfTraining() throws {
    let good = traces(bits) { labels, seed in
      (Int(labels[0]) ?? 0) < 6 ? 0.5 + 0.001 * Double(seed) : 0.8 + 0.001 * Double(seed)
    }
    #expect(try verdict(21, good) == .holds && verdict(22, good) == .holds)
    let linear = traces(bits) { labels, seed in 0.1 + 0.02 * (Double(labels[0]) ?? 0) + 0.0001 * Double(seed) }
    #expect(try verdict(22, linear) == .fails)
    let noisy = traces(bits) { labels, seed in
      let bits = Int(labels[0]) ?? 0
      return 0.6 + 0.1 * Double((seed + bits) % 3) + 0.001 * Double(bits % 7 * seed)
    }
    #expect(try verdict(21, noisy) == .notSeparable && verdict(22, noisy) == .notSeparable)
  }

  @Test("who is first to an accuracy is told by seconds and joules until then")
  func pace() throws {
    let order = ["sflam": 1.0, "sfl": 10, "sl": 20, "fl": 30, "ll": 5]
    let accuracy = { (labels: [String], _: Int) in labels[1] == "ll" ? 0.3 : 0.9 }
    let good = traces(frameworks, accuracy) { labels, seed in (order[labels[1]] ?? 1) * (1 + 0.01 * Double(seed)) }
    for claim in 23...26 { #expect(try verdict(claim, good) == .holds, "claim \(claim)") }
    let slow = traces(frameworks, accuracy) { labels, seed in
      (labels[1] == "sflam" ? 100 : order[labels[1]] ?? 1) * (1 + 0.01 * Double(seed))
    }
    #expect(try verdict(23, slow) == .fails)
    let flat = traces(frameworks, { _, seed in 0.9 + 0.01 * Double(seed) }) { labels, seed in
      1 + Double((seed * 7 + labels[1].count * 3) % 5)
    }
    for claim in 23...26 { #expect(try verdict(claim, flat) != .holds, "claim \(claim)") }
  }
}
