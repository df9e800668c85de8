import EventKernel
import Randomness
import TestSupport
import Testing
import Units

@testable import Network

@Suite("Computing that varies")
struct JitterTests {
  private func factors(_ jitter: Jitter, devices: Range<Int>, rounds: Range<Int>, steps: Range<Int>) -> [Double] {
    rounds.flatMap { round in
      devices.flatMap { device in
        steps.map { jitter.factor(device: device, round: round, step: $0, seed: Seed(9)) }
      }
    }
  }

  /// Of a lognormal of mean 1 and s² = ln(1 + c²): E X = 1, E X² = 1 + c², and ln X is -s²/2 in the mean. A median of 1 would have
  /// the mean sqrt(1 + c²).
  @Test("has a mean of 1 and the coefficient of variation that is asked for", arguments: [0.05, 0.3, 1])
  func moments(variation: Double) {
    let all = factors(Jitter(variation: variation), devices: 0..<40, rounds: 1..<26, steps: 1..<41)
    let count = Double(all.count)
    let mean = all.reduce(0, +) / count
    let bound = 4.5 * variation / count.squareRoot()
    #expect(abs(mean - 1) < bound, "\(mean)")
    #expect(abs((1 + variation * variation).squareRoot() - 1) > bound || variation < 0.1)
    // (X - 1)² has the variance E(X - 1)⁴ - c⁴, of which the factors themselves tell.
    let squares = all.map { ($0 - 1) * ($0 - 1) }
    let square = squares.reduce(0, +) / count
    let fourth = squares.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(square - variation * variation) < 4.5 * ((fourth - square * square) / count).squareRoot())
  }

  @Test("per step a round's factors are independent, per round they are one; devices and rounds never share any")
  func scopes() {
    let (variation, steps) = (0.4, 25)
    for (scope, variance) in [(Jitter.Scope.step, 1 / Double(steps)), (.round, 1)] {
      let jitter = Jitter(variation: variation, scope: scope)
      var means: [Double] = []
      for round in 1...40 {
        for device in 0..<50 {
          let own = factors(jitter, devices: device..<device + 1, rounds: round..<round + 1, steps: 1..<steps + 1)
          #expect(scope == .step ? Set(own).count == steps : Set(own).count == 1)
          means.append(own.reduce(0, +) / Double(steps) - 1)
        }
      }
      // The variance of the mean over a round: c²/25, or c².
      let found = means.reduce(0) { $0 + $1 * $1 } / Double(means.count) / (variation * variation)
      #expect(abs(found / variance - 1) < 0.2, "\(scope): \(found)")
      let neighbours = zip(means, means.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(neighbours) / means.reduce(0) { $0 + $1 * $1 } < 4.5 / Double(means.count).squareRoot())
    }
  }

  /// Takes twice as long in the second step, half as long in the third.
  private struct Uneven: Air {
    func delivery(
      of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
      within limit: Seconds
    ) -> Delivery { .beyondLimit }

    func slowness(device: Int, step: Int, version: Int) -> Double { [1, 1, 2, 0.5][step] }
  }

  private var itinerary: Itinerary {
    var itinerary = RoundFixture.itinerary(device: 0, steps: 3, upload: nil)
    itinerary.hasJitter = true
    return itinerary
  }

  @Test("stretches what is computed, with its energy, and nothing else")
  func stretches() throws {
    let (engine, _) = try RoundFixture.play([itinerary], air: Uneven())
    #expect(
      engine.loggedEvents.map { "\($0.time.nanoseconds / 1_000_000) \($0.kind.name) \($0.energy.value)" } == [
        "1000 forward 2.0", "1500 uplink 0.25", "1750 server 0.0", "2750 backward 2.0",
        "4750 forward 4.0", "5250 uplink 0.25", "5500 server 0.0", "7500 backward 4.0",
        "8000 forward 1.0", "8500 uplink 0.25", "8750 server 0.0", "9250 backward 1.0", "9250 aggregated 0.0",
      ])
    let played = try #require(engine.ledgers[0].played)
    #expect(played.computeTime == Seconds(7) && played.energy == Joules(14.75))
    var steady = itinerary
    steady.hasJitter = false
    #expect(try RoundFixture.play([steady], air: Uneven()).end == RoundFixture.play([steady]).end)
  }

  @Test("is cut off by a deadline in proportion, and goes on where it was written down")
  func cutOff() throws {
    let (engine, _) = try RoundFixture.play([itinerary], watch: .step(Seconds(3.75)), air: Uneven())
    let last = try #require(engine.loggedEvents.last { $0.kind == .deadline })
    // The second step ends its backward pass at 4.75 s of its own: 1 s of 2 s is done.
    #expect(engine.ledgers[0].isLate && engine.ledgers[0].steps == 1)
    #expect(abs(last.time.seconds - 6.5) < 1e-6 && abs(last.energy.value - 2) < 1e-6)
    let whole = try RoundFixture.played([itinerary], air: Uneven())
    for events in 1..<whole.events {
      let kept = try RoundFixture.played([itinerary], air: Uneven(), keptAfter: events)
      #expect(kept.fingerprint == whole.fingerprint && kept.engine.ledgers == whole.engine.ledgers)
    }
  }
}
