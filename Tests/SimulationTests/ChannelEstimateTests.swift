import Allocation
import Network
import Randomness
import Scenario
import Testing
import Units
import Wireless

@testable import Simulation

@Suite("Policies that see an estimate of the channel")
struct ChannelEstimateTests {
  private func results(_ settings: String..., simulates: Bool = true) throws -> [RoundReport] {
    let scenario = try Fixture.scenario(settings + ["rounds=20"])
    let world = try World(scenario)
    var options = Run.Options()
    options.simulatesEvents = simulates
    options.computesOptimum = true
    var run = try Run(world, policy: ResolvedPolicy(scenario).policy, options: options)
    var results: [RoundReport] = []
    while let result = try run.nextRound() { results.append(result) }
    return results
  }

  private func late(_ results: [RoundReport]) -> Int { results.reduce(0) { $0 + $1.devices.count { $0.isLate } } }

  private func summed(_ result: RoundReport) -> Double {
    let late = Set(result.devices.filter(\.isLate).map(\.device))
    return result.allocation.assignments.filter { !late.contains($0.device) }.reduce(0) { $0 + $1.value }
  }

  @Test(
    "the optimum, which uses the deadline up, misses it; who is late contributes nothing, and the genie loses nothing")
  func misses() throws {
    let results = try results("channel_estimate.error=0.02")
    #expect(late(results) > 0)
    let truth = try self.results()
    for (result, true_) in zip(results, truth) {
      #expect(abs(result.allocation.objective - summed(result)) < 1e-12)
      #expect(result.optimum == true_.allocation.objective, "U* knows the true gains")
      #expect(try #require(result.optimalityGap) >= -1e-12)
    }
    for ledger in results.flatMap(\.devices) where ledger.isLate {
      #expect(abs(ledger.time.value - 5) < 1e-6, "it leaves at the deadline of its first step")
      #expect(ledger.steps == 0 && ledger.uplinkEnergy > .zero, "what it sent until then is spent")
    }
  }

  @Test("a margin of the deadline is the cure, and has its price")
  func margin() throws {
    let cured = try results("channel_estimate.error=0.02", "deadline_margin=0.1")
    #expect(late(cured) == 0)
    let careful = try results("deadline_margin=0.1")
    #expect(late(careful) == 0)
    #expect(careful.allSatisfy { $0.optimalityGap.map { $0 >= -1e-12 } == true })
    #expect(careful.contains { $0.optimalityGap.map { $0 > 0.01 } == true })
  }

  @Test("the figures without events are those with them")
  func closedForm() throws {
    let played = try results("channel_estimate.error=0.02")
    let measured = try results("channel_estimate.error=0.02", simulates: false)
    #expect(played.map(\.allocation) == measured.map(\.allocation))
    #expect(played.map(\.uplinkEnergy) == measured.map(\.uplinkEnergy))
  }

  @Test("an estimate is right on average, off by the error, and within its bounds")
  func estimates() {
    let truth = GainMatrix(deviceCount: 50, blockCount: 200, values: [Double](repeating: 2, count: 10_000))
    let estimate = EstimatedGains(truth, error: 0.1, round: 3, seed: Seed(1))
    let errors = (0..<50).flatMap { estimate.row(device: $0).map { $0 / 2 - 1 } }
    let mean = errors.reduce(0, +) / 10_000
    let deviation = (errors.reduce(0) { $0 + $1 * $1 } / 10_000).squareRoot()
    #expect(abs(mean) < 0.005 && abs(deviation - 0.1) < 0.005)
    for device in 0..<50 {
      #expect(estimate.rowMaximum(device: device) == estimate.row(device: device).max())
      #expect(estimate.rowMaximum(device: device) <= estimate.upperBound(device: device))
      #expect(estimate.gain(device: device, block: 7) == estimate.row(device: device)[7])
    }
    #expect(EstimatedGains(truth, error: 0.1, round: 4, seed: Seed(1)).row(device: 0) != estimate.row(device: 0))
  }
}
