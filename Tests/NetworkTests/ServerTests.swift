import EventKernel
import Network
import TestSupport
import Testing
import Units

@Suite("A server with few accelerators, event by event")
struct ServerTests {
  /// `forward` seconds and 1 J, then `server` seconds, then `backward` seconds and 1 J.
  static func itinerary(
    _ device: Int, forward: Double, server: Double, backward: Double = 1, steps: Int = 1
  ) -> Itinerary {
    Itinerary(
      device: device, steps: steps,
      step: [
        .init(kind: .forward, time: Seconds(forward), energy: Joules(1)),
        .init(kind: .server, time: Seconds(server), energy: .zero),
        .init(kind: .backward, time: Seconds(backward), energy: Joules(1)),
      ])
  }

  static func rows(_ engine: RoundEngine) -> [String] {
    engine.loggedEvents.map {
      "\($0.time.nanoseconds / 1_000_000) \($0.device.map { "\($0) " } ?? "")\($0.kind.name)"
    }
  }

  @Test("one accelerator serves in the order of arrival, and a wait is no service")
  func firstInFirstOut() throws {
    let devices = [
      Self.itinerary(0, forward: 1, server: 2), Self.itinerary(1, forward: 1.5, server: 2),
      Self.itinerary(2, forward: 1.25, server: 2),
    ]
    let (engine, _) = try RoundFixture.play(devices, accelerators: Accelerators(count: 1))
    #expect(
      Self.rows(engine).filter { $0.contains("server") } == ["3000 0 server", "5000 2 server", "7000 1 server"])
    #expect(engine.ledgers.map(\.waitTime.value) == [0, 3.5, 1.75])
    #expect(engine.ledgers.map(\.serverTime.value) == [2, 2, 2])
    #expect(engine.ledgers.map(\.time.value) == [4, 8, 6])
    #expect(engine.serverBusy == SimTime(seconds: 6) && engine.serverServed == SimTime(seconds: 6))
    #expect(engine.serverWaited == SimTime(seconds: 5.25))
  }

  @Test("who shares the server gets a part of it")
  func processorSharing() throws {
    // Device 0 is alone for 0.5 s, then both run at half speed: 1 has its 1 s after 2 s more, 0 the 0.5 s that it lacks
    // after that.
    let devices = [Self.itinerary(0, forward: 1, server: 2), Self.itinerary(1, forward: 1.5, server: 1)]
    let (engine, _) = try RoundFixture.play(
      devices, accelerators: Accelerators(count: 1, discipline: .processorSharing))
    #expect(Self.rows(engine).filter { $0.contains("server") } == ["3500 1 server", "4000 0 server"])
    #expect(engine.ledgers.map(\.waitTime.value) == [1, 1])
    #expect(engine.ledgers.map(\.serverTime.value) == [2, 1])
    #expect(engine.serverBusy == SimTime(seconds: 3) && engine.serverServed == SimTime(seconds: 3))
  }

  @Test("the least slack goes first, and keeps a deadline that the order of arrival misses")
  func leastSlack() throws {
    // 0 is served from 1 s to 3 s; 1 comes before 2, but 2 has 3 s of backward pass to do before its deadline of 9 s.
    let devices = [
      Self.itinerary(0, forward: 1, server: 2), Self.itinerary(1, forward: 1.25, server: 2),
      Self.itinerary(2, forward: 1.5, server: 2, backward: 3),
    ]
    func late(_ discipline: Accelerators.Discipline) throws -> [Bool] {
      try RoundFixture.play(
        devices, watch: .step(Seconds(9)), accelerators: Accelerators(count: 1, discipline: discipline)
      ).engine.ledgers.map(\.isLate)
    }
    #expect(try late(.fifo) == [false, false, true])
    #expect(try late(.leastSlack) == [false, false, false])
  }

  @Test("who misses its deadline in line leaves the line, and its accelerator if it has one")
  func deadline() throws {
    let devices = [
      Self.itinerary(0, forward: 1, server: 4), Self.itinerary(1, forward: 1, server: 1),
      Self.itinerary(2, forward: 2, server: 1, backward: 0.25),
    ]
    let (engine, end) = try RoundFixture.play(
      devices, watch: .step(Seconds(4)), accelerators: Accelerators(count: 1))
    // 0 is cut off in service and 1 in line, both at 4 s and one tick later than the tolerance; then 2 is cut off too.
    #expect(engine.ledgers.map(\.isLate) == [true, true, true])
    #expect(engine.ledgers.map { ($0.serverTime.value * 1e6).rounded() / 1e6 } == [3, 0, 0])
    #expect(engine.ledgers.map { ($0.waitTime.value * 1e6).rounded() / 1e6 } == [0, 3, 2])
    #expect(end.seconds < 4.00001)
  }

  @Test("an accelerator that a late device leaves serves who waits")
  func handedOn() throws {
    let devices = [
      Self.itinerary(0, forward: 1, server: 4), Self.itinerary(1, forward: 1, server: 1, steps: 1),
    ]
    // A round's deadline of 6 s on device 0's 6 s, and device 1 is served from 5 s on.
    let (engine, _) = try RoundFixture.play(devices, watch: .round(Seconds(5.5)), accelerators: Accelerators(count: 1))
    #expect(engine.ledgers.map(\.isLate) == [true, true])
    #expect(
      Self.rows(engine) == [
        "1000 0 forward", "1000 1 forward", "5000 0 server", "5500 0 deadline", "5500 1 deadline", "5500 aggregated",
      ])
  }

  @Test(
    "as many accelerators as devices give the events of a server that serves everybody",
    arguments: Accelerators.Discipline.allCases)
  func enough(discipline: Accelerators.Discipline) throws {
    var random = SplitMix(state: 7)
    let devices = (0..<20).map { device in
      Self.itinerary(
        device, forward: Double.random(in: 0..<1, using: &random), server: Double.random(in: 0..<1, using: &random),
        backward: Double.random(in: 0..<1, using: &random), steps: 5)
    }
    let free = try RoundFixture.play(devices).engine
    // One device more than accelerators, which has nothing for the server to do: nobody waits, and nothing says so beforehand.
    let idle = Itinerary(device: 20, steps: 1, step: [.init(kind: .forward, time: Seconds(0.1), energy: .zero)])
    let played = try RoundFixture.play(
      devices + [idle], accelerators: Accelerators(count: 20, discipline: discipline)
    ).engine
    #expect(played.ledgers.dropLast().allSatisfy { $0.waitTime == .zero })
    let rest = played.loggedEvents.filter { $0.device != 20 }
    #expect(rest.count == free.loggedEvents.count)
    if discipline == .processorSharing {
      // Its ends are foreseen from the clock of service: to the tick, not to the last bit.
      for (left, right) in zip(rest, free.loggedEvents) {
        #expect(left.kind == right.kind && left.device == right.device)
        #expect(abs(left.time.seconds - right.time.seconds) <= 20e-9)
      }
    } else {
      #expect(rest == free.loggedEvents)
    }
    #expect(try RoundFixture.play(devices, accelerators: .unlimited).engine.loggedEvents == free.loggedEvents)
  }

  @Test("services near the end of simulated time are counted as far as it can count")
  func longServices() throws {
    let devices = (0..<3).map { Self.itinerary($0, forward: 1, server: 1.5e10) }
    for accelerators in [Accelerators.unlimited, Accelerators(count: 1, discipline: .processorSharing)] {
      let played = Result { try RoundFixture.play(devices, accelerators: accelerators) }
      switch played {
      case .success(let (engine, _)):
        #expect(abs(engine.serverBusy.seconds - 1.5e10) < 1e-3 && engine.serverServed == .distantFuture)
      case .failure(let error): #expect(error is OutlastingActivity)
      }
    }
  }

  @Test("kept at any event and taken up again, a round goes on as it would have")
  func savedAtAnyEvent() throws {
    var random = SplitMix(state: 11)
    for world in 0..<25 {
      let devices = (0..<8).map { device in
        Self.itinerary(
          device, forward: Double.random(in: 0..<1, using: &random),
          server: 0.3 * Double.random(in: 0..<1, using: &random), backward: Double.random(in: 0..<1, using: &random),
          steps: 5)
      }
      let accelerators = Accelerators(count: 2, discipline: Accelerators.Discipline.allCases[world % 3])
      let watch = RoundEngine.DeadlineRule.step(Seconds(1.9))
      let whole = try RoundFixture.played(devices, watch: watch, accelerators: accelerators)
      for _ in 0..<20 {
        let kept = try RoundFixture.played(
          devices, watch: watch, accelerators: accelerators,
          keptAfter: Int(Double.random(in: 0..<1, using: &random) * Double(whole.events)))
        #expect(kept.engine.loggedEvents == whole.engine.loggedEvents)
        #expect(kept.engine.ledgers == whole.engine.ledgers)
        #expect(kept.end == whole.end && kept.fingerprint == whole.fingerprint)
      }
    }
  }
}
