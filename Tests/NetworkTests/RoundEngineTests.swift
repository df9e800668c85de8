import EventKernel
import Network
import TestSupport
import Testing
import Units

@Suite("A round, event by event")
struct RoundEngineTests {
  @Test("the events of a device come at the sums of its durations")
  func eventTimes() throws {
    let (engine, end) = try RoundFixture.play([RoundFixture.itinerary(device: 3)])
    #expect(
      engine.loggedEvents.map { "\($0.time.nanoseconds / 1_000_000) \($0.kind.name) \($0.step ?? -1)" } == [
        "1000 forward 1", "1500 uplink 1", "1750 server 1", "2750 backward 1",
        "3750 forward 2", "4250 uplink 2", "4500 server 2", "5500 backward 2",
        "5625 model_upload -1", "5625 aggregated -1",
      ])
    #expect(end == SimTime(seconds: 5.625))
    #expect(engine.ledgers[0].steps == 2)
    #expect(engine.ledgers[0].computeEnergy == Joules(8))
    #expect(engine.ledgers[0].uplinkEnergy == Joules(1))
    #expect(engine.ledgers[0].time == Seconds(5.625))
  }

  @Test("devices do not wait for each other, and the round ends with the last")
  func parallel() throws {
    let (engine, end) = try RoundFixture.play([
      RoundFixture.itinerary(device: 0, steps: 1), RoundFixture.itinerary(device: 1, steps: 4),
    ])
    #expect(end == SimTime(seconds: 4 * 2.75 + 0.125))
    #expect(engine.ledgers.map(\.steps) == [1, 4])
  }

  @Test("in sequential order a device begins when the one before it has ended")
  func sequential() throws {
    let (engine, end) = try RoundFixture.play(
      [RoundFixture.itinerary(device: 0), RoundFixture.itinerary(device: 7)], isSequential: true)
    #expect(end == SimTime(seconds: 2 * 5.625))
    #expect(engine.loggedEvents.filter { $0.kind == .forward }.map { $0.device ?? -1 } == [0, 0, 7, 7])
  }

  @Test("a round that admits nobody ends at once")
  func empty() throws {
    let (engine, end) = try RoundFixture.play([])
    #expect(end == .zero)
    #expect(engine.loggedEvents.map(\.kind) == [.aggregated])
  }

  @Test(
    "a device exactly on its deadline is in time, one beyond the tolerance is late",
    arguments: [
      (2.75, false), (2.75 * (1 - 0.9e-9), false), (2.75 * (1 - 2e-9), true), (2.7, true), (3, false),
    ])
  func deadline(limit: Double, isLate: Bool) throws {
    let (engine, _) = try RoundFixture.play([RoundFixture.itinerary(device: 0)], watch: .step(Seconds(limit)))
    #expect(engine.ledgers[0].isLate == isLate)
    #expect(engine.ledgers[0].steps == (isLate ? 0 : 2))
  }

  @Test("a late device leaves the round, which goes on with the others")
  func late() throws {
    var slow = RoundFixture.itinerary(device: 1)
    slow.step[1].time = Seconds(9)
    let (engine, end) = try RoundFixture.play([RoundFixture.itinerary(device: 0), slow], watch: .step(Seconds(3)))
    #expect(engine.ledgers.map(\.isLate) == [false, true])
    #expect(end == SimTime(seconds: 5.625))
    #expect(engine.ledgers[1].computeEnergy == Joules(2), "only the forward pass had ended")
    let upload = slow.step[1]
    let share = (3 - slow.step[0].time.value) / 9
    let ledger = engine.ledgers[1]
    #expect(abs(ledger.uplinkTime.value - 9 * share) < 1e-7, "of the upload, what lies before the deadline")
    #expect(abs(ledger.uplinkEnergy.value - upload.energy.value * share) < 1e-7)
    #expect(engine.loggedEvents.last { $0.kind == .deadline }?.energy == ledger.uplinkEnergy)
  }

  @Test("a deadline of the round counts all steps and the model upload", arguments: [(5.625, false), (5.6, true)])
  func roundDeadline(limit: Double, isLate: Bool) throws {
    let (engine, _) = try RoundFixture.play([RoundFixture.itinerary(device: 0)], watch: .round(Seconds(limit)))
    #expect(engine.ledgers[0].isLate == isLate)
  }

  @Test("the server's order is that in which it ended the steps, ties by device, and only of completed steps")
  func serverOrder() throws {
    // Server legs end at 1.75 and 4.5 (device 0), 1.75 (device 1), 2.75 and 6.5 s (device 2, whose forward pass takes 2 s
    // and whose step of 3.75 s misses the deadline of 3.7 s: its one server leg is of a step that was not completed).
    var slow = RoundFixture.itinerary(device: 2)
    slow.step[0].time = Seconds(2)
    let plans = [RoundFixture.itinerary(device: 0), RoundFixture.itinerary(device: 1, steps: 1), slow]
    #expect(try RoundFixture.play(plans).engine.serverOrder == [0, 1, 2, 0, 2])
    let late = try RoundFixture.play(plans, watch: .step(Seconds(3.7))).engine
    #expect(late.ledgers.map(\.steps) == [2, 1, 0])
    #expect(late.serverOrder == [0, 1, 0])
  }

  @Test("steps whose activations the server has take place at the server only")
  func cachedSteps() throws {
    let (engine, end) = try RoundFixture.play([RoundFixture.itinerary(device: 3, steps: 3, fresh: 1, upload: nil)])
    #expect(
      engine.loggedEvents.map { "\($0.time.nanoseconds / 1_000_000) \($0.kind.name) \($0.step ?? -1)" } == [
        "1000 forward 1", "1500 uplink 1", "1750 server 1", "2750 backward 1", "3000 server 2", "3250 server 3",
        "3250 aggregated -1",
      ])
    #expect(end == SimTime(seconds: 3.25))
    #expect(engine.ledgers[0].steps == 3)
    #expect(engine.ledgers[0].computeEnergy == Joules(4))
    #expect(engine.ledgers[0].uplinkEnergy == Joules(0.25))
    #expect(engine.ledgers[0].serverTime == Seconds(0.75))
  }

  @Test("the server is busy while it serves anybody, counted once")
  func serverBusy() throws {
    // Two devices in lockstep share the quarter seconds; a third one a step behind adds its own.
    var behind = RoundFixture.itinerary(device: 2, steps: 1)
    behind.step[0].time = Seconds(2)
    let (engine, _) = try RoundFixture.play([
      RoundFixture.itinerary(device: 0), RoundFixture.itinerary(device: 1), behind,
    ])
    #expect(engine.serverBusy == SimTime(seconds: 0.75))
  }

  @Test("a leg beyond simulated time is an error that names the device")
  func tooLong() {
    var plan = RoundFixture.itinerary(device: 12)
    plan.step[1].time = Seconds(1e12)
    #expect { try RoundFixture.play([plan]) } throws: { "\($0)".contains("device 12: uplink takes 1000000000000.0 s") }
  }

  @Test("rounding to ticks does not add up within a step")
  func rounding() throws {
    // A third of a nanosecond four times is 4/3 ns: 1 tick, not 0 and not 4.
    var plan = RoundFixture.itinerary(device: 0, steps: 3, upload: nil)
    for leg in plan.step.indices { plan.step[leg].time = Seconds(1e-9 / 3) }
    let (_, end) = try RoundFixture.play([plan])
    #expect(end == SimTime(nanoseconds: 3))
  }

  @Test("what a late device left undone does not end anything in the next round")
  func leftovers() throws {
    // 10 s of forward pass, cut off at 2 s: its end at 10 s is still pending when the same device begins anew.
    let itinerary = Itinerary(device: 5, steps: 1, step: [.init(kind: .forward, time: Seconds(10), energy: Joules(1))])
    var simulator = Simulator<RoundEvent>()
    var ends: [Double] = []
    for watch in [RoundEngine.DeadlineRule.step(Seconds(2)), .none] {
      var engine = RoundEngine([itinerary], isSequential: false, watch: watch)
      try engine.begin(in: &simulator)
      try simulator.run { event, simulator in
        if try engine.handle(event, in: &simulator) { simulator.stop() }
      }
      ends.append((simulator.now.seconds * 1000).rounded() / 1000)
    }
    #expect(ends == [2, 12])
  }
}
