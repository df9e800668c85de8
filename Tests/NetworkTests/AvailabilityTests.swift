import EventKernel
import Randomness
import TestSupport
import Testing
import Units

@testable import Network

@Suite("Devices that come and go")
struct AvailabilityTests {
  private static func process(_ on: Distribution, _ off: Distribution, count: Int, seed: UInt64 = 5)
    -> AvailabilityProcess
  {
    AvailabilityProcess(.law(on: on, off: off), count: count, seed: Seed(seed))
  }

  @Test(
    "are there with their share of the time, at any time, from the first instant on",
    arguments: [
      (Distribution.exponential(mean: 3), Distribution.uniform(low: 1, high: 3)),
      (.constant(1), .constant(4)), (.choice([1, 9]), .exponential(mean: 5)),
      (.uniform(low: 0, high: 10), .constant(5)),
    ])
  func share(on: Distribution, off: Distribution) throws {
    let count = 20_000
    let process = Self.process(on, off, count: count)
    let share = try #require(Availability.law(on: on, off: off).share)
    let bound = 4.5 * (share * (1 - share) / Double(count)).squareRoot()
    for time in [0, 0.7, 4, 23.3] {
      let there = Double(process.areThere(at: Seconds(time)).count { $0 }) / Double(count)
      #expect(abs(there - share) < bound, "\(there) of \(share) at \(time) s")
    }
  }

  @Test("what is left of a span at a look is drawn by the inspection paradox, and comings are as many as renewals")
  func renewal() {
    let count = 40_000
    let process = Self.process(.uniform(low: 0, high: 10), .constant(5), count: count)
    // E[X²] / 2 E[X] = 10/3, where whole spans would leave 5 and halves of them 2.5; its variance is 50/9.
    let left = (0..<count).map { process.presence(of: $0, at: .zero) }.filter(\.isThere).map(\.until)
    let mean = left.reduce(0, +) / Double(left.count)
    #expect(abs(mean - 10 / 3) < 4.5 * (50 / 9 / Double(left.count)).squareRoot(), "\(mean)")
    var comings = 0
    for device in 0..<count / 8 {
      var time = 0.0
      while time < 100 {
        let presence = process.presence(of: device, at: Seconds(time))
        time = presence.until
        if !presence.isThere, time < 100 { comings += 1 }
      }
    }
    // One in E[on] + E[off] = 10 s; the variance of a device's count is at most that of a Poisson count.
    let expected = Double(count / 8) * 10
    #expect(abs(Double(comings) - expected) < 4.5 * expected.squareRoot(), "\(comings)")
  }

  @Test("are the same for all who look, in whatever order")
  func order() {
    let (forwards, backwards) = (
      Self.process(.exponential(mean: 2), .exponential(mean: 1), count: 30),
      Self.process(.exponential(mean: 2), .exponential(mean: 1), count: 30)
    )
    let times = (0..<40).map { Seconds(Double($0) * 0.37) }
    let seen = times.map(forwards.areThere)
    #expect(Array(times.reversed().map(backwards.areThere).reversed()) == seen)
    #expect(Set(seen).count > 30)
    let other = Self.process(.exponential(mean: 2), .exponential(mean: 1), count: 30, seed: 6)
    #expect(other.areThere(at: .zero) != seen[0])
  }

  @Test("by a table are there from on to before off, and with a period over and over")
  func table() {
    let spans = [[AvailabilityTable.Span(on: 0, off: 2), .init(on: 5, off: 10)], [], [.init(on: 3, off: 4)]]
    let once = AvailabilityProcess(
      .table(AvailabilityTable(path: "", spans: spans)), count: 3, seed: Seed(1))
    func look(_ process: AvailabilityProcess, _ device: Int, _ time: Double) -> Presence {
      process.presence(of: device, at: Seconds(time))
    }
    #expect(look(once, 0, 0) == Presence(isThere: true, until: 2))
    #expect(look(once, 0, 2) == Presence(isThere: false, until: 5))
    #expect(look(once, 0, 10) == Presence(isThere: false, until: .infinity))
    #expect(look(once, 1, 3) == Presence(isThere: false, until: .infinity))
    #expect(once.nextArrival(after: Seconds(2)) == Seconds(3))
    #expect(once.nextArrival(after: Seconds(5)).value == .infinity)
    let again = AvailabilityProcess(
      .table(AvailabilityTable(path: "", spans: spans, period: Seconds(10))), count: 3, seed: Seed(1))
    #expect(look(again, 0, 7) == Presence(isThere: true, until: 12), "to the next period's first off")
    #expect(look(again, 0, 31.5) == Presence(isThere: true, until: 32))
    #expect(look(again, 2, 4) == Presence(isThere: false, until: 13))
    #expect(look(again, 1, 4) == Presence(isThere: false, until: .infinity))
  }

  @Test("leave in the middle of an activity, which counts in proportion; what ends in that instant is done")
  func leaving() throws {
    func play(_ departure: Double?, isSequential: Bool = false) throws -> (RoundEngine, Double) {
      var itineraries = [RoundFixture.itinerary(device: 0), RoundFixture.itinerary(device: 4)]
      itineraries[1].departure = departure.map { Seconds($0) }
      let (engine, end) = try RoundFixture.play(itineraries, isSequential: isSequential)
      return (engine, end.seconds)
    }
    // Half of the second step's forward pass.
    let (engine, end) = try play(3.25)
    #expect(engine.ledgers.map(\.hasLeft) == [false, true])
    #expect(engine.ledgers[1].steps == 1 && engine.ledgers[1].isLate)
    #expect(engine.ledgers[1].computeEnergy == Joules(4 + 1))
    #expect(engine.ledgers[1].time == Seconds(3.25))
    #expect(end == 5.625)
    #expect(engine.loggedEvents.filter { $0.kind == .left }.map(\.energy) == [Joules(1)])
    #expect(try !play(5.625).0.ledgers[1].hasLeft)
    #expect(try play(5.625 - 1e-9).0.ledgers[1].hasLeft)
    #expect(try !play(nil).0.ledgers[1].hasLeft)
    // Before its turn comes.
    let (waiting, early) = try play(1, isSequential: true)
    #expect(waiting.ledgers[1].hasLeft && waiting.ledgers[1].time == .zero && early == 5.625)
  }
}
