import Allocation
import ArgumentParser
import Randomness
import Wireless

/// The verb `batch`: the paper's comparison, every draw under every policy and deadline, in one process.
struct Batch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the paper's comparison: draws x policies x deadlines in one process, on one thread.",
    discussion: "50 devices on 10 blocks. Drawing the devices and gains is counted.")

  @Option(help: "Draws of devices and gains.")
  var draws = 200

  @Option(help: "The seed of the draws.")
  var seed: UInt64 = 1

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  private static let policies = ["exact", "bcd", "ep", "rb", "nq"]
  private static let deadlines = [3.6, 3.8, 4.0, 4.25, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0]

  func validate() throws {
    guard (1...100_000).contains(draws) else { throw ValidationError("--draws allows 1 to 100000.") }
  }

  func run() throws {
    let policies = try Self.policies.map { name in
      guard let entry = PolicyRegistry.entry(named: name) else {
        throw Kernel.Failure(description: "no policy is called '\(name)'")
      }
      return (name: name, policy: try entry.make(PolicySettings(options: entry.options)))
    }
    var spent = Array(repeating: Duration.zero, count: policies.count)
    var objectives = Array(repeating: 0.0, count: policies.count)
    let clock = ContinuousClock()
    let total = try clock.measure {
      for draw in 0..<draws {
        let seed = Seed(seed, repetition: UInt32(draw))
        let cell = PaperCell(devices: 50, blocks: 10, seed: seed)
        let gains = cell.channel.generatedGains(round: 1).stored()
        for deadline in Self.deadlines {
          let problem = cell.problem(gains: gains, deadline: deadline)
          for (index, entry) in policies.enumerated() {
            var objective = 0.0
            spent[index] += try clock.measure {
              objective = try entry.policy.allocate(problem, in: RoundContext(round: 1, seed: seed)).objective
            }
            objectives[index] += objective
          }
        }
      }
    }
    report(names: policies.map(\.name), spent: spent, objectives: objectives, total: total)
  }

  private func report(names: [String], spent: [Duration], objectives: [Double], total: Duration) {
    let problems = draws * Self.deadlines.count
    let seconds = total / .seconds(1)
    let means = objectives.map { $0 / Double(problems) }
    let times = spent.map { $0 / .milliseconds(1) / Double(problems) }
    switch format {
    case .table:
      print("\(problems * names.count) allocations in \(decimals(seconds, 3)) s")
      for index in names.indices {
        print(
          "\(names[index]): \(decimals(times[index], 4)) ms an allocation, mean objective \(decimals(means[index], 4))")
      }
    case .json:
      let rows = names.indices.map { index in
        "{\"policy\": \"\(names[index])\", \"mean_ms\": \(times[index]), \"mean_objective\": \(means[index])}"
      }
      print(
        "{\"allocations\": \(problems * names.count), \"total_s\": \(seconds), \"policies\": [\(rows.joined(separator: ", "))]}"
      )
    }
  }
}
