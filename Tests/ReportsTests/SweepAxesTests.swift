import Scenario
import Testing

@testable import Reports

struct SweepAxesTests {
  private func axes(_ points: [[String]], _ paths: [String]) -> SweepAxes {
    SweepAxes(points.map { values in zip(paths, values).map { SweepSetting(path: $0, value: $1) } })
  }

  @Test func chartsRunAlongNumbersAndHaveALineForEachPolicy() {
    let points = ["exact", "bcd"].flatMap { policy in ["3.6 s", "4 s", "5 s"].map { [policy, $0, "one"] } }
    let axes = axes(points, ["policy", "deadline", "band"])
    #expect(axes.axes.map(\.path) == ["policy", "deadline"])
    #expect(axes.main == 1)
    #expect(axes.lines == 0)
    #expect(axes.axes[1].numbers == [3.6, 4, 5])
    #expect(axes.axes[1].unit == "s")
    #expect(axes.axes[0].numbers == nil)
    #expect(axes.places[5] == [1, 2])
  }

  @Test func keysThatMoveTogetherAreOneAxis() {
    let axes = axes([["5", "1"], ["10", "2"], ["20", "4"]], ["devices.count", "uplink.blocks"])
    #expect(axes.axes.count == 1)
    #expect(axes.axes[0].companions == ["uplink.blocks"])
    #expect(axes.lines == nil)
  }

  @Test func valuesOfDifferentUnitsAreNames() {
    #expect(axes([["1 s"], ["900 ms"]], ["deadline"]).axes[0].numbers == nil)
    #expect(axes([["1"], ["inf"]], ["x"]).axes[0].numbers == nil)
  }

  @Test func aSweepOfOnePointHasNoAxis() {
    #expect(axes([[]], []).main == nil)
  }
}
