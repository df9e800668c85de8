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

  @OptionGroup
  var cell: CellOptions

  @Option(help: "Rounds a deadline.")
  var rounds = 10

  @Option(help: "The policy: bcd or one of its kind.")
  var policy = "bcd"

  @Flag(help: "Draw gains where they are looked at, rather than keep them in memory.")
  var drawn = false

  func validate() throws {
    guard (1...10_000_000).contains(cell.devices), (1...10_000).contains(cell.blocks),
      drawn || cell.devices * cell.blocks <= 100_000_000
    else {
      throw ValidationError(
        "--devices allows 1 to 10000000, --blocks 1 to 10000, and 100000000 pairs at most unless they are --drawn.")
    }
    guard (1...100_000).contains(rounds) else { throw ValidationError("--rounds allows 1 to 100000.") }
    _ = try PolicyRegistry.entry(option: policy)
  }

  func run() throws {
    let entry = try PolicyRegistry.entry(option: policy)
    let descent = try entry.make(PolicySettings(options: entry.options, given: [:]))
    let paperCell = cell.cell
    print("deadline s  exact ms  \(policy) ms  passes  ratio")
    for deadline in cell.deadline {
      let exact = ExactPolicy()
      var times = (exact: [Double](), descent: [Double](), ratio: [Double](), passes: [Double]())
      for round in 1...rounds {
        let generated = paperCell.channel.generatedGains(round: round)
        let problem = paperCell.problem(gains: drawn ? generated : generated.stored(), deadline: deadline)
        let context = RoundContext(round: round, seed: Seed(cell.seed))
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
