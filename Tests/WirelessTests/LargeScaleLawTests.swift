import CElementary
import Randomness
import Testing
import Units
import Wireless

/// Laws of TR 38.901's large scale over seeds and places. Each statistic also rejects a law that is near and wrong.
@Suite("Laws of the large scale")
struct LargeScaleLawTests {
  /// Breakpoints at 770 m and 550 m.
  private static let lowRural = PathLoss.ruralMacro(
    carrier: Hertz(0.7e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), streetWidth: Meters(20),
    buildingHeight: Meters(5))
  private static let lowSuburb = PathLoss.suburbanMacro(
    carrier: Hertz(0.5e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), vegetation: .none)

  private static func uplink(_ model: PathLoss, indoors: Double = 0) -> Uplink {
    var uplink = Uplink(pathLoss: model)
    uplink.spatialLaw = .report
    if indoors > 0 { uplink.penetration = Penetration(model: .low, indoorShare: indoors) }
    return uplink
  }

  private static func fleet(_ distances: [Double]) -> Fleet {
    Fleet(
      distances.map {
        Device(
          distance: Meters($0), clock: Hertz(1e9), cores: 4, flopsPerCycle: 1, kappa: WattsPerCubicHertz(1e-29),
          powerMin: Watts(0.1), powerMax: Watts(1), samples: 400)
      })
  }

  /// One state at `distance` from each of many seeds: independent links.
  private static func states(_ uplink: Uplink, at distance: Double, seeds: Int) -> [LargeScaleState] {
    (0..<seeds).map {
      LargeScaleProcess(uplink: uplink, fleet: fleet([distance]), seed: Seed(UInt64($0))).state(device: 0, interval: 0)
    }
  }

  /// Whether the values are N(mean, sigma²) by their first two moments, 4.5 standard deviations wide; the variance of a sum of
  /// 32 waves spreads less than the Gaussian's.
  private static func isNormal(_ values: [Double], mean: Double, sigma: Double) -> Bool {
    let count = Double(values.count)
    let average = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return abs(average - mean) < 4.5 * sigma / count.squareRoot()
      && abs(variance / (sigma * sigma) - 1) < 4.5 * (2 / count).squareRoot()
  }

  @Test(
    "shadowing spreads as Table 7.4.1-1 has it for each state",
    arguments: [
      (PathLoss.macro, 60, 4, 6), (PathLoss.micro, 60, 4, 7.82), (PathLoss.rural, 1000, 4, 8), (lowRural, 900, 6, 8),
      (PathLoss.suburb, 300, 4, 8),
      (lowSuburb, 560, 6, 8), (PathLoss.office, 6, 3, 8.03),
    ] as [(PathLoss, Double, Double, Double)])
  func sigma(model: PathLoss, distance: Double, clear: Double, blocked: Double) {
    let states = Self.states(Self.uplink(model), at: distance, seeds: 3000)
    for (isClear, sigma) in [(true, clear), (false, blocked)] {
      let values = states.filter { $0.isLineOfSight == isClear }.map(\.shadowing.value)
      #expect(values.count > 400)
      #expect(Self.isNormal(values, mean: 0, sigma: sigma), "\(model), \(isClear), \(values.count)")
      for wrong in [0.75 * sigma, 1.35 * sigma] { #expect(!Self.isNormal(values, mean: 0, sigma: wrong)) }
    }
  }

  @Test(
    "lines of sight come as often as Table 7.4.2-1 has it",
    arguments: [
      (PathLoss.macro, 60.0), (PathLoss.macro, 300), (PathLoss.micro, 60), (PathLoss.micro, 25), (PathLoss.rural, 1000),
      (PathLoss.suburb, 300), (PathLoss.office, 6), (PathLoss.office, 20),
    ] as [(PathLoss, Double)])
  func lineOfSight(model: PathLoss, distance: Double) {
    let seeds = 4000
    let states = Self.states(Self.uplink(model), at: distance, seeds: seeds)
    let share = Double(states.count { $0.isLineOfSight == true }) / Double(seeds)
    func fits(_ probability: Double) -> Bool {
      abs(share - probability) < 4.5 * (probability * (1 - probability) / Double(seeds)).squareRoot()
    }
    let probability = model.lineOfSightProbability(distance: Meters(distance))
    #expect(fits(probability), "\(model) at \(distance): \(share) for \(probability)")
    #expect(!fits(model.lineOfSightProbability(distance: Meters(1.5 * distance))))
  }

  @Test(
    "the Rician factor has Table 7.5-6's law with a line of sight and is not there without",
    arguments: [
      (PathLoss.macro, 9.0, 3.5), (PathLoss.micro, 9, 5), (PathLoss.rural, 7, 4), (PathLoss.suburb, 9, 7),
      (PathLoss.office, 7, 4),
    ]
      as [(PathLoss, Double, Double)])
  func ricianFactor(model: PathLoss, mean: Double, sigma: Double) {
    let distance = model == PathLoss.office ? 3.0 : model == PathLoss.rural ? 300 : 40
    let states = Self.states(Self.uplink(model), at: distance, seeds: 3000)
    #expect(states.allSatisfy { ($0.ricianK != nil) == ($0.isLineOfSight == true) })
    let factors = states.compactMap { $0.ricianK.map { Decibel.of($0.value) } }
    #expect(factors.count > 500)
    #expect(Self.isNormal(factors, mean: mean, sigma: sigma), "\(model)")
    #expect(!Self.isNormal(factors, mean: mean + 1, sigma: sigma))
    #expect(!Self.isNormal(factors, mean: mean, sigma: 1.3 * sigma))
  }

  /// A row of devices on a line, at the lags of which shadowing is correlated as exp(-lag/d): over seeds and origins.
  @Test(
    "shadowing is correlated over the plane by its state's distance",
    arguments: [
      (PathLoss.suburb, 40.0, 50.0), (PathLoss.rural, 37, 120), (PathLoss.macro, 37, 50), (PathLoss.micro, 10, 13),
    ]
      as [(PathLoss, Double, Double)])
  func correlation(model: PathLoss, clear: Double, blocked: Double) {
    let lags = [5.0, 10, 20, 40, 80]
    for (isClear, distance) in [(true, clear), (false, blocked)] {
      let start = isClear ? 10.0 : 1200
      var sums = [Double](repeating: 0, count: lags.count)
      var counts = sums
      for seed in 0..<1500 {
        let rows = ([0] + lags).map { lag in
          [(time: Seconds(0), position: Position(x: Meters(start + lag), y: Meters(3)))]
        }
        let process = LargeScaleProcess(
          uplink: Self.uplink(model), fleet: Self.fleet(rows.map { _ in 1 }),
          mobility: Mobility(.table(PositionTable(path: "", rows: rows))), seed: Seed(UInt64(seed)))
        let states = rows.indices.map { process.state(device: $0, interval: 0) }
        guard states[0].isLineOfSight == isClear else { continue }
        for lag in lags.indices where states[lag + 1].isLineOfSight == isClear {
          sums[lag] += states[0].shadowing.value * states[lag + 1].shadowing.value
          counts[lag] += 1
        }
      }
      let sigma = isClear ? 4.0 : model == PathLoss.macro ? 6 : model == PathLoss.micro ? 7.82 : 8
      func fits(_ distance: Double) -> Bool {
        lags.indices.allSatisfy { lag in
          guard counts[lag] > 300 else { return true }
          let expected = elementary_exp(-lags[lag] / distance)
          let spread = ((1 + expected * expected) / counts[lag]).squareRoot()
          return abs(sums[lag] / counts[lag] / (sigma * sigma) - expected) < 4.5 * spread
        }
      }
      #expect(counts[0] > 300)
      #expect(fits(distance), "\(model), \(isClear): \(zip(sums, counts).map { $0 / $1 / (sigma * sigma) })")
      #expect(!fits(distance / 2) && !fits(distance * 2.5), "\(model), \(isClear)")
    }
  }

  /// UMi at 3.5 GHz: glass 2.7 dB, concrete 19 dB: 5 - 10 log10(0.3 · 10^-0.27 + 0.7 · 10^-1.9) = 12.7 dB of walls, then
  /// half a decibel for each metre of the smaller of two uniform depths up to 25 m, 25/3 m in the mean.
  @Test("buildings cost what Table 7.4.3-2 says, of the share of devices that are in one")
  func buildings() {
    #expect(abs(Penetration(model: .low).wallLoss(carrier: Hertz(3.5e9)).value - 12.697503) < 1e-4)
    #expect(abs(Penetration(model: .high).wallLoss(carrier: Hertz(3.5e9)).value - 27.499289) < 1e-4)
    let model = PathLoss.urbanMicro(carrier: Hertz(3.5e9), baseHeight: Meters(10), deviceHeight: Meters(1.5))
    let process = LargeScaleProcess(
      uplink: Self.uplink(model, indoors: 0.6), fleet: Self.fleet(Array(repeating: 200, count: 6000)), seed: Seed(8))
    var losses: [Double] = []
    for device in 0..<6000 {
      let state = process.state(device: device, interval: 0)
      let outdoors = model.loss(distance: Meters(200), isLineOfSight: state.isLineOfSight == true)
      let extra = (state.pathLoss - outdoors).value
      if extra == 0 { continue }
      losses.append(extra)
      #expect(state.ricianK == nil)
    }
    // sqrt(6000 · 0.24) = 38; the losses' variance is 0.25 · 625/18 + 4.4² = 28.0.
    #expect(abs(Double(losses.count) - 3600) < 4.5 * 38)
    let mean = losses.reduce(0, +) / Double(losses.count)
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(losses.count)
    let count = Double(losses.count)
    let ofTwo: Double = 12.6975 + 0.5 * 25 / 3
    let ofOne: Double = 12.6975 + 0.5 * 25 / 2
    let meanError: Double = (28.04 / count).squareRoot()
    let varianceError: Double = (2 / count).squareRoot()
    #expect(abs(mean - ofTwo) < 4.5 * meanError)
    #expect(abs(mean - ofOne) > 1, "a single uniform depth is another law")
    #expect(abs(variance / 28.04 - 1) < 4.5 * varianceError)
  }

  @Test(
    "gains of all devices are those of each, whoever looks first, and in any order",
    arguments: [PathLoss.macro, PathLoss.micro, PathLoss.office])
  func pureFunction(model: PathLoss) {
    let walk = Mobility(.randomWaypoint(RandomWaypoint(radius: Meters(100), speed: .uniform(low: 1, high: 5))))
    let distances = (0..<60).map { 10 + Double($0) }
    func process() -> LargeScaleProcess {
      LargeScaleProcess(
        uplink: Self.uplink(model, indoors: model == PathLoss.office ? 0 : 0.3), fleet: Self.fleet(distances),
        mobility: walk,
        seed: Seed(5))
    }
    let forwards = process()
    let backwards = process()
    let indices = [0, 3, 40, 1000, 5000]
    let first = indices.map { forwards.gains(interval: $0) }
    let last = indices.reversed().map { backwards.gains(interval: $0) }
    #expect(first == last.reversed())
    for (place, index) in indices.enumerated() {
      for device in stride(from: 59, through: 0, by: -7) {
        #expect(forwards.state(device: device, interval: index).gain == first[place][device])
        #expect(process().state(device: device, interval: index).gain == first[place][device])
      }
    }
  }
}
