import Allocation
import Network
import Scenario
import Testing
import Units
import Wireless

@testable import Simulation

@Suite("Uploads whose blocks fail, and neighbours that come and go")
struct MovingLinkTests {
  private func rounds(_ link: Link, _ interference: Interference? = nil, count: Int = 8) throws -> [RoundReport] {
    var scenario = try Fixture.scenario(["rounds=\(count)", "deadline=20 s"])
    scenario.uplink.fadingMotion = .block(interval: Seconds(1e7))
    (scenario.uplink.link, scenario.uplink.interference) = (link, interference)
    var run = try Run(World(scenario), policy: ResolvedPolicy(scenario).policy, options: Run.Options())
    var rounds: [RoundReport] = []
    while let round = try run.nextRound() { rounds.append(round) }
    return rounds
  }

  @Test("air times are drawn around the planned ones where the power is a step's, and below where it is more")
  func repeats() throws {
    let coding = ModulationCoding()
    let ledgers = try rounds(.modulationCoding(coding)).flatMap { round in
      zip(round.devices, round.allocation.assignments).map { ($0, $1, round.problem) }
    }
    #expect(ledgers.count > 5)
    for (ledger, assignment, problem) in ledgers {
      let played = ledger.uplinkTime.value
      let itinerary = ledger.itinerary
      let planned =
        itinerary.time(.uplink).value * Double(ledger.steps) + itinerary.after.reduce(0) { $0 + $1.time.value }
      guard !ledger.isLate, let problem else { continue }
      let gain = problem.gains.gain(device: assignment.device, block: assignment.block)
      let snr = gain / problem.noise.value * assignment.power.value
      let step = try #require(coding.step(snr: snr))
      // Blocks fail 1 time in 10 at the bound; thousands of them in each of some steps.
      let expected = coding.harq.meanTransmissions(snr: snr, curve: step.curve) / step.transmissions
      #expect(abs(played / planned - expected) < 0.004, "device \(assignment.device)")
      #expect(played != planned)
    }
  }

  @Test("without load neighbours change nothing; with it policies count on the mean, and uploads meet what there is")
  func neighbours() throws {
    let alone = try rounds(.ideal)
    let silent = try rounds(.ideal, Interference(load: 0))
    #expect(alone.map(\.allocation) == silent.map(\.allocation))
    #expect(alone.flatMap(\.devices).map(\.time) == silent.flatMap(\.devices).map(\.time))
    let heard = try rounds(.ideal, Interference(distance: Meters(2000), load: 0.5, power: Watts(0.2)))
    for round in heard {
      let mean = try #require(round.world.interference).mean
      #expect(round.problem?.noise == round.world.scenario.uplink.noise + mean)
    }
    let ratios = heard.flatMap(\.devices).filter { !$0.isLate }.map { $0.time.value / $0.itinerary.roundTime.value }
    #expect(ratios.contains { $0 < 0.999 || $0 > 1.001 })
    let again = try rounds(.ideal, Interference(distance: Meters(2000), load: 0.5, power: Watts(0.2)))
    #expect(heard.flatMap(\.devices).map(\.time) == again.flatMap(\.devices).map(\.time))
  }
}
