import Allocation
import ArgumentParser
import CAllocationCounter
import Foundation
import Randomness
import Wireless

/// The verb `allocations`: how often memory is asked for, which does not depend on how busy the machine is.
struct Allocations: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count allocations per event, round, allocation round and training step.",
    discussion: "Build it with -c release: a debug build asks for more. Needs the C library of GNU.")

  @Option(help: "Fail where there are more than this file says: a number for each count.")
  var check: String?

  func run() throws {
    guard let counts = try counts() else {
      return note("allocations cannot be counted with this C library: nothing is checked")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(counts), as: UTF8.self))
    guard let check else { return }
    let most = try JSONDecoder().decode([String: Double].self, from: Data(contentsOf: URL(fileURLWithPath: check)))
    let names = Set(counts.keys).union(most.keys).sorted()
    let wrong = names.filter { (counts[$0] ?? .infinity) > (most[$0] ?? -1) }
    for name in wrong {
      note(
        "error: \(check): \(name): counted \(counts[name].map { "\($0)" } ?? "nothing"), "
          + "at most \(most[name].map { "\($0)" } ?? "nothing") is allowed")
    }
    for name in names where !wrong.contains(name) && counts[name] ?? 0 < most[name] ?? 0 {
      note("\(check): \(name) could be lowered to \(counts[name] ?? 0)")
    }
    if !wrong.isEmpty { throw ExitCode.failure }
  }

  private func counts() throws -> [String: Double]? {
    var counts: [String: Double] = [:]
    let kinds: [(String, accelerators: Int?, downlink: PaperCell.ModelDownload?)] = [
      ("event", nil, nil), ("event_with_queue", 2, nil), ("event_with_queue_and_downlink", 2, .broadcast),
    ]
    for (name, accelerators, downlink) in kinds {
      let load = RoundLoad(devices: 50, blocks: 10, steps: 20, accelerators: accelerators, downlink: downlink)
      guard let found = try load.allocations(rounds: load.rounds.count) else { return nil }
      counts[name] = found.perEvent
      let round = downlink == nil ? "round" : "round_with_downlink"
      counts[round] = max(found.perRound, counts[round] ?? 0)
    }
    counts["allocation_round"] = ofAllocationRound()
    counts["training_step"] = try ofTrainingStep()
    return counts
  }

  /// `exact` on the paper's cell, new gains each round.
  private func ofAllocationRound() -> Double {
    let cell = PaperCell(devices: 50, blocks: 10, seed: Seed(1))
    let rounds = 16
    var calls: Int64 = 0
    for round in 0...rounds {
      let problem = cell.problem(gains: cell.channel.generatedGains(round: round + 1).stored(), deadline: 5)
      allocation_counter_start()
      let allocation = ExactPolicy().allocate(problem, in: RoundContext(round: round + 1, seed: Seed(1)))
      _ = allocation_counter_stop()
      // The first one may set up what later ones find.
      if round > 0, !allocation.assignments.isEmpty { calls += allocation_counter_calls() }
    }
    return Double(calls) / Double(rounds)
  }

  private func ofTrainingStep() throws -> Double {
    let worker = TrainingWorker(try TrainingModel.small.architecture, batch: 4, device: 0)
    try worker.step(bits: 8)
    allocation_counter_start()
    for _ in 0..<2 { try worker.step(bits: 8) }
    _ = allocation_counter_stop()
    return Double(allocation_counter_calls()) / 2
  }
}
