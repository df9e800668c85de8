import EventKernel
import Network
import TestSupport
import Testing
import Units

/// Joules and seconds over worlds drawn at random: disciplines, accelerators, deadlines, downloads, devices that follow each
/// other, steps that the server has already.
@Suite("Joules and seconds are conserved")
struct ConservationTests {
  private struct World {
    var itineraries: [Itinerary]
    var watch: RoundEngine.DeadlineRule
    var accelerators: Accelerators
    var isSequential: Bool
    var air: WavyAir?

    init(_ random: inout SplitMix) {
      func draw(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
      func flip() -> Bool { .random(using: &random) }
      let hasDownlink = flip()
      let load = draw(0.05...2)
      itineraries = (0..<Int.random(in: 1...12, using: &random)).map { device in
        let steps = Int.random(in: 0...5, using: &random)
        var step: [Itinerary.Activity] = [
          .init(kind: .forward, time: Seconds(draw(0...1)), energy: Joules(draw(0...2))),
          .init(kind: .uplink, time: Seconds(draw(0...0.5)), energy: Joules(draw(0...1))),
          .init(kind: .server, time: Seconds(flip() ? load : draw(0...load)), energy: .zero),
        ]
        if hasDownlink {
          step.append(.init(kind: .downlink, time: Seconds(draw(0...0.2)), energy: Joules(draw(0...0.1))))
        }
        step.append(.init(kind: .backward, time: Seconds(draw(0...1)), energy: Joules(draw(0...2))))
        return Itinerary(
          device: 3 * device, block: device, steps: steps, freshSteps: flip() ? steps : steps / 2,
          before: hasDownlink ? [.init(kind: .downlink, time: Seconds(draw(0...1)), energy: Joules(draw(0...1)))] : [],
          step: step,
          after: flip() ? [.init(kind: .modelUpload, time: Seconds(draw(0...1)), energy: Joules(draw(0...1)))] : [])
      }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: watch = .none
      case 1: watch = .step(Seconds(draw(1...5)))
      default: watch = .round(Seconds(draw(2...20)))
      }
      accelerators = Accelerators(
        count: Int.random(in: 1...5, using: &random),
        discipline: Accelerators.Discipline.allCases.randomElement(using: &random) ?? .fifo)
      isSequential = Int.random(in: 0..<6, using: &random) == 0
      guard flip() else { return }
      air = WavyAir(patience: flip() ? 1.2 : 1e9)
      func onAir(_ activity: inout Itinerary.Activity) {
        guard [.uplink, .downlink, .modelUpload].contains(activity.kind) else { return }
        activity.transmission = Transmission(
          data: Bits(activity.time.value), power: Watts(1), drawnPower: Watts(draw(0...2)))
      }
      for index in itineraries.indices {
        for place in itineraries[index].before.indices { onAir(&itineraries[index].before[place]) }
        for place in itineraries[index].step.indices { onAir(&itineraries[index].step[place]) }
        for place in itineraries[index].after.indices { onAir(&itineraries[index].after[place]) }
      }
    }
  }

  /// An air whose rate goes up and down with time, bit by bit per second.
  private struct WavyAir: Air {
    var patience: Double

    func delivery(
      of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
      within limit: Seconds
    ) -> Delivery {
      let phase = start.value.truncatingRemainder(dividingBy: 1) + Double(device) / 40
      let time = transmission.data.value * (0.5 + 4 * phase.truncatingRemainder(dividingBy: 1))
      if min(time, patience) > limit.value { return .beyondLimit }
      return time > patience ? .lost(Seconds(patience)) : .after(Seconds(time))
    }
  }

  private static func agree(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-7 * max(1, abs(left), abs(right))
  }

  @Test("over 1,000 worlds the parts of each ledger sum to the whole, and the server's to its devices'")
  func ledgers() throws {
    var random = SplitMix(state: 1_000)
    var (late, waits, cutOff, lost, inTimeOnAir) = (0, 0, 0, 0, 0)
    for number in 0..<1_000 {
      let world = World(&random)
      let (engine, end) = try RoundFixture.play(
        world.itineraries, isSequential: world.isSequential, watch: world.watch, accelerators: world.accelerators,
        air: world.air)
      var joules = 0.0
      for (ledger, itinerary) in zip(engine.ledgers, world.itineraries) {
        let parts = ledger.computeTime + ledger.uplinkTime + ledger.serverTime + ledger.waitTime + ledger.downlinkTime
        #expect(Self.agree(ledger.time.value, parts.value), "world \(number)")
        #expect(ledger.time.value <= end.seconds + 1e-7, "world \(number)")
        joules += (ledger.computeEnergy + ledger.uplinkEnergy + ledger.downlinkEnergy).value
        if ledger.waitTime > Seconds(1e-6) { waits += 1 }
        if ledger.hasLostLink {
          lost += 1
          #expect(ledger.isLate && world.air?.patience == 1.2, "world \(number)")
        }
        if let played = ledger.played, ledger.itinerary.before.isEmpty, ledger.itinerary.after.isEmpty {
          #expect(Self.agree(played.uplinkTime.value, ledger.uplinkTime.value), "world \(number)")
          let spent = ledger.computeEnergy + ledger.uplinkEnergy + ledger.downlinkEnergy
          #expect(Self.agree(played.energy.value, spent.value), "world \(number)")
        }
        if ledger.isLate {
          late += 1
          if ledger.steps < itinerary.steps { cutOff += 1 }
          guard world.air == nil else { continue }
          let whole = DeviceLedger(completing: itinerary)
          #expect(ledger.time.value <= whole.time.value + ledger.waitTime.value + 1e-7, "world \(number)")
        } else {
          #expect(ledger.steps == itinerary.steps)
          let whole = DeviceLedger(completing: itinerary)
          #expect(Self.agree(ledger.computeEnergy.value, whole.computeEnergy.value), "world \(number)")
          #expect(Self.agree(ledger.serverTime.value, whole.serverTime.value), "world \(number)")
          guard world.air == nil else {
            inTimeOnAir += 1
            continue
          }
          #expect(Self.agree(ledger.time.value - ledger.waitTime.value, whole.time.value), "world \(number)")
          #expect(Self.agree(ledger.uplinkEnergy.value, whole.uplinkEnergy.value), "world \(number)")
          #expect(Self.agree(ledger.downlinkEnergy.value, whole.downlinkEnergy.value), "world \(number)")
        }
      }
      // The rows tell of every joule, and the server's integrals of every second.
      #expect(Self.agree(engine.loggedEvents.reduce(0) { $0 + $1.energy.value }, joules), "world \(number)")
      let served = engine.ledgers.reduce(0) { $0 + $1.serverTime.value }
      let waited = engine.ledgers.reduce(0) { $0 + $1.waitTime.value }
      #expect(
        Self.agree(engine.serverServed.seconds, served),
        "world \(number) \(world.accelerators) \(world.watch) \(world.isSequential)")
      #expect(Self.agree(engine.serverWaited.seconds, waited), "world \(number)")
      #expect(engine.serverBusy <= engine.serverServed && engine.serverBusy <= end, "world \(number)")
      if world.isSequential { #expect(waited == 0, "world \(number)") }
    }
    // The ensemble has all of it.
    #expect(late > 1_000 && cutOff > 500 && waits > 1_000, "\(late) late, \(cutOff) cut off, \(waits) waits")
    #expect(lost > 200 && inTimeOnAir > 500, "\(lost) lost, \(inTimeOnAir) in time over the air")
  }

  @Test("who never waits has the round of the closed form, whatever the discipline")
  func closedForm() throws {
    var random = SplitMix(state: 77)
    for _ in 0..<200 {
      let world = World(&random)
      let (engine, _) = try RoundFixture.play(
        world.itineraries, isSequential: world.isSequential,
        accelerators: Accelerators(count: world.itineraries.count, discipline: world.accelerators.discipline))
      for (ledger, itinerary) in zip(engine.ledgers, world.itineraries) {
        #expect(ledger.waitTime == .zero)
        #expect(Self.agree(ledger.time.value, DeviceLedger(completing: itinerary).time.value))
      }
    }
  }
}
