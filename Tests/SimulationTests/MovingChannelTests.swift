import Allocation
import EventKernel
import Network
import Scenario
import Testing
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("Rounds over a channel that moves")
struct MovingChannelTests {
  private func rounds(
    _ settings: String..., interval: Double, policy: String? = nil, count: Int = 10
  ) throws -> [RoundReport] {
    var scenario = try Fixture.scenario(settings + ["rounds=\(count)"])
    scenario.uplink.fadingMotion = .block(interval: Seconds(interval))
    if let policy { scenario.policy = policy }
    var options = Run.Options()
    options.recordsEvents = true
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, options: options)
    var rounds: [RoundReport] = []
    while let round = try run.nextRound() { rounds.append(round) }
    return rounds
  }

  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b))
  }

  @Test("a gain that stands still for the whole run costs what was planned", arguments: ["exact", "ep", "bcd"])
  func standsStill(policy: String) throws {
    for round in try rounds(interval: 1e7, policy: policy) {
      #expect(round.devices.allSatisfy { !$0.isLate })
      for ledger in round.devices {
        #expect(isClose(ledger.stepEnergy.value, ledger.itinerary.stepEnergy.value))
        #expect(isClose(ledger.stepLatency.value, ledger.itinerary.stepLatency.value))
        #expect(isClose(ledger.time.value, ledger.itinerary.roundTime.value))
      }
      #expect(isClose(round.allocation.objective, round.allocation.assignments.reduce(0) { $0 + $1.value }))
    }
  }

  @Test("with fading within the round, plans made to the tick fail, and who fails contributes nothing")
  func moves() throws {
    let rounds = try rounds(interval: 0.05)
    #expect(rounds.contains { $0.devices.contains { $0.isLate } })
    for round in rounds {
      for (ledger, assignment) in zip(round.devices, round.allocation.assignments) {
        let spent = round.events.filter { $0.device == ledger.device }.reduce(0) { $0 + $1.energy.value }
        let (compute, air) = (ledger.computeEnergy.value, ledger.uplinkEnergy.value)
        #expect(isClose(spent, compute + air, 1e-9), "events and ledger tell of the same joules")
        #expect(isClose(air, ledger.uplinkTime.value * assignment.power.value), "power times the time on the air")
        if ledger.isLate { #expect(ledger.playedValue(of: assignment, in: round.world) == 0) }
      }
      #expect(round.optimum == nil, "what would be optimal is not known to who does not know the future")
    }
  }

  @Test("at more power than planned the same data is through earlier, whatever the channel does")
  func margin() throws {
    let tight = try rounds(interval: 0.05)
    let careful = try rounds("deadline_margin=0.5", interval: 0.05)
    func late(_ rounds: [RoundReport]) -> Double {
      let ledgers = rounds.flatMap(\.devices)
      return Double(ledgers.count { $0.isLate }) / Double(max(1, ledgers.count))
    }
    #expect(late(careful) < late(tight))
  }

  @Test("one who plans by the mean sees blocks that are alike")
  func mean() throws {
    var scenario = try Fixture.scenario(["channel_estimate.kind=mean"])
    scenario.uplink.fadingMotion = .block(interval: Seconds(0.05))
    let world = try World(scenario)
    let policy = try ResolvedPolicy(scenario).policy
    let planned = world.plannedProblem(
      round: 1, at: .zero, truth: world.problem(round: 1, for: policy))
    for device in planned.devices.indices { #expect(Set(planned.gains.row(device: device)).count == 1) }
  }

  @Test("an old estimate is that of a moment before, and the first moment has none before")
  func delay() throws {
    var scenario = try Fixture.scenario(["channel_estimate.delay=0.2 s"])
    scenario.uplink.fadingMotion = .block(interval: Seconds(0.05))
    let world = try World(scenario)
    func seen(at time: Double) -> [Double] {
      world.plannedProblem(
        round: 1, at: Seconds(time), truth: world.problem(round: 1, at: Seconds(time), under: scenario.deadline)
      ).gains.row(device: 0)
    }
    func truth(at time: Double) -> [Double] { world.gains(round: 1, at: Seconds(time)).row(device: 0) }
    #expect(seen(at: 1.01) == truth(at: 0.81) && seen(at: 1.01) != truth(at: 1.01))
    #expect(seen(at: 0.1) == truth(at: 0))
  }

  @Test(
    "a link that turns slower than the outage's rate is given up, in every framework", arguments: Framework.allCases)
  func lostLinks(framework: Framework) throws {
    guard framework.traits.upload != .nothing else { return }
    var scenario = try Fixture.scenario([
      "framework=\(framework.rawValue)", "rounds=6", "uplink.outage.rate=180 Mbit/s", "deadline=1e9 s",
    ])
    scenario.uplink.fadingMotion = .block(interval: Seconds(5))
    let policy = try ResolvedPolicy.named("ep")
    var run = try Run(World(scenario), policy: policy)
    var (lost, outcomes) = (0, Set<Outcome>())
    while let round = try run.nextRound() {
      lost += round.devices.count { $0.hasLostLink } + round.allocation.unlinked.count
      outcomes.formUnion(round.deviceRecords.map(\.outcome))
    }
    #expect(run.summary.noLink == lost)
    #expect(lost > 0 && outcomes.contains(.noLink))
  }

  @Test("passing over rounds comes to the same round")
  func skips() throws {
    var scenario = try Fixture.scenario(["rounds=6"])
    scenario.uplink.fadingMotion = .block(interval: Seconds(0.05))
    let world = try World(scenario)
    let policy = try ResolvedPolicy(scenario).policy
    var whole = try Run(world, policy: policy)
    var skipping = try Run(world, policy: policy)
    var last: RoundReport?
    while let round = try whole.nextRound() { last = round }
    try skipping.skip(to: 6)
    let other = try skipping.nextRound()
    #expect(last?.allocation == other?.allocation && last?.devices == other?.devices)
    #expect(last?.start == other?.start)
  }
}
