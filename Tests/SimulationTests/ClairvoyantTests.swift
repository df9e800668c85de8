import Allocation
import Network
import Scenario
import Testing
import Trace
import Units
import Wireless

@testable import Simulation

@Suite("Who knows the future")
struct ClairvoyantTests {
  /// Steps of 1 s of computing and uploads over a gain that swings: valleys of energy, and steps that grow with power.
  private struct Swinging: ForeseenSteps {
    var deadline: Double

    func follow(power: Double, option: Int, into ends: UnsafeMutableBufferPointer<StepEnd>) -> ForeseenRound {
      var (now, air, isInTime) = (0.0, 0.0, true)
      for step in ends.indices {
        let begin = now
        now += 1
        // Half-second slots of gain 1 and 6, by turns.
        var left = 4.0 + 3 * Double(option)
        while left > 0 {
          let slot = (now / 0.5).rounded(.down)
          let rate = power * (slot.truncatingRemainder(dividingBy: 2) == 0 ? 1.0 : 6)
          let span = (slot + 1) * 0.5 - now
          let used = min(span, left / rate)
          left = used < span ? 0 : left - rate * span
          air += used
          now = used < span ? now + used : (slot + 1) * 0.5
        }
        if now - begin > deadline { isInTime = false }
        ends[step] = StepEnd(earliest: now, latest: now)
      }
      return ForeseenRound(airTime: air, isInTime: isInTime)
    }
  }

  @Test("branch and bound finds what no power of a fine grid beats, over valleys", arguments: [1.6, 2.0, 2.45, 9])
  func search(deadline: Double) {
    let options = (0..<3).map { option in
      ClairvoyantSearch.Option { energy in Double(option + 2) / (3 + energy) }
    }
    func drawn(_ power: Double) -> Double { 0.3 + 0.8 * power * power }
    let swinging = Swinging(deadline: deadline)
    let found = ClairvoyantSearch.best(
      of: options, powers: 0.5...20, steps: 7, deadlines: .init(step: deadline), drawn: drawn, in: swinging)
    var (best, falls) = (0.0, 0)
    var ends = Array(repeating: StepEnd(earliest: 0, latest: 0), count: 7)
    for option in 0..<3 {
      var before = 0.0
      for item in 0...40_000 {
        let power = 0.5 + 19.5 * Double(item) / 40_000
        let round = ends.withUnsafeMutableBufferPointer { swinging.follow(power: power, option: option, into: $0) }
        let value = round.isInTime ? options[option].value(drawn(power) * round.airTime) : 0
        if value < before { falls += 1 }
        (best, before) = (max(best, value), value)
      }
    }
    #expect(best <= found.value * (1 + 1e-9))
    #expect(found.value <= best * (1 + 1e-3), "and it is a value that a power has")
    #expect(best > 0 && falls > 0)
  }

  private static let cell = [
    "devices.count=5", "uplink.blocks=2", "devices.samples=200", "training.local_epochs=1", "quantizer.bits_min=27",
    "deadline=7 s", "optimum=clairvoyant",
  ]

  private func scenario(_ settings: String...) throws -> Scenario { try Fixture.scenario(Self.cell + settings) }

  private static let fadings = [
    "uplink.fading={rayleigh: {doppler: 5 Hz}}", "uplink.fading={rician: {block: 200 ms}}",
    "uplink.fading={nakagami: {block: 1 s}}",
  ]

  @Test("no policy, and no margin, comes to more in any round", arguments: fadings)
  func bound(fading: String) throws {
    var regrets: [Double] = []
    for settings in [
      [], ["deadline_margin=0.4"], ["channel_estimate.kind=mean"], ["deadline={value: 40 s, per: round}"],
    ] {
      for policy in settings.isEmpty ? ["exact", "ep", "nq"] : ["exact"] {
        var cell = try Fixture.scenario(Self.cell + ["rounds=2", fading] + settings)
        cell.policy = policy
        for round in try Fixture.results(cell).results {
          let clairvoyant = try #require(round.clairvoyant)
          #expect(round.allocation.objective <= clairvoyant * (1 + 1e-7), "\(policy) \(settings) round \(round.round)")
          if clairvoyant > 0 { regrets.append(try #require(round.regret)) }
        }
      }
    }
    #expect(regrets.contains { $0 > 0.01 })
  }

  @Test("where nothing moves for the whole round it is U*")
  func still() throws {
    var cell = try scenario("rounds=3", "uplink.fading={rayleigh: {block: 1000000 s}}")
    let world = try World(cell)
    let exact = try ResolvedPolicy(cell).policy
    let problem = world.problem(round: 1, for: exact)
    let best = OptimalMatching.solve(problem).reduce(0) { $0 + $1.value }
    let found = try #require(world.clairvoyantOptimum(round: 1, at: .zero, under: cell.deadline))
    #expect(abs(found.objective / best - 1) < 1e-6)
    #expect(!found.choices.isEmpty)
    cell.uplink.fadingMotion = .perRound
    let rounds = try Fixture.results(cell).results
    #expect(rounds.allSatisfy { $0.clairvoyant == $0.optimum && $0.clairvoyant != nil })
  }

  @Test("it does what it says: its choices, played, come to its value")
  func played() throws {
    var cell = try scenario(Self.fadings[0])
    let found = try #require(World(cell).clairvoyantOptimum(round: 1, at: .zero, under: cell.deadline))
    #expect(!found.choices.isEmpty)
    // Steps last to the tick of their deadline; what is played may round the other way.
    cell.deadline.value = cell.deadline.value * (1 + 1e-6)
    let world = try World(cell)
    let problem = world.problem(round: 1, under: cell.deadline)
    let assignments = found.choices.map { choice in
      Assignment(
        pricing: problem, device: choice.device, block: choice.block,
        gain: problem.gains.gain(device: choice.device, block: choice.block), power: choice.power,
        level: problem.levels.first { $0.bits == choice.bits }!, clockScale: choice.clockScale)
    }
    struct Given: Policy {
      var assignments: [Assignment]
      func allocate(_: Problem, in _: RoundContext) -> Allocation { Allocation(assignments: assignments) }
    }
    var run = try Run(world, policy: Given(assignments: assignments))
    // The gains of the first instant do not show that these powers suffice; the events do.
    let decision = Decision(allocation: Allocation(assignments: assignments))
    try run.begin(decision)
    let round = try #require(try run.play(events: .max))
    let value = Allocation(assignments: assignments).counting(round.engine.ledgers, in: world).objective
    #expect(abs(value / found.objective - 1) < 1e-6)
  }

  @Test("the result is the same bits each time, and rounds.csv has its columns only where it is asked for")
  func columns() throws {
    let cell = try scenario(Self.fadings[0], "rounds=1")
    let world = try World(cell)
    #expect(
      world.clairvoyantOptimum(round: 1, at: .zero, under: cell.deadline)
        == world.clairvoyantOptimum(round: 1, at: .zero, under: cell.deadline))
    let features = try Run(world, policy: ResolvedPolicy(cell).policy).features
    #expect(features.contains(.clairvoyant))
    var plain = cell
    plain.optimum = .still
    #expect(try !Run(World(plain), policy: ResolvedPolicy(plain).policy).features.contains(.clairvoyant))
  }
}
