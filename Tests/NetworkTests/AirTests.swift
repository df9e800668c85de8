import EventKernel
import Network
import TestSupport
import Testing
import Units

@Suite("Transmissions whose end the air decides")
struct AirTests {
  /// Takes 0.5 s until 4 s after the beginning, 2 s from then on, and gives up after `patience`.
  private struct StepAir: Air {
    var patience = 1e9

    func delivery(
      of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
      within limit: Seconds
    ) -> Delivery {
      let time = start < Seconds(4) ? 0.5 : 2.0
      if min(time, patience) > limit.value { return .beyondLimit }
      return time > patience ? .lost(Seconds(patience)) : .after(Seconds(time))
    }
  }

  /// That of the fixture, its uploads of half a watt over the air.
  private func itinerary(steps: Int = 2) -> Itinerary {
    var itinerary = RoundFixture.itinerary(device: 0, steps: steps, upload: nil)
    itinerary.step[1].transmission = Transmission(data: Bits(1), power: Watts(0.25), drawnPower: Watts(0.5))
    return itinerary
  }

  private func happenings(_ engine: RoundEngine) -> [String] {
    engine.loggedEvents.map { "\($0.time.nanoseconds / 1_000_000) \($0.kind.name) \($0.energy.value)" }
  }

  @Test("an upload ends when the air says so, and costs its power for so long")
  func changes() throws {
    let (engine, _) = try RoundFixture.play([itinerary(steps: 3)], air: StepAir())
    #expect(
      happenings(engine) == [
        "1000 forward 2.0", "1500 uplink 0.25", "1750 server 0.0", "2750 backward 2.0",
        "3750 forward 2.0", "4250 uplink 0.25", "4500 server 0.0", "5500 backward 2.0",
        "6500 forward 2.0", "8500 uplink 1.0", "8750 server 0.0", "9750 backward 2.0", "9750 aggregated 0.0",
      ])
    let played = try #require(engine.ledgers[0].played)
    #expect(played.uplinkTime == Seconds(3) && played.energy == Joules(3 * 4 + 1.5))
  }

  @Test("without an air the plan holds")
  func planned() throws {
    let (engine, end) = try RoundFixture.play([itinerary()])
    #expect(end == SimTime(seconds: 5.5) && engine.ledgers[0].uplinkEnergy == Joules(0.5))
  }

  @Test("a deadline cuts an upload off, which is paid for until then")
  func late() throws {
    let (engine, _) = try RoundFixture.play([itinerary(steps: 3)], watch: .step(Seconds(2.9)), air: StepAir())
    #expect(engine.ledgers[0].isLate && !engine.ledgers[0].hasLostLink && engine.ledgers[0].steps == 2)
    let last = try #require(engine.loggedEvents.last { $0.kind == .deadline })
    #expect(abs(last.time.seconds - 8.4) < 1e-7 && abs(last.energy.value - 0.95) < 1e-7)
  }

  @Test("a link that is given up ends its device's round then, and that of no other device")
  func lost() throws {
    let (engine, end) = try RoundFixture.play(
      [itinerary(steps: 3), RoundFixture.itinerary(device: 4, steps: 4, upload: nil)], air: StepAir(patience: 1.5))
    #expect(engine.ledgers[0].hasLostLink && engine.ledgers[0].isLate && engine.ledgers[0].steps == 2)
    let last = try #require(engine.loggedEvents.last { $0.kind == .linkLost })
    #expect(last.time == SimTime(seconds: 8) && last.energy == Joules(0.75) && last.device == 0)
    #expect(engine.ledgers[1].steps == 4 && end == SimTime(seconds: 11))
  }

  @Test("an upload that never ends is an error where no deadline is watched")
  func endless() throws {
    struct Silence: Air {
      func delivery(
        of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
        within limit: Seconds
      ) -> Delivery { .beyondLimit }
    }
    #expect(throws: OutlastingActivity.self) { try RoundFixture.play([itinerary()], air: Silence()) }
    let (engine, end) = try RoundFixture.play([itinerary()], watch: .round(Seconds(7)), air: Silence())
    #expect(engine.ledgers[0].isLate && abs(end.seconds - 7) < 1e-7)
    #expect(abs(engine.ledgers[0].uplinkEnergy.value - 3) < 1e-7)
  }

  @Test("a round that is written down within an upload goes on to the same events")
  func kept() throws {
    let whole = try RoundFixture.played([itinerary(steps: 3)], air: StepAir())
    for events in 1..<whole.events {
      let kept = try RoundFixture.played([itinerary(steps: 3)], air: StepAir(), keptAfter: events)
      #expect(kept.fingerprint == whole.fingerprint && kept.engine.ledgers == whole.engine.ledgers)
    }
  }
}
