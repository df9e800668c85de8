import CElementary
import Testing
import Units
import Wireless

@Suite("Path loss")
struct PathLossTests {
  private static let all: [PathLoss] = [
    .macro3GPP, .logDistance(exponent: 3.5, referenceDistance: Meters(1), referenceLoss: PowerRatio(1000)),
    .freeSpace(carrier: Hertz(2e9)), .macro, .micro, .rural, .office, .suburb,
  ]

  private func expect(_ model: PathLoss, at distance: Double, chance: Double = 0, is decibels: Double) {
    let loss = model.loss(distance: Meters(distance), chance: chance)
    #expect(abs(loss.value - decibels) < 1e-10, "\(model) at \(distance) m")
  }

  /// 128.1 + 37.6 log10(0.05) = 79.1813; 30 + 35 log10(50) = 89.4640; 20 log10(4π · 100 · 2e9 / 299792458) = 78.4684.
  @Test("the plain models give their formulas")
  func plainModels() {
    expect(.macro3GPP, at: 1000, is: 128.1)
    expect(.macro3GPP, at: 50, is: 79.1812721630343)
    expect(Self.all[1], at: 50, is: 89.46395015176066)
    expect(.freeSpace(carrier: Hertz(2e9)), at: 100, is: 78.468383135163)
  }

  /// By hand at 2 GHz, 25 m and 1.5 m: d'_BP = 4 · 24 · 0.5 · 2e9/3e8 = 320 m; at 100 m d_3D = sqrt(100² + 23.5²) =
  /// 102.7241 m, PL1 = 28 + 22 log10(102.7241) + 20 log10(2) = 78.2774 dB; NLOS 13.54 + 39.08 log10(102.7241) + 6.0206 =
  /// 98.1768 dB. Beyond the breakpoint PL2 = 28 + 40 log10(d_3D) + 6.0206 − 9 log10(320² + 23.5²).
  @Test("urban macro follows Table 7.4.1-1 before and beyond the breakpoint, with and without a line of sight")
  func urbanMacro() {
    expect(PathLoss.macro, at: 10, is: 64.97915487877447)
    expect(PathLoss.macro, at: 100, is: 78.27739570312649)
    expect(PathLoss.macro, at: 500, is: 96.88484347364329)
    expect(PathLoss.macro, at: 1000, is: 108.91167278954842)
    expect(PathLoss.macro, at: 100, chance: 0.5, is: 98.17676261633486)
    expect(PathLoss.macro, at: 500, chance: 0.5, is: 125.05507283462262)
    let raised = PathLoss.urbanMacro(carrier: Hertz(3.5e9), baseHeight: Meters(25), deviceHeight: Meters(20))
    expect(raised, at: 200, is: 89.50700563351023)
    expect(raised, at: 200, chance: 0.5, is: 103.25091528216026)
  }

  /// d'_BP = 4 · 9 · 0.5 · 2e9/3e8 = 120 m; at 100 m d_3D = 100.3606 m: PL1 = 32.4 + 21 log10(100.3606) + 6.0206 = 80.4534 dB.
  @Test("urban micro follows Table 7.4.1-1 before and beyond the breakpoint, with and without a line of sight")
  func urbanMicro() {
    expect(PathLoss.micro, at: 10, is: 61.900271834366094)
    expect(PathLoss.micro, at: 100, is: 80.45342812877544)
    expect(PathLoss.micro, at: 500, is: 106.85681741312263)
    expect(PathLoss.micro, at: 100, chance: 0.5, is: 99.46712157464292)
    expect(PathLoss.micro, at: 1000, chance: 0.5, is: 134.71249270538908)
  }

  /// 21 log10(3.5/2) = 5.1038 dB more than at 2 GHz.
  @Test("the macro cell loses 21 dB more for each decade of the carrier, and nothing at 2 GHz")
  func macroCarrier() {
    expect(.macroCell(carrier: Hertz(3.5e9)), at: 1000, is: 133.20379902241217)
    for distance in [1, 50, 333, 5000.0] {
      let plain = PathLoss.macroCell(carrier: Hertz(2e9)).loss(distance: Meters(distance), chance: 0)
      #expect(plain.value == 128.1 + 37.6 * elementary_log10(distance / 1000))
    }
  }

  /// d_BP = 2π · 35 · 1.5 · 2e9/3e8 = 2199.1 m. At 100 m d_3D = sqrt(100² + 33.5²) = 105.4621 m and h^1.72 = 5^1.72 = 15.9313:
  /// PL1 = 20 log10(40π · 105.4621 · 2/3) + 0.47794 log10(105.4621) - 0.70098 + 0.002 log10(5) · 105.4621 = 79.3377 dB.
  /// At 2500 m PL1(d_BP) + 40 log10(d_3D/d_BP). NLOS at 10 m lies below LOS, which then counts.
  @Test("rural macro follows Table 7.4.1-1 before and beyond the breakpoint, with and without a line of sight")
  func ruralMacro() {
    expect(PathLoss.rural, at: 10, is: 69.41960347114546)
    expect(PathLoss.rural, at: 100, is: 79.33765375396655)
    expect(PathLoss.rural, at: 1000, is: 100.59888515691118)
    expect(PathLoss.rural, at: 2500, is: 111.50717068169614)
    expect(PathLoss.rural, at: 10, chance: 0.999_999, is: 69.41960347114546)
    expect(PathLoss.rural, at: 100, chance: 0.999_999, is: 87.81303597495933)
    expect(PathLoss.rural, at: 1000, chance: 0.999_999, is: 125.56354510244701)
    #expect(abs((PathLoss.rural.farDistance?.value ?? 0) - 2199.1148575128555) < 1e-9)
  }

  /// As the rural macro with 10 m for both streets and buildings: h^1.72 = 52.4807.
  @Test("suburban macro follows Release 19's rows")
  func suburbanMacro() {
    expect(PathLoss.suburb, at: 10, is: 69.52498805265195)
    expect(PathLoss.suburb, at: 100, is: 80.01127809272606)
    expect(PathLoss.suburb, at: 2500, is: 114.88776049608532)
    expect(PathLoss.suburb, at: 100, chance: 0.999_999, is: 92.55785259108791)
    expect(PathLoss.suburb, at: 1000, chance: 0.999_999, is: 130.30836171857558)
    let lower = PathLoss.suburbanMacro(
      carrier: Hertz(3.5e9), baseHeight: Meters(30), deviceHeight: Meters(2), vegetation: .none)
    expect(lower, at: 1000, is: 107.74170270138848)
    expect(lower, at: 1000, chance: 0.999_999, is: 135.8923400260084)
  }

  /// At 10 m d_3D = sqrt(104) = 10.198 m: 32.4 + 17.3 log10(10.198) + 6.0206 = 55.8679 dB; without a line of sight 17.3 +
  /// 38.3 log10(10.198) + 24.9 log10(2) = 63.4218 dB.
  @Test("indoor office follows Table 7.4.1-1 with and without a line of sight")
  func indoorOffice() {
    expect(PathLoss.office, at: 1, is: 44.46669045078619)
    expect(PathLoss.office, at: 10, is: 55.86793829821407)
    expect(PathLoss.office, at: 100, is: 73.02210227173535)
    expect(PathLoss.office, at: 10, chance: 0.999_999, is: 63.42183533960476)
    expect(PathLoss.office, at: 1, chance: 0.999_999, is: 44.46669045078619)
    let high = PathLoss.indoorOffice(
      carrier: Hertz(28e9), baseHeight: Meters(3), deviceHeight: Meters(1), office: .open)
    expect(high, at: 100, chance: 0.999_999, is: 129.93756101099086)
  }

  /// At 22.5 m, 1.5 km and 2 GHz: C = 0.95^1.5 · 5/4 · 15³ · e^(-10) = 0.17735, so 1/(1 + C) = 0.84937 have d'_BP = 4 · 24 ·
  /// 21.5 · 2e9/3e8 = 13760 m and 103.8946 dB; of the others a quarter each have 12, 15, 18 and 21 m, with 21 m d'_BP = 160 m
  /// and 121.3892 dB.
  @Test("urban macro above 13 m takes the height of its environment from note 1")
  func environmentHeight() {
    let raised = PathLoss.urbanMacro(carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(22.5))
    func clear(_ surroundings: Double, _ model: PathLoss) -> Double {
      model.loss(distance: Meters(1500), isLineOfSight: true, surroundings: surroundings).value
    }
    let low = 0.8493671069162281
    let quarter = (1 - low) / 4
    for (chance, decibels) in [
      (0, 103.89462088259535), (low - 1e-9, 103.89462088259535), (low + 1e-9, 103.89462088259535),
      (low + 2.5 * quarter, 108.42721263229384), (1 - quarter - 1e-9, 108.42721263229384),
      (1 - quarter + 1e-9, 121.38916057126963), (1.0.nextDown, 121.38916057126963),
    ] {
      #expect(abs(clear(chance, raised) - decibels) < 1e-9, "\(chance)")
    }
    let heights = (0..<1000).map {
      PathLoss.environmentHeight(
        distance: Meters(1500), deviceHeight: Meters(22.5), chance: (Double($0) + 0.5) / 1000
      ).value
    }
    for (height, count) in [(1.0, 849), (12, 38), (15, 38), (18, 38), (21, 37)] {
      #expect(abs(heights.count { $0 == height } - count) <= 1, "\(height) m")
    }
    #expect(heights.allSatisfy { [1, 12, 15, 18, 21].contains($0) })
    for chance in [0, 0.5, 1.0.nextDown] {
      #expect(clear(chance, PathLoss.macro) == clear(0, PathLoss.macro), "at 1.5 m nothing is drawn")
    }
  }

  /// e^(-990/1000) = 0.37158; offices: e^(-3.8/4.7) = 0.44552, 0.32 e^(-13.5/32.6) = 0.21150, e^(-15/70.8) = 0.80907, 0.54
  /// e^(-51/211.7) = 0.42439. SMa from 35 m to 1.5 m: per metre -ln 0.98/30 · 18.5/33.5 + -ln 0.82/30 · 6.5/33.5 + -ln 0.9/30
  /// · 13.5/33.5 = 0.00307069, e^(-200 · 0.00307069) = 0.54111; 0.71815 without trees and 0.39433 in dense ones.
  @Test("offices, the country and suburbs see as often as Table 7.4.2-1 has it")
  func otherLinesOfSight() {
    func expect(_ model: PathLoss, at distance: Double, is probability: Double) {
      #expect(abs(model.lineOfSightProbability(distance: Meters(distance)) - probability) < 1e-12, "\(model)")
    }
    expect(PathLoss.rural, at: 10, is: 1)
    expect(PathLoss.rural, at: 1000, is: 0.3715766910220457)
    expect(PathLoss.office, at: 1.2, is: 1)
    expect(PathLoss.office, at: 5, is: 0.44552111442639225)
    expect(PathLoss.office, at: 20, is: 0.21149694762432883)
    let open = PathLoss.indoorOffice(carrier: Hertz(2e9), baseHeight: Meters(3), deviceHeight: Meters(1), office: .open)
    expect(open, at: 5, is: 1)
    expect(open, at: 20, is: 0.8090743951319385)
    expect(open, at: 100, is: 0.4243939689072336)
    expect(PathLoss.suburb, at: 10, is: 1)
    expect(PathLoss.suburb, at: 200, is: 0.5411066227347352)
    for (vegetation, probability) in [(PathLoss.Vegetation.none, 0.7181471165292214), (.dense, 0.39432849590377)] {
      let suburb = PathLoss.suburbanMacro(
        carrier: Hertz(2e9), baseHeight: Meters(35), deviceHeight: Meters(1.5), vegetation: vegetation)
      expect(suburb, at: 200, is: probability)
    }
    let level = PathLoss.suburbanMacro(
      carrier: Hertz(2e9), baseHeight: Meters(1), deviceHeight: Meters(1), vegetation: .dense)
    expect(level, at: 200, is: 1)
  }

  /// UMa at 100 m: 0.18 + e^(−100/63) · 0.82 = 0.34767; UMi: 0.18 + e^(−100/36) · 0.82 = 0.23098. UMa at 200 m, 20 m
  /// high: (0.09 + e^(−200/63) · 0.91)(1 + 0.7^1.5 · 1.25 · 8 · e^(−200/150)) = 0.32573.
  @Test("the line of sight is as likely as Table 7.4.2-1 has it")
  func lineOfSight() {
    func expect(_ model: PathLoss, at distance: Double, is probability: Double) {
      #expect(abs(model.lineOfSightProbability(distance: Meters(distance)) - probability) < 1e-14)
    }
    expect(PathLoss.macro, at: 18, is: 1)
    expect(PathLoss.macro, at: 100, is: 0.3476708368442312)
    expect(PathLoss.micro, at: 10, is: 1)
    expect(PathLoss.micro, at: 100, is: 0.23098474969813537)
    let raised = PathLoss.urbanMacro(carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(20))
    expect(raised, at: 200, is: 0.3257263200454884)
    expect(.macro3GPP, at: 5000, is: 1)
  }

  @Test("the chance draws the line of sight at its probability", arguments: [PathLoss.macro, PathLoss.micro])
  func chanceDraws(model: PathLoss) {
    let distance = Meters(100)
    let probability = model.lineOfSightProbability(distance: distance)
    let clear = model.loss(distance: distance, chance: 0)
    #expect(model.loss(distance: distance, chance: probability.nextDown) == clear)
    #expect(model.loss(distance: distance, chance: probability) > clear)
  }

  @Test("loss never falls with distance and is finite from 0 m on", arguments: all)
  func monotone(model: PathLoss) {
    for chance in [0, 0.999_999] {
      var last = model.loss(distance: .zero, chance: chance)
      #expect(last == model.loss(distance: PathLoss.leastDistance, chance: chance))
      #expect(last.isFinite)
      for step in 1...1000 {
        let loss = model.loss(distance: Meters(Double(step) * 5), chance: chance)
        #expect(loss >= last, "\(model) at \(step * 5) m")
        last = loss
      }
    }
  }

  @Test("every model has a name, a summary and a range that holds where it is used")
  func names() {
    #expect(Self.all.map(\.model) == PathLoss.Model.allCases)
    #expect(
      PathLoss.Model.allCases.map(\.rawValue) == [
        "3gpp-macro", "log-distance", "free-space", "uma", "umi", "rma", "inh", "sma",
      ])
    for model in Self.all {
      #expect(model.validity.contains(Meters(100)))
      #expect(!model.model.summary.isEmpty)
    }
    #expect(!PathLoss.macro3GPP.validity.contains(Meters(10)))
    #expect(!PathLoss.micro.validity.contains(Meters(6000)))
  }
}
