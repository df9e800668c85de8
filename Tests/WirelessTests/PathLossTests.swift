import Testing
import Units
import Wireless

@Suite("Path loss")
struct PathLossTests {
  private static let macro = PathLoss.urbanMacro(
    carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(1.5))
  private static let micro = PathLoss.urbanMicro(
    carrier: Hertz(2e9), baseHeight: Meters(10), deviceHeight: Meters(1.5))
  private static let all: [PathLoss] = [
    .macro3GPP, .logDistance(exponent: 3.5, referenceDistance: Meters(1), referenceLoss: PowerRatio(1000)),
    .freeSpace(carrier: Hertz(2e9)), macro, micro,
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
    expect(Self.macro, at: 10, is: 64.97915487877447)
    expect(Self.macro, at: 100, is: 78.27739570312649)
    expect(Self.macro, at: 500, is: 96.88484347364329)
    expect(Self.macro, at: 1000, is: 108.91167278954842)
    expect(Self.macro, at: 100, chance: 0.5, is: 98.17676261633486)
    expect(Self.macro, at: 500, chance: 0.5, is: 125.05507283462262)
    let raised = PathLoss.urbanMacro(carrier: Hertz(3.5e9), baseHeight: Meters(25), deviceHeight: Meters(20))
    expect(raised, at: 200, is: 89.50700563351023)
    expect(raised, at: 200, chance: 0.5, is: 103.25091528216026)
  }

  /// d'_BP = 4 · 9 · 0.5 · 2e9/3e8 = 120 m; at 100 m d_3D = 100.3606 m: PL1 = 32.4 + 21 log10(100.3606) + 6.0206 = 80.4534 dB.
  @Test("urban micro follows Table 7.4.1-1 before and beyond the breakpoint, with and without a line of sight")
  func urbanMicro() {
    expect(Self.micro, at: 10, is: 61.900271834366094)
    expect(Self.micro, at: 100, is: 80.45342812877544)
    expect(Self.micro, at: 500, is: 106.85681741312263)
    expect(Self.micro, at: 100, chance: 0.5, is: 99.46712157464292)
    expect(Self.micro, at: 1000, chance: 0.5, is: 134.71249270538908)
  }

  /// UMa at 100 m: 0.18 + e^(−100/63) · 0.82 = 0.34767; UMi: 0.18 + e^(−100/36) · 0.82 = 0.23098. UMa at 200 m, 20 m
  /// high: (0.09 + e^(−200/63) · 0.91)(1 + 0.7^1.5 · 1.25 · 8 · e^(−200/150)) = 0.32573.
  @Test("the line of sight is as likely as Table 7.4.2-1 has it")
  func lineOfSight() {
    func expect(_ model: PathLoss, at distance: Double, is probability: Double) {
      #expect(abs(model.lineOfSightProbability(distance: Meters(distance)) - probability) < 1e-14)
    }
    expect(Self.macro, at: 18, is: 1)
    expect(Self.macro, at: 100, is: 0.3476708368442312)
    expect(Self.micro, at: 10, is: 1)
    expect(Self.micro, at: 100, is: 0.23098474969813537)
    let raised = PathLoss.urbanMacro(carrier: Hertz(2e9), baseHeight: Meters(25), deviceHeight: Meters(20))
    expect(raised, at: 200, is: 0.3257263200454884)
    expect(.macro3GPP, at: 5000, is: 1)
  }

  @Test("the chance draws the line of sight at its probability", arguments: [macro, micro])
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
    #expect(PathLoss.Model.allCases.map(\.rawValue) == ["3gpp-macro", "log-distance", "free-space", "uma", "umi"])
    for model in Self.all {
      #expect(model.validity.contains(Meters(500)))
      #expect(!model.model.summary.isEmpty)
    }
    #expect(!PathLoss.macro3GPP.validity.contains(Meters(10)))
    #expect(!Self.micro.validity.contains(Meters(6000)))
  }
}
