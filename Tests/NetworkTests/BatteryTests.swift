import EventKernel
import TestSupport
import Testing
import Units
import Wireless

@testable import Network

@Suite("Batteries")
struct BatteryTests {
  /// A charger that is there from 1 s to before 2 s, then never again.
  private static let secondSecond: @Sendable (Seconds) -> Presence = { time in
    switch time.value {
    case ..<1: Presence(isThere: false, until: 1)
    case ..<2: Presence(isThere: true, until: 2)
    default: .never
    }
  }

  private struct Wall: Air {
    func delivery(
      of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
      within limit: Seconds
    ) -> Delivery { .beyondLimit }
    func charger(of device: Int, at time: Seconds) -> Presence { BatteryTests.secondSecond(time) }
  }

  private static func battery(_ charge: Double, of capacity: Double = 10, idle: Double = 0.5, charging: Double = 0)
    -> Battery
  {
    Battery(
      capacity: Joules(capacity), charge: Joules(charge), idlePower: Watts(idle), chargingPower: Watts(charging))
  }

  @Test("empty and fill along straight lines, and take no more in than they hold")
  func lines() {
    var battery = Self.battery(3, of: 4, charging: 4)
    battery.advance(to: Seconds(1), drawing: Watts(1), charger: Self.secondSecond)
    #expect(battery.charge == Joules(1.5) && battery.spent == Joules(1.5) && battery.charged == .zero)
    // Full after 2.5 / 3.5 of a second; then what is drawn comes in.
    battery.advance(to: Seconds(2), charger: Self.secondSecond)
    #expect(battery.charge == Joules(4) && abs(battery.charged.value - 3) < 1e-12)
    // Empty after 8 s, and nothing is drawn after that.
    battery.advance(to: Seconds(30), charger: Self.secondSecond)
    #expect(battery.charge == .zero && abs(battery.spent.value - (1.5 + 0.5 + 4)) < 1e-12)
    // One that is empty gives what comes in.
    var empty = Self.battery(0, idle: 5, charging: 4)
    empty.advance(to: Seconds(3), charger: Self.secondSecond)
    #expect(empty.charge == .zero && empty.charged == Joules(4) && empty.spent == Joules(4))
  }

  @Test("keep what came in, less what went out, whatever happens in whatever steps")
  func conservation() {
    var random = SplitMix(state: 3)
    var (filled, emptied) = (0, 0)
    for _ in 0..<1_000 {
      let spans = (0..<60).map { _ in Double.random(in: 0.01...2, using: &random) }
      let ends = spans.reduce(into: [0.0]) { $0.append($0.last! + $1) }
      let charger: (Seconds) -> Presence = { time in
        guard let next = ends.firstIndex(where: { $0 > time.value }) else { return .never }
        return Presence(isThere: next.isMultiple(of: 2), until: ends[next])
      }
      let first = Self.battery(
        .random(in: 0...5, using: &random), of: .random(in: 2...5, using: &random),
        idle: .random(in: 0...2, using: &random), charging: .random(in: 0...5, using: &random))
      var (battery, time) = (first, 0.0)
      while time < 50 {
        time += .random(in: 0...3, using: &random)
        battery.advance(to: Seconds(time), drawing: Watts(.random(in: 0...1, using: &random)), charger: charger)
        #expect(battery.canFollow(first, at: Seconds(time)))
        #expect(abs((first.charge + battery.charged - battery.spent - battery.charge).value) < 1e-9)
        filled += battery.charge == battery.capacity ? 1 : 0
        emptied += battery.charge == .zero ? 1 : 0
      }
    }
    #expect(filled > 1_000 && emptied > 1_000)
  }

  @Test("say when they are back at a level")
  func recovery() {
    let battery = Self.battery(1.5, charging: 4)
    // Down to 1 J at 1 s, then 3.5 J more per second.
    let back = battery.time(reaching: Joules(2.75), charger: Self.secondSecond)
    #expect(abs(back.value - 1.5) < 1e-8)
    #expect(battery.time(reaching: Joules(5), charger: Self.secondSecond).value == .infinity)
    #expect(battery.time(reaching: Joules(1), charger: Self.secondSecond) == .zero)
    var later = battery
    later.advance(to: back, charger: Self.secondSecond)
    #expect(later.charge >= Joules(2.75))
    // A charger that comes and goes for ever and never brings enough.
    let weak = Self.battery(1, idle: 2, charging: 1)
    let forEver: (Seconds) -> Presence = {
      Presence(isThere: Int($0.value) % 2 == 1, until: $0.value.rounded(.down) + 1)
    }
    #expect(weak.time(reaching: Joules(2), charger: forEver).value == .infinity)
  }

  private static func play(_ battery: Battery?, of device: Int = 1, isSequential: Bool = false, air: (any Air)? = nil)
    throws -> (ledgers: [DeviceLedger], end: Double, empties: [RoundEngine.LoggedEvent])
  {
    var itineraries = [RoundFixture.itinerary(device: 0), RoundFixture.itinerary(device: 1)]
    itineraries[device].battery = battery
    let (engine, end) = try RoundFixture.play(itineraries, isSequential: isSequential, air: air)
    return (engine.ledgers, end.seconds, engine.loggedEvents.filter { $0.kind == .empty })
  }

  @Test(
    "that run empty in the middle of an activity end their device's round there, and the activity counts in proportion")
  func emptying() throws {
    // 4.25 J are gone after the first step, at 2.75 s; the last joule is half of the second forward pass.
    let (ledgers, end, empties) = try Self.play(Self.battery(5.25, idle: 0))
    #expect(ledgers.map(\.isEmpty) == [false, true] && ledgers[1].isLate && ledgers[1].steps == 1)
    #expect(abs(ledgers[1].computeEnergy.value - 5) < 1e-7 && abs(ledgers[1].time.value - 3.25) < 1e-7)
    #expect(ledgers[1].battery?.charge == .zero && end == 5.625)
    #expect(empties.count == 1 && empties[0].device == 1 && abs(empties[0].energy.value - 1) < 1e-7)
    // With 0.5 W beside its work: 7 - 4.25 - 1.375 J are left at 2.75 s, and last 0.55 s at 2.5 W.
    let idling = try Self.play(Self.battery(7)).ledgers[1]
    #expect(idling.isEmpty && abs(idling.time.value - 3.3) < 1e-7)
    #expect(abs((idling.battery?.spent.value ?? 0) - 7) < 1e-7)
    // Enough, and just not enough: the round takes 9 J, its model upload the last 0.5 J.
    #expect(try !Self.play(Self.battery(9.001, idle: 0)).ledgers[1].isEmpty)
    let last = try Self.play(Self.battery(8.999, idle: 0)).ledgers[1]
    #expect(last.isEmpty && last.steps == 2)
    #expect(try Self.play(nil).ledgers[1].battery == nil)
  }

  @Test("that charge during a round last longer, to the joule")
  func charging() throws {
    // 0.5 J at 1 s; +3 W to 1.5 s, +3.5 W to 1.75 s, +1.5 W to 2 s: 3.25 J; -2.5 W from then on.
    let ledger = try Self.play(Self.battery(3, charging: 4), air: Wall()).ledgers[1]
    #expect(ledger.isEmpty && abs(ledger.time.value - 3.3) < 1e-7)
    #expect(abs((ledger.battery?.charged.value ?? 0) - 4) < 1e-9)
    #expect(abs((ledger.battery?.spent.value ?? 0) - 7) < 1e-7)
    // Without the charger it ends at 1.33 s.
    #expect(try abs(Self.play(Self.battery(3)).ledgers[1].time.value - (1 + 0.5)) < 1e-7)
  }

  @Test("also give what radios draw asleep, by the gaps between two times on the air")
  func sleep() throws {
    var itinerary = RoundFixture.itinerary(device: 0)
    itinerary.sleep = RadioSleep(unit: Watts(1e-3))
    itinerary.battery = Self.battery(10, idle: 0)
    let ledger = try RoundFixture.play([itinerary]).engine.ledgers[0]
    // Gaps of 1 s before the first upload, of 2.25 s to the second and of 1.25 s to the model's, in deep sleep: 1.45, 2.7, 1.7 mJ.
    #expect(abs(ledger.sleepEnergy.value - 5.85e-3) < 1e-12)
    #expect(abs(ledger.energy.value - (9 + 5.85e-3)) < 1e-12)
    #expect(abs((ledger.battery?.spent.value ?? 0) - ledger.energy.value) < 1e-7)
    #expect(abs(DeviceLedger(completing: itinerary).sleepEnergy.value - 5.85e-3) < 1e-12)
    // Without a model upload the last gap ends with the round.
    var last = RoundFixture.itinerary(device: 0, steps: 1, upload: nil)
    last.sleep = itinerary.sleep
    #expect(try abs(RoundFixture.play([last]).engine.ledgers[0].sleepEnergy.value - (1.45e-3 + 1.7e-3)) < 1e-12)
  }

  @Test("idle away before their turn comes")
  func waiting() throws {
    let (ledgers, end, _) = try Self.play(Self.battery(2), isSequential: true)
    #expect(ledgers[1].isEmpty && ledgers[1].time == .zero && end == 5.625)
    let (enough, later, _) = try Self.play(Self.battery(20, of: 20), isSequential: true)
    #expect(!enough[1].isEmpty && later == 11.25)
    #expect(enough[1].battery?.spent == Joules(9 + 11.25 / 2))
  }

  @Test("are as they were after a round that is written down in the middle and taken up again")
  func kept() throws {
    var itineraries = [RoundFixture.itinerary(device: 0), RoundFixture.itinerary(device: 1)]
    itineraries[1].battery = Self.battery(3, charging: 4)
    let whole = try RoundFixture.played(itineraries, accelerators: Accelerators(count: 1), air: Wall())
    for events in 1..<whole.events {
      let resumed = try RoundFixture.played(
        itineraries, accelerators: Accelerators(count: 1), air: Wall(), keptAfter: events)
      #expect(resumed.engine.ledgers == whole.engine.ledgers && resumed.fingerprint == whole.fingerprint)
    }
  }
}
