import Testing

@testable import Charts

struct ScaleTests {
  @Test func ticksAreRoundValues() {
    let scale = Scale([0.13, 0.87], axis: Axis("x"), count: 5, widens: true)
    #expect(scale.ticks.map(scale.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(scale.share(0.5) == 0.5)
  }

  @Test func quartersHaveTwoDecimals() {
    let scale = Scale([0, 1], axis: Axis("x"), count: 4, widens: true)
    #expect(scale.ticks.map(scale.label) == ["0.00", "0.25", "0.50", "0.75", "1.00"])
  }

  @Test func smallAndLargeValuesTakeAPrefix() {
    let small = Scale([0, 0.02], axis: Axis("energy", unit: "J"), count: 4, widens: true)
    #expect(small.title(Axis("energy", unit: "J")) == "energy (mJ)")
    #expect(small.ticks.map(small.label) == ["0", "5", "10", "15", "20"])
    let large = Scale([0, 2e7], axis: Axis("clock", unit: "Hz"), count: 4, widens: true)
    #expect(large.title(Axis("clock", unit: "Hz")) == "clock (MHz)")
    let long = Scale([0, 40_000], axis: Axis("time", unit: "s"), count: 4, widens: true)
    #expect(long.title(Axis("time", unit: "s")) == "time (s)")
    let plain = Scale([0, 4e-5], axis: Axis("gap"), count: 4, widens: true)
    #expect(plain.title(Axis("gap")) == "gap (10⁻⁶)")
    #expect(plain.ticks.map(plain.label) == ["0", "10", "20", "30", "40"])
  }

  @Test func wholeAxesHaveWholeTicks() {
    let scale = Scale([1, 3], axis: Axis("round", isWhole: true), count: 8, widens: false)
    #expect(scale.ticks.map(scale.label) == ["1", "2", "3"])
  }

  @Test func negativeTicksHaveAMinusSign() {
    let scale = Scale([-1, 1], axis: Axis("x"), count: 2, widens: true)
    #expect(scale.ticks.map(scale.label) == ["−1", "0", "1"])
  }

  @Test func everyValueLiesBetweenTheEnds() {
    // A small linear congruence; the seed is the loop's number.
    for seed in UInt64(1)...200 {
      var state = seed
      let values = (0..<5).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (Double(state >> 11) / Double(1 << 53) - 0.5)
          * Double(sign: .plus, exponent: Int(state % 80) - 40, significand: 1)
      }
      let scale = Scale(values, axis: Axis("x"), count: 5, widens: true)
      #expect(values.allSatisfy { scale.share($0) > -1e-6 && scale.share($0) < 1 + 1e-6 }, "seed \(seed)")
      #expect((2...12).contains(scale.ticks.count), "seed \(seed)")
    }
  }

  @Test func cellsHaveSixSignificantDigits() {
    #expect(NumberText.cell(3.14159265) == "3.14159")
    #expect(NumberText.cell(-1234567.8) == "-1234570")
    #expect(NumberText.cell(0.1 + 0.2) == "0.3")
    #expect(NumberText.cell(60) == "60")
    #expect(NumberText.cell(1e-9) == "1e-09")
    #expect(NumberText.cell(1e-29) == "1e-29")
    #expect(NumberText.cell(-7.1234567e250) == "-7.12346e+250")
    #expect(NumberText.cell(-0.0) == "0")
    #expect(NumberText.cell(nil) == "")
    #expect(NumberText.cell(.nan) == "")
  }

  @Test func coordinatesHaveAtMostTwoDecimals() {
    #expect(
      [1, 1.5, 1.25, 0.049, -0.001, -2.5, .nan].map(NumberText.coordinate) == [
        "1", "1.5", "1.25", "0.05", "0", "-2.5", "0",
      ])
  }
}
