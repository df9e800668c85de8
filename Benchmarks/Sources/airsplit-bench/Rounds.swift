import Allocation
import ArgumentParser
import Foundation
import Randomness
import Wireless

/// The verb `rounds`: allocation rounds with new gains each, ours beside numpy and scipy.
struct Rounds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure allocation rounds, new gains each, beside numpy + scipy on the same gains.",
    discussion: "A cell of the paper's defaults. The peer is left out where python3 lacks numpy or scipy.")

  @OptionGroup
  var cell: CellOptions

  @Option(help: "Rounds a deadline; the peer sees the first few of them.")
  var rounds = 30

  @Option(help: "Rounds a deadline that the peer answers, interleaved with ours.")
  var peerRounds = 3

  @Option(help: "How often each round is allocated; more than once, it is in the caches.")
  var again = 1

  @Option(help: "rayleigh, or product: one factor for each device and one, drawn anew each round, for each block.")
  var gains = PaperCell.Gains.rayleigh

  @Option(help: "The python that has numpy and scipy.")
  var python = "python3"

  @Option(help: "How the peer is written: lean, in place; broadcast, one array over devices, blocks and levels.")
  var peerStyle = NumpyPeer.Style.lean

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    try cell.checkStored()
    guard (1...100_000).contains(rounds), (0...rounds).contains(peerRounds) else {
      throw ValidationError("--rounds allows 1 to 100000, --peer-rounds 0 to as many as --rounds.")
    }
    guard (1...100_000).contains(again) else { throw ValidationError("--again allows 1 to 100000.") }
  }

  func run() throws { print(try report()) }

  /// Measures, and says what came out.
  func report() throws -> String {
    let peer = peerRounds > 0 ? NumpyPeer(python: python, style: peerStyle) : nil
    let rows = try cell.deadline.map { try measure(cell.cell, deadline: $0, peer) }
    switch format {
    case .table:
      let title =
        "N = \(cell.devices), K = \(cell.blocks), new \(gains) gains each round, numpy + scipy in the style \(peerStyle)"
      let lines = rows.map { row in
        let peer = row.peer.map { ", numpy + scipy \(decimals($0, 3)) ms" } ?? ""
        let ratio = row.ratio.map { ", ours is \(decimals($0, 1)) x" } ?? ""
        let own = "median \(decimals(row.median, 4)) ms, p95 \(decimals(row.slow, 4)) ms"
        return "\(decimals(row.deadline, 1)) s: \(own)\(peer)\(ratio)"
      }
      return ([title] + lines).joined(separator: "\n")
    case .json:
      let results = rows.map { row in
        """
        {"deadline_s": \(row.deadline), "median_ms": \(row.median), "p95_ms": \(row.slow), \
        "numpy_scipy_ms": \(row.peer.map { "\($0)" } ?? "null"), "ratio": \(row.ratio.map { "\($0)" } ?? "null")}
        """
      }
      return """
        {"devices": \(cell.devices), "blocks": \(cell.blocks), "peer_style": "\(peerStyle)", \
        "results": [\(results.joined(separator: ", "))]}
        """
    }
  }

  private struct Row {
    var deadline: Double
    var median: Double
    var slow: Double
    var peer: Double?
    var ratio: Double?
  }

  private func measure(_ cell: PaperCell, deadline: Double, _ peer: NumpyPeer?) throws -> Row {
    let policy = ExactPolicy()
    var ours: [Double] = []
    var peers: [Double] = []
    for round in 1...rounds {
      let problem = cell.problem(gains: cell.gains(gains, round: round, seed: Seed(self.cell.seed)), deadline: deadline)
      var objective = 0.0
      for _ in 0..<again {
        let start = threadProcessorSeconds()
        objective = policy.allocate(problem, in: RoundContext(round: round, seed: Seed(self.cell.seed))).objective
        ours.append((threadProcessorSeconds() - start) * 1e3)
      }
      guard let peer, round <= peerRounds else { continue }
      let answer = try peer.solve(problem)
      guard abs(answer.objective - objective) <= 1e-9 * objective else {
        throw Kernel.Failure(description: "round \(round): ours is \(objective), numpy's \(answer.objective)")
      }
      peers.append(answer.ms)
    }
    ours.sort()
    peers.sort()
    let median = ours[ours.count / 2]
    let peerMedian = peers.isEmpty ? nil : peers[peers.count / 2]
    return Row(
      deadline: deadline, median: median, slow: ours[ours.count * 95 / 100], peer: peerMedian,
      ratio: peerMedian.map { $0 / median })
  }
}

extension NumpyPeer.Style: ExpressibleByArgument {}
extension PaperCell.Gains: ExpressibleByArgument {}
