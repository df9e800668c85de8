import EventKernel
import Foundation
import TestSupport
import Testing

@Suite("The state of a simulation")
struct SimulatorStateTests {
  /// A simulation that branches at random for a while, its draws made by the events themselves.
  private func step(_ event: Event<Kind>, _ simulator: inout Simulator<Kind>) {
    var random = SplitMix(state: event.time.nanoseconds ^ UInt64(event.entity) << 40)
    for child in 0..<random.next() % 3 where event.tag < 12 {
      simulator.schedule(
        child == 0 ? .second : .last, entity: event.entity * 2 + Int(child), tag: event.tag + 1,
        after: SimTime(nanoseconds: random.next() % 50))
    }
  }

  @Test("written and read at any event, it goes on to the same end", arguments: 1...20)
  func roundTrip(seed: UInt64) throws {
    func begin() -> Simulator<Kind> {
      var simulator = Simulator<Kind>()
      var random = SplitMix(state: seed)
      for entity in 0..<20 {
        simulator.schedule(.first, entity: entity, at: SimTime(nanoseconds: random.next() % 100))
      }
      return simulator
    }
    var whole = begin()
    whole.run(step)
    let end = whole.state
    var stopped = begin()
    let limit = SplitMix.first(of: seed) % whole.eventCount
    stopped.run { event, simulator in
      step(event, &simulator)
      if simulator.eventCount > limit { simulator.stop() }
    }
    let text = try JSONEncoder().encode(stopped.state)
    var resumed = Simulator(try JSONDecoder().decode(Simulator<Kind>.State.self, from: text))
    resumed.run(step)
    let (state, fingerprint, wholeFingerprint) = (resumed.state, resumed.fingerprint, whole.fingerprint)
    #expect(state == end && fingerprint == wholeFingerprint, "seed \(seed)")
  }

  @Test("an event of no kind or before the present makes it impossible")
  func impossible() throws {
    func isPossible(_ pending: String, clock: Int = 5) throws -> Bool {
      let text = #"{"clock": \#(clock), "hash": 1, "count": 2, "pending": [\#(pending)]}"#
      return try JSONDecoder().decode(Simulator<Kind>.State.self, from: Data(text.utf8)).isPossible
    }
    #expect(try isPossible("") && isPossible("5, 0") && isPossible("9, 72057594037927936, 7, 0"))
    #expect(try !isPossible("5"))
    #expect(try !isPossible("4, 0"))
    // The kind's raw value stands in the upper eight bits: 3 names no case.
    #expect(try !isPossible("9, 216172782113783808"))
  }
}

extension SplitMix {
  fileprivate static func first(of seed: UInt64) -> UInt64 {
    var random = SplitMix(state: seed)
    return random.next()
  }
}
