import EventKernel
import TestSupport
import Testing

@Suite("The simulator")
struct SimulatorTests {
  /// The times of the events of a run, as the clock told them.
  private func times(
    _ simulator: inout Simulator<Kind>, until limit: SimTime = .distantFuture,
    _ handle: (Event<Kind>, inout Simulator<Kind>) -> Void = { _, _ in }
  ) -> [UInt64] {
    var times: [UInt64] = []
    simulator.run(until: limit) { event, simulator in
      times.append(simulator.now.nanoseconds)
      handle(event, &simulator)
    }
    return times
  }

  private func simulator(at times: UInt64...) -> Simulator<Kind> {
    var simulator = Simulator<Kind>()
    for time in times { simulator.schedule(.first, entity: 0, at: SimTime(nanoseconds: time)) }
    return simulator
  }

  @Test("hands over the events in their order and stands at the last one")
  func order() {
    var simulator = simulator(at: 30, 10, 20)
    var times: [SimTime] = []
    simulator.run { event, simulator in
      times.append(event.time)
      #expect(event.time == simulator.now)
    }
    #expect(times == [10, 20, 30].map(SimTime.init(nanoseconds:)))
    let (now, count, pending) = (simulator.now, simulator.eventCount, simulator.pendingCount)
    #expect(now == SimTime(nanoseconds: 30))
    #expect(count == 3)
    #expect(pending == 0)
  }

  @Test("a handler schedules no event, one or many")
  func successors() {
    // A binary tree of depth 4: 1 + 2 + 4 + 8 + 16 events, the generation in the tag.
    var simulator = Simulator<Kind>()
    simulator.schedule(.first, entity: 0, at: .zero)
    var generations: [Int] = []
    simulator.run { event, simulator in
      generations.append(event.tag)
      guard event.tag < 4 else { return }
      for child in 0..<2 {
        simulator.schedule(
          .first, entity: 2 * event.entity + child, tag: event.tag + 1, after: SimTime(seconds: 1))
      }
    }
    #expect(generations == (0...4).flatMap { Array(repeating: $0, count: 1 << $0) })
    let now = simulator.now
    #expect(now == SimTime(seconds: 4))
  }

  @Test("an event scheduled at the present happens before time goes on, whatever its kind")
  func present() {
    var simulator = Simulator<Kind>()
    simulator.schedule(.third, entity: 0, at: .tick)
    simulator.schedule(.second, entity: 1, at: SimTime(nanoseconds: 2))
    var kinds: [Kind] = []
    simulator.run { event, simulator in
      kinds.append(event.kind)
      if event.kind == .third { simulator.schedule(.first, entity: 0, after: .zero) }
    }
    #expect(kinds == [.third, .first, .second])
  }

  @Test("runs up to and including a time, then stands there and goes on later")
  func until() {
    var simulator = simulator(at: 10, 20, 30)
    #expect(times(&simulator, until: SimTime(nanoseconds: 20)) == [10, 20])
    #expect(times(&simulator, until: SimTime(nanoseconds: 25)) == [])
    let now = simulator.now
    #expect(now == SimTime(nanoseconds: 25))
    #expect(times(&simulator) == [30])
  }

  @Test("the clock never goes back, even when a run ends before it")
  func monotone() {
    var simulator = simulator(at: 10)
    simulator.run(until: SimTime(nanoseconds: 50)) { _, _ in }
    simulator.run(until: SimTime(nanoseconds: 20)) { _, _ in }
    let now = simulator.now
    #expect(now == SimTime(nanoseconds: 50))
  }

  @Test("stops when told, with the rest still pending")
  func stop() {
    var simulator = simulator(at: 10, 20, 30)
    let before = times(&simulator, until: SimTime(seconds: 1)) { event, simulator in
      if event.time == SimTime(nanoseconds: 20) { simulator.stop() }
    }
    #expect(before == [10, 20])
    let (now, pending) = (simulator.now, simulator.pendingCount)
    #expect(now == SimTime(nanoseconds: 20))
    #expect(pending == 1)
    #expect(times(&simulator) == [30])
  }

  @Test("an error of the handler ends the run and leaves the rest pending")
  func failure() {
    struct Broken: Error {}
    var simulator = simulator(at: 10, 20, 30)
    #expect(throws: Broken.self) {
      try simulator.run { event, _ throws(Broken) in
        if event.time == SimTime(nanoseconds: 20) { throw Broken() }
      }
    }
    let count = simulator.eventCount
    #expect(count == 2)
    #expect(times(&simulator) == [30])
  }

  @Test("scheduling into the past stops the program")
  func past() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var simulator = Simulator<Kind>()
      simulator.schedule(.first, entity: 0, at: SimTime(seconds: 2))
      simulator.run { _, simulator in simulator.schedule(.second, entity: 7, at: SimTime(seconds: 1)) }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("into the past: second of 7, tag 0, at 1.0 s, but the clock already stands at 2.0 s"))
  }

  @Test("scheduling at the end of time works and saturates")
  func endOfTime() {
    var simulator = Simulator<Kind>()
    simulator.schedule(.first, entity: 0, at: .distantFuture)
    var rest = 3
    simulator.run { event, simulator in
      rest -= 1
      if rest > 0 { simulator.schedule(.first, entity: 0, after: SimTime(seconds: 1)) }
    }
    let (now, count) = (simulator.now, simulator.eventCount)
    #expect(now == .distantFuture)
    #expect(count == 3)
  }

  @Test("the fingerprint is that of the events in the order they happened, and does not depend on who scheduled first")
  func fingerprint() {
    var expected = Fingerprint()
    let events = (0..<6).map { Event(Kind.first, $0 % 3, $0, ns: 5) }
    for event in events.sorted() { expected.absorb(event.key) }
    for order in permutations(of: events) {
      var simulator = Simulator<Kind>()
      for event in order { simulator.schedule(event.kind, entity: event.entity, tag: event.tag, at: event.time) }
      simulator.run { _, _ in }
      let fingerprint = simulator.fingerprint
      #expect(fingerprint == expected)
    }
  }

  @Test("a million events of a thousand entities happen once each, in order")
  func million() {
    var random = SplitMix(state: 7)
    var simulator = Simulator<Kind>()
    for entity in 0..<1_000 { simulator.schedule(.first, entity: entity, at: SimTime(nanoseconds: UInt64(entity))) }
    var steps = [Int](repeating: 0, count: 1_000)
    var last = SimTime.zero
    var inOrder = true
    simulator.run { event, simulator in
      inOrder = inOrder && last <= event.time && event.tag == steps[event.entity]
      last = event.time
      steps[event.entity] += 1
      guard event.tag < 999 else { return }
      simulator.schedule(
        .first, entity: event.entity, tag: event.tag + 1, after: SimTime(nanoseconds: random.next() >> 40))
    }
    let count = simulator.eventCount
    #expect(inOrder)
    #expect(count == 1_000_000)
    #expect(steps.allSatisfy { $0 == 1_000 })
  }
}
