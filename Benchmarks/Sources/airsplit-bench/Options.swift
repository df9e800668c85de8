import Allocation
import ArgumentParser
import Randomness
import Units
import Wireless

/// The verb `options`: what it costs `exact` that devices choose more than their bits.
struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure exact with many options per pair beside exact with bits alone, new gains each round.",
    discussion:
      "A cell of the paper's defaults, 29 numbers of bits. Deeper cuts send less and compute more on the device; clocks are shares of "
      + "a device's own. Each round is allocated with and without the choice, one after the other.")

  @OptionGroup
  var cell: CellOptions

  @Option(help: "Cuts to choose from, beside bits.")
  var cuts = 7

  @Option(help: "Clocks to choose from, beside bits.")
  var clocks = 7

  @Option(help: "Rounds a deadline.")
  var rounds = 30

  func validate() throws {
    try cell.checkStored()
    guard (1...64).contains(cuts), (1...256).contains(clocks), (1...100_000).contains(rounds) else {
      throw ValidationError("--cuts allows 1 to 64, --clocks 1 to 256, --rounds 1 to 100000.")
    }
  }

  func run() {
    let paperCell = cell.cell
    print("deadline s  choice            options  ms      ratio to bits alone")
    for deadline in cell.deadline {
      let kinds: [(name: String, cuts: Int, clocks: Int)] = [
        ("bits", 1, 1), ("bits, cuts", cuts, 1), ("bits, clocks", 1, clocks),
      ]
      var times = kinds.map { _ in [Double]() }
      for round in 1...rounds {
        let gains = paperCell.channel.generatedGains(round: round).stored()
        for (index, kind) in kinds.enumerated() {
          var problem = paperCell.problem(gains: gains, deadline: deadline)
          problem.chooseCuts(kind.cuts)
          problem.clockScales = (1...kind.clocks).map { 0.4 + 0.6 * Double($0) / Double(kind.clocks) }
          let begin = threadProcessorSeconds()
          _ = ExactPolicy().allocate(problem, in: RoundContext(round: round, seed: Seed(cell.seed)))
          times[index].append((threadProcessorSeconds() - begin) * 1e3)
        }
      }
      let alone = median(times[0])
      for (kind, times) in zip(kinds, times) {
        let options = 29 * kind.cuts * kind.clocks
        print(
          "\(pad("\(deadline)", 10))  \(pad(kind.name, 16))  \(pad("\(options)", 7))  \(pad(decimals(median(times), 3), 6))  "
            + decimals(median(times) / alone, 2))
      }
    }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension Problem {
  /// Lets devices choose among so many cuts: each deeper one sends an eighth less and computes a twentieth more.
  fileprivate mutating func chooseCuts(_ count: Int) {
    let first = levels
    for cut in stride(from: 1, to: count, by: 1) {
      let depth = Double(cut)
      cuts.append(
        CutOption(
          name: "cut-\(cut)", deviceWork: 1 + depth / 20,
          addedServerTime: devices[0].serverTime * (-depth / Double(2 * count))))
      levels += first.map {
        QuantizationLevel(bits: $0.bits, payload: $0.payload * (1 - depth / Double(count + 1)), cut: cut)
      }
    }
  }
}
