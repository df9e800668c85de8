import Allocation
import ArgumentParser
import Foundation
import Randomness
import Wireless

/// The verb `descent`: the paper's descent beside the optimum.
struct DescentBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descent",
    abstract: "Measure bcd beside exact, new gains each round.",
    discussion: "A cell of the paper's defaults; processor time. Gains are in memory, or drawn where looked at.")

  @Option(help: "Devices N.")
  var devices = 1_000

  @Option(help: "Blocks K.")
  var blocks = 400

  @Option(parsing: .upToNextOption, help: "Deadlines of a mini-batch step in seconds.")
  var deadline = [3.8, 4.2, 5, 8]

  @Option(help: "Rounds a deadline.")
  var rounds = 10

  @Option(help: "The policy: bcd or one of its kind.")
  var policy = "bcd"

  @Flag(help: "Draw gains where they are looked at, rather than keep them in memory.")
  var drawn = false

  @Option(help: "The seed of the cell.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...10_000_000).contains(devices), (1...10_000).contains(blocks), drawn || devices * blocks <= 100_000_000
    else {
      throw ValidationError(
        "--devices allows 1 to 10000000, --blocks 1 to 10000, and 100000000 pairs at most unless they are --drawn.")
    }
    guard (1...100_000).contains(rounds) else { throw ValidationError("--rounds allows 1 to 100000.") }
    guard deadline.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ValidationError("--deadline allows positive numbers of seconds.")
    }
    guard PolicyRegistry.entry(named: policy) != nil else {
      let names = PolicyRegistry.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--policy is '\(policy)'; allowed are \(names).")
    }
  }

  func run() throws {
    guard let entry = PolicyRegistry.entry(named: policy) else { return }
    let descent = try entry.make(PolicySettings(options: entry.options, given: [:]))
    let cell = PaperCell(devices: devices, blocks: blocks, seed: Seed(seed))
    print("deadline s  exact ms  \(policy) ms  passes  ratio")
    for deadline in deadline {
      let exact = ExactPolicy()
      var times = (exact: [Double](), descent: [Double](), ratio: [Double](), passes: [Double]())
      for round in 1...rounds {
        let generated = cell.channel.generatedGains(round: round)
        let problem = cell.problem(gains: drawn ? generated : generated.stored(), deadline: deadline)
        let context = RoundContext(round: round, seed: Seed(seed))
        let start = threadProcessorSeconds()
        _ = exact.allocate(problem, in: context)
        let between = threadProcessorSeconds()
        let answer = try descent.allocate(problem, in: context)
        let end = threadProcessorSeconds()
        times.exact.append((between - start) * 1e3)
        times.descent.append((end - between) * 1e3)
        times.ratio.append((end - between) / (between - start))
        times.passes.append(Double(answer.iterations.count))
      }
      print(
        "\(decimals(deadline, 1))  \(decimals(median(times.exact), 3))  \(decimals(median(times.descent), 2))  "
          + "\(decimals(median(times.passes), 1))  \(decimals(median(times.ratio), 1))")
    }
  }
}
