import Allocation
import CAllocationCounter
import EventKernel
import Network
import Randomness
import Units
import Wireless

extension RoundLoad {
  /// How often the engine asked for memory.
  struct Allocations {
    var perEvent: Double
    var perRound: Double
  }

  /// Rounds of the paper's cell as its optimum admits them with 5 s for a step: new gains each. With a downlink they admit
  /// the same devices. Where devices wait for accelerators, steps are watched for as many times longer as devices come to
  /// each, and with a downlink for as much longer as the slowest gradient takes, so that all of them go on.
  init(devices: Int, blocks: Int, steps: Int, accelerators: Int?, downlink: PaperCell.ModelDownload? = nil) {
    let deadline = 5.0
    let cell = PaperCell(devices: devices, blocks: blocks, seed: Seed(1))
    let draws = 16
    let rounds = (1...draws).map { round in
      let gains = cell.channel.generatedGains(round: round).stored()
      let problem = cell.problem(gains: gains, deadline: deadline)
      let allocation = ExactPolicy().allocate(problem, in: RoundContext(round: round, seed: Seed(1)))
      var participants = allocation.assignments.map { Device($0, steps: steps) }
      if let downlink {
        let received = cell.receptions(of: allocation, model: downlink, gains: gains)
        for (index, (gradient, model)) in received.enumerated() {
          participants[index].gradient = Stretch(time: gradient.time.value, energy: gradient.energy.value)
          participants[index].model = Stretch(time: model.time.value, energy: model.energy.value)
        }
      }
      return participants
    }
    let slowest = rounds.joined().compactMap(\.gradient?.time).max() ?? 0
    self.init(
      deadline: deadline * max(1, Double(blocks) / Double(accelerators ?? blocks)) + slowest,
      accelerators: accelerators, rounds: rounds)
  }

  /// Plays rounds one after another on one clock.
  func play(rounds count: Int) throws -> Answer {
    let circle = circle
    var simulator = Simulator<RoundEvent>()
    var sum = 0.0
    let seconds = try processorSeconds {
      for round in 0..<count {
        var engine = try begin(circle[round % circle.count], in: &simulator)
        try Self.handleEvents(of: &engine, in: &simulator)
        for ledger in engine.ledgers { sum += ledger.time.value * ledger.uplinkEnergy.value }
      }
    }
    return Answer(
      events: Int(simulator.eventCount), seconds: seconds, end: simulator.now.nanoseconds, sum: sum,
      fingerprint: simulator.fingerprint.description)
  }

  /// Counts allocations in rounds, once the event queue has its size: those before a round's first event, and those of
  /// events; `nil` where the C library cannot be counted in.
  func allocations(rounds count: Int) throws -> Allocations? {
    let circle = circle
    var simulator = Simulator<RoundEvent>()
    var (ofRounds, ofEvents, events) = (Int64(0), Int64(0), UInt64(0))
    for round in 0..<circle.count + count {
      let before = simulator.eventCount
      allocation_counter_start()
      var engine = try begin(circle[round % circle.count], in: &simulator)
      guard allocation_counter_stop() >= 0 else { return nil }
      let setup = allocation_counter_calls()
      allocation_counter_start()
      try Self.handleEvents(of: &engine, in: &simulator)
      _ = allocation_counter_stop()
      guard round >= circle.count else { continue }
      ofRounds += setup
      ofEvents += allocation_counter_calls()
      events += simulator.eventCount - before
    }
    return Allocations(perEvent: Double(ofEvents) / Double(events), perRound: Double(ofRounds) / Double(count))
  }

  private var circle: [[Itinerary]] { rounds.map { $0.map(\.itinerary) } }

  private func begin(
    _ itineraries: [Itinerary], in simulator: inout Simulator<RoundEvent>
  ) throws -> RoundEngine {
    var engine = RoundEngine(
      itineraries, isSequential: false, watch: .step(Seconds(deadline)),
      accelerators: accelerators.map { Accelerators(count: $0) } ?? .unlimited)
    try engine.begin(in: &simulator)
    return engine
  }

  private static func handleEvents(
    of engine: inout RoundEngine, in simulator: inout Simulator<RoundEvent>
  ) throws {
    try simulator.run { event, simulator in
      if try engine.handle(event, in: &simulator) { simulator.stop() }
    }
  }
}

extension RoundLoad.Device {
  /// A device that has been admitted. Half of its work is the forward pass; at the end goes up the patch projection.
  fileprivate init(_ assignment: Assignment, steps: Int) {
    let compute = RoundLoad.Stretch(
      time: assignment.computeTime.value / 2, energy: assignment.computeEnergy.value / 2)
    let uploadTime = PaperCell.projection / assignment.rate.value
    self.init(
      device: assignment.device, block: assignment.block, rate: assignment.rate.value, steps: steps, forward: compute,
      uplink: .init(time: assignment.uplinkTime.value, energy: assignment.uplinkEnergy.value),
      server: .init(time: assignment.serverTime.value, energy: 0), backward: compute,
      upload: .init(time: uploadTime, energy: assignment.power.value * uploadTime))
  }

  fileprivate var itinerary: Itinerary {
    func activity(_ kind: RoundEvent, _ stretch: RoundLoad.Stretch) -> Itinerary.Activity {
      .init(kind: kind, time: Seconds(stretch.time), energy: Joules(stretch.energy))
    }
    return Itinerary(
      device: device, block: block, rate: BitsPerSecond(rate), steps: steps,
      before: model.map { [activity(.downlink, $0)] } ?? [],
      step: [activity(.forward, forward), activity(.uplink, uplink), activity(.server, server)]
        + (gradient.map { [activity(.downlink, $0)] } ?? []) + [activity(.backward, backward)],
      after: [activity(.modelUpload, upload)])
  }
}
