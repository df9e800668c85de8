import Randomness
import Testing
import Units
import Wireless

@Suite("Movement")
struct MobilityTests {
  private static func fleet(_ count: Int) -> Fleet {
    Fleet(
      (0..<count).map { _ in
        Device(
          distance: Meters(100), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1, kappa: WattsPerCubicHertz(1e-29),
          powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
      })
  }

  private static func process(_ model: Mobility.Model, count: Int, step: Double = 1, seed: UInt64 = 1)
    -> LargeScaleProcess
  {
    LargeScaleProcess(
      uplink: Uplink(), fleet: fleet(count), mobility: Mobility(model, step: Seconds(step)), seed: Seed(seed))
  }

  private static func positions(_ process: LargeScaleProcess, count: Int, at index: Int) -> [Position] {
    (0..<count).compactMap { process.state(device: $0, interval: index).position }
  }

  /// In its stationary law the mean speed of those that move is E[time] weighted: of uniform speeds on [0.2, 3.8] m/s
  /// (high - low)/ln(high/low) = 1.2226 m/s, where a start with a speed of the trips' own law, 2 m/s, slows down for ever.
  @Test("random waypoint has its stationary speed from the first second on; a start with the trips' law would not")
  func speed() {
    let count = 8000
    let walk = RandomWaypoint(radius: Meters(500), speed: .uniform(low: 0.2, high: 3.8))
    let process = Self.process(.randomWaypoint(walk), count: count)
    let stationary = 3.6 / 2.944438979166440
    func mean(from index: Int) -> Double {
      let (a, b) = (
        Self.positions(process, count: count, at: index), Self.positions(process, count: count, at: index + 1)
      )
      return zip(a, b).reduce(0) { $0 + Position(x: $1.1.x - $1.0.x, y: $1.1.y - $1.0.y).distance.value }
        / Double(count)
    }
    // The speed's variance is low·high·… below 1.1²: 4.5 · 1.1/√8000 = 0.055.
    for index in [0, 50, 500, 5000] { #expect(abs(mean(from: index) - stationary) < 0.055, "at \(index) s") }
    #expect(abs(2 - stationary) > 0.5, "the trips' own mean fails the same test")
  }

  /// E[pause] = 100 s, E[length] E[1/v] = 0.9054 · 100 · ln(2)/1 = 62.8 s: 61.4 % stand. Of a uniform disc E[r²]/R² is 1/2, of
  /// the moving 's density (C. Bettstetter, about 2/π (1 - r²)) it is near 1/3.
  @Test("random waypoint stands and spreads as its stationary law has it, at all times")
  func density() {
    let count = 8000
    let walk = RandomWaypoint(
      radius: Meters(100), speed: .uniform(low: 1, high: 2), pause: .uniform(low: 50, high: 150))
    #expect(abs(walk.pauseShare - 100 / (100 + 90.5414787 * 0.69314718)) < 1e-6)
    let process = Self.process(.randomWaypoint(walk), count: count)
    var spreads: [Double] = []
    for index in [0, 60, 3000] {
      let (a, b) = (
        Self.positions(process, count: count, at: index), Self.positions(process, count: count, at: index + 1)
      )
      #expect(a.allSatisfy { $0.distance.value <= 100 })
      let still = zip(a, b).count { $0 == $1 }
      // Those who set out or arrive within the second move in a part of it: 1 of 163 s, twice.
      let deviation = (Double(count) * walk.pauseShare * (1 - walk.pauseShare)).squareRoot()
      #expect(abs(Double(still) - Double(count) * (walk.pauseShare - 1 / 162.8)) < 4.5 * deviation, "at \(index) s")
      let standing = zip(a, b).filter { $0 == $1 }.map(\.0)
      let moving = zip(a, b).filter { $0 != $1 }.map(\.0)
      func spread(_ places: [Position]) -> Double {
        places.reduce(0) { $0 + $1.distance.value * $1.distance.value } / 1e4 / Double(places.count)
      }
      #expect(abs(spread(standing) - 0.5) < 4.5 * 0.2887 / Double(standing.count).squareRoot())
      spreads.append(spread(moving))
      #expect(spread(moving) < 0.42, "a start of the moving at uniform places has 0.5")
    }
    // The moving have one law at all times: 4.5 · √2 · 0.25/√3000 = 0.029.
    #expect(abs(spreads[0] - spreads[2]) < 0.029 && abs(spreads[0] - spreads[1]) < 0.029, "\(spreads)")
  }

  /// Trips are 128 R/(45 π) = 0.9054 R long in the mean: over a long time a device of 2 m/s without pauses goes 2 m in each
  /// second, and turns once per 45.27 s in a disc of 100 m.
  @Test("random waypoint goes its trips' length")
  func pathLength() {
    let walk = RandomWaypoint(radius: Meters(100), speed: .constant(2))
    #expect(abs(walk.meanLength.value - 90.5414787) < 1e-6)
    let process = Self.process(.randomWaypoint(walk), count: 40)
    var (turns, length) = (0, 0.0)
    for device in 0..<40 {
      let places = (0...4000).compactMap { process.state(device: device, interval: $0).position }
      let steps = zip(places, places.dropFirst()).map { Position(x: $1.x - $0.x, y: $1.y - $0.y) }
      length += steps.reduce(0) { $0 + $1.distance.value }
      turns += steps.count { abs($0.distance.value - 2) > 1e-6 }
    }
    // 160000 s / 45.27 s = 3534 turns; a trip's length has a standard deviation of 0.42 R, so of 1 %.
    #expect(abs(Double(turns) / 3534 - 1) < 0.05, "\(turns)")
    #expect(length < 320_000 && length > 320_000 * 0.97)
  }

  @Test("Gauss-Markov keeps its speed, forgets its direction as it should, and stays in its square")
  func gaussMarkov() {
    let count = 3000
    let walk = GaussMarkov(side: Meters(4000), speed: MetersPerSecond(2), memory: Seconds(20))
    let process = Self.process(.gaussMarkov(walk), count: count, step: 0.1)
    func velocities(_ index: Int) -> [Position] {
      let (a, b) = (
        Self.positions(process, count: count, at: index), Self.positions(process, count: count, at: index + 1)
      )
      #expect(a.allSatisfy { abs($0.x.value) <= 2000 && abs($0.y.value) <= 2000 })
      return zip(a, b).map { Position(x: ($1.x - $0.x) * 10, y: ($1.y - $0.y) * 10) }
    }
    let first = velocities(0)
    func product(_ other: [Position]) -> Double {
      zip(first, other).reduce(0) { $0 + $1.0.x.value * $1.1.x.value + $1.0.y.value * $1.1.y.value } / Double(count) / 4
    }
    #expect(abs(product(first) - 1) < 0.1)
    for (index, expected) in [(100, 0.607), (200, 0.368), (400, 0.135)] {
      #expect(
        abs(product(velocities(index)) - expected) < 0.12,
        "after \(Double(index) / 10) s: \(product(velocities(index)))")
    }
    let places = Self.positions(process, count: count, at: 50_000)
    let spread = places.reduce(0) { $0 + $1.x.value * $1.x.value } / Double(count)
    // Uniform on ±2000 m: 4e6/3; its square's standard deviation is 2/sqrt(5) of that.
    #expect(abs(spread / (4e6 / 3) - 1) < 4.5 * 0.894 / Double(count).squareRoot())
  }

  @Test("positions of a table lie on the lines between its rows, and stand after the last")
  func table() {
    func at(_ x: Double, _ y: Double) -> Position { Position(x: Meters(x), y: Meters(y)) }
    let table = PositionTable(
      path: "",
      rows: [[(Seconds(0), at(0, 0)), (Seconds(10), at(30, 40)), (Seconds(12), at(30, 40))], [(Seconds(0), at(7, 0))]])
    #expect(table.topSpeed == MetersPerSecond(5))
    #expect(Mobility(.table(table)).interval == Seconds(0.2))
    let process = Self.process(.table(table), count: 2)
    #expect(process.state(device: 0, interval: 5).position == at(15, 20))
    #expect(process.state(device: 0, interval: 5).distance == Meters(25))
    #expect(process.state(device: 0, interval: 100).position == at(30, 40))
    #expect(process.state(device: 1, interval: 5).position == at(7, 0))
    let still = PositionTable(path: "", rows: [[(Seconds(0), at(7, 0))]])
    #expect(!Mobility(.table(still)).interval.isFinite)
  }

  @Test("the grid lets the fastest go a metre, unless it is given")
  func interval() {
    let walk = Mobility.Model.randomWaypoint(RandomWaypoint(radius: Meters(9), speed: .uniform(low: 1, high: 4)))
    #expect(Mobility(walk).interval == Seconds(0.25))
    #expect(Mobility(walk, step: Seconds(3)).interval == Seconds(3))
    #expect(!Mobility.static.interval.isFinite)
  }

  @Test("looks from several threads see the same places")
  func threads() async {
    let walk = RandomWaypoint(radius: Meters(50), speed: .uniform(low: 1, high: 4), pause: .exponential(mean: 3))
    let shared = Self.process(.randomWaypoint(walk), count: 200, seed: 7)
    let alone = Self.process(.randomWaypoint(walk), count: 200, seed: 7)
    let expected = (0..<50).map { Self.positions(alone, count: 200, at: $0 * 13) }
    await withTaskGroup(of: Bool.self) { group in
      for start in 0..<4 {
        group.addTask {
          (0..<50).allSatisfy { step in
            let index = start % 2 == 0 ? step : 49 - step
            return Self.positions(shared, count: 200, at: index * 13) == expected[index]
          }
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}
