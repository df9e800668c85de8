import Foundation
import Scenario
import TestSupport
import Testing
import Units
import Wireless

@Suite("The sweep of a scenario")
struct SweepTests {
  private let head = """
    schema: 1
    name: swept
    rounds: 1
    devices: {count: 20}
    server: {}
    uplink: {blocks: 5}
    model: {name: vit_base_patch32_224}

    """

  private func read(_ sweep: String, _ settings: String...) throws -> SweepReading {
    let scratch = try Scratch()
    let path = "\(scratch.path)/swept.yaml"
    try Data((head + sweep).utf8).write(to: URL(fileURLWithPath: path))
    return try ScenarioReader.readSweep(path: path, overrides: settings.map(ScenarioOverride.init(setting:)))
  }

  private func message(_ sweep: String, _ settings: String...) -> String {
    do {
      let scratch = try Scratch()
      let path = "\(scratch.path)/swept.yaml"
      try Data((head + sweep).utf8).write(to: URL(fileURLWithPath: path))
      _ = try ScenarioReader.readSweep(path: path, overrides: settings.map(ScenarioOverride.init(setting:)))
      return "no error"
    } catch {
      return "\(error)".replacing(/.*swept\.yaml/, with: "swept.yaml")
    }
  }

  @Test("without one has one point, the scenario itself")
  func none() throws {
    let reading = try read("")
    #expect(reading.points.map(\.name) == ["base"])
    #expect(reading.plan == SweepPlan())
    #expect(reading.points[0].scenario.resolved == reading.base.resolved)
  }

  @Test("combines the grid each with each, the last axis fastest, and moves the zip as one axis behind it")
  func combinations() throws {
    let reading = try read(
      """
      sweep:
        grid: {deadline: [4 s, 5 s], policy: [exact, bcd]}
        zip: {devices.count: [10, 30], uplink: {blocks: [2, 6]}}
        repetitions: 3
      """)
    #expect(
      reading.points.map(\.name) == [
        "deadline=4s,policy=exact,devices.count=10,uplink.blocks=2",
        "deadline=4s,policy=exact,devices.count=30,uplink.blocks=6",
        "deadline=4s,policy=bcd,devices.count=10,uplink.blocks=2",
        "deadline=4s,policy=bcd,devices.count=30,uplink.blocks=6",
        "deadline=5s,policy=exact,devices.count=10,uplink.blocks=2",
        "deadline=5s,policy=exact,devices.count=30,uplink.blocks=6",
        "deadline=5s,policy=bcd,devices.count=10,uplink.blocks=2",
        "deadline=5s,policy=bcd,devices.count=30,uplink.blocks=6",
      ])
    #expect(reading.plan.repetitions == 3)
    let last = try #require(reading.points.last).scenario
    #expect(
      last.devices.count == 30 && last.uplink.blocks == 6 && last.policy == "bcd" && last.deadline.value.value == 5)
    #expect(reading.base.devices.count == 20)
    #expect(!last.resolved.yaml.contains("sweep"))
  }

  @Test(
    "has ranges whose values read as people would write them",
    arguments: [
      ("deadline: {range: {start: 3.6 s, stop: 4.4 s, step: 0.2 s}}", ["3.6 s", "3.8 s", "4 s", "4.2 s", "4.4 s"]),
      ("deadline: {range: {start: 5 s, stop: 3.9 s, step: -0.5 s}}", ["5 s", "4.5 s", "4 s"]),
      ("rounds: {range: {start: 1, stop: 10, step: 4}}", ["1", "5", "9"]),
      ("devices.kappa: {range: {start: 1e-29, stop: 3e-29, step: 1e-29}}", ["1e-29", "2e-29", "3e-29"]),
      ("deadline: {range: {start: 3 s, stop: 3 s, step: 1 s}}", ["3 s"]),
    ])
  func ranges(axis: String, expected: [String]) throws {
    let reading = try read("sweep: {grid: {\(axis)}}")
    #expect(reading.points.map { $0.settings[0].value } == expected)
  }

  @Test("keeps the points that meet its condition")
  func condition() throws {
    func names(_ condition: String) throws -> [String] {
      try read(
        """
        sweep:
          grid: {deadline: [4 s, 5 s, 6 s], policy: [exact, bcd-value]}
          where: "\(condition)"
        """
      ).points.map(\.name)
    }
    #expect(try names("deadline < 4500 ms and policy == 'bcd-value'") == ["deadline=4s,policy=bcd-value"])
    #expect(try names("deadline - 1 s >= 5 s and not policy == bcd-value") == ["deadline=6s,policy=exact"])
    #expect(
      try names("devices.count / uplink.blocks == 4 and (deadline == 4 s or deadline == 6 s) and policy != exact") == [
        "deadline=4s,policy=bcd-value", "deadline=6s,policy=bcd-value",
      ])
    #expect(try names("devices.count * 2 > 39 and -1 < 0 and deadline / 2 s > 2.9").count == 2)
  }

  @Test(
    "says what is wrong with a condition, and in which column",
    arguments: [
      ("devices.cuont > 5", "column 1: there is no key 'devices.cuont'; did you mean 'devices.count'?"),
      ("deadline < 5", "column 10: 4.0 s and 5.0 have different units"),
      ("policy = rb", "column 8: '=' is no operator; write '=='"),
      ("polcy == rb", "column 1: there is no key 'polcy'; did you mean 'policy'?"),
      ("(deadline < 5 s", "column 16: a ')' is expected here, not the end"),
      ("deadline < 5 sec", "column 12: there is no unit 'sec'"),
      ("devices.distance > 1 m", "'devices.distance' is not one value but {uniform: [50.0 m, 1000.0 m]}"),
      ("devices.count", "column 1: is no condition; compare it, as in 'devices.count >= 10'"),
      ("devices.count > 1000", "no point of the sweep meets this condition"),
      ("policy < 5", "column 8: 'exact' and 5.0 cannot be compared by '<'"),
      ("deadline + devices.count > 1 s", "column 10: 4.0 s and 20.0 have different units"),
      ("1 < 2 (", "column 7: an operator or the end is expected here, not '('"),
    ])
  func badConditions(condition: String, expected: String) {
    let text = message("sweep: {grid: {deadline: [4 s], policy: [exact]}, where: \"\(condition)\"}")
    #expect(text.contains(expected), "\(text)")
  }

  @Test("survives conditions that are long, deep or garbage")
  func hostile() {
    var generator = SplitMix(state: 11)
    let pieces = [
      "(", ")", "not ", "-", "deadline", " and ", " 5 s", "<", "==", "'", "1e", "é", " ", "policy", "/", "or",
    ]
    for round in 0..<400 {
      let text = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      let result = message("sweep: {grid: {deadline: [4 s]}}", "sweep.where=\"\(text)\"")
      #expect(!result.isEmpty, "round \(round): \(text)")
    }
    for deep in [
      String(repeating: "(", count: 900), String(repeating: "not ", count: 200), String(repeating: "-", count: 999),
    ] {
      #expect(message("sweep: {grid: {deadline: [4 s]}}", "sweep.where=\"\(deep)\"").contains("nested too deeply"))
    }
  }

  @Test("reports a value that is wrong once, where it stands")
  func badValue() {
    let text = message(
      """
      sweep:
        grid:
          policy: [exact, bcd, ep]
          deadline: [4 s, soon]
      """)
    #expect(text.split(separator: "\n").count == 1, "\(text)")
    #expect(text.hasPrefix("swept.yaml:11:21: error: deadline: 'soon' is not a number"), "\(text)")
    let unknown = message("sweep: {grid: {devices.cuont: [4, 5]}}")
    #expect(unknown.contains("devices.cuont: there is no such key") && unknown.contains("did you mean 'count'?"))
  }

  @Test("leaves no option that it varies in doubt")
  func overridden() throws {
    let reading = try read("sweep: {grid: {deadline: [4 s, 5 s]}}", "deadline=7 s", "devices.count=12")
    #expect(reading.points.map(\.scenario.deadline.value.value) == [4, 5])
    #expect(reading.points.allSatisfy { $0.scenario.devices.count == 12 })
    #expect(reading.warnings.contains { $0.message.contains("the sweep varies this key") })
    let changed = try read(
      "sweep: {grid: {devices.count: [4, 5]}}", "sweep.grid.devices.count=[6]", "sweep.repetitions=9")
    #expect(changed.points.map(\.name) == ["devices.count=6"])
    #expect(changed.plan.repetitions == 9)
  }

  @Test("marks what it varies as assumed")
  func provenance() throws {
    let reading = try read("provenance: {deadline: paper, rounds: release}\nsweep: {grid: {deadline: [4 s]}}")
    #expect(reading.base.provenance == ["deadline": .paper, "rounds": .release])
    #expect(reading.points[0].scenario.provenance == ["deadline": .assumed, "rounds": .release])
  }

  @Test("reads again from its resolved text")
  func resolved() throws {
    let sweep = """
      sweep:
        grid: {objective: [{kind: ratio}, {kind: difference, weight: 2 J}], deadline: [4 s, 5 s]}
        where: "deadline >= 4 s"
        repetitions: 7
        measure: allocation
        traces: [bcd]
      """
    let first = try read(sweep)
    let scratch = try Scratch()
    let path = "\(scratch.path)/again.yaml"
    try Data(first.resolved.yaml.utf8).write(to: URL(fileURLWithPath: path))
    let second = try ScenarioReader.readSweep(path: path)
    #expect(second.plan == first.plan)
    #expect(second.points.map(\.name) == first.points.map(\.name))
    #expect(second.points.map(\.scenario.resolved) == first.points.map(\.scenario.resolved))
  }

  @Test("names points so that a folder can bear it and no two share a name")
  func names() throws {
    let reading = try read(
      "sweep: {grid: {objective: [{kind: ratio}, {kind: difference, weight: 1 J}, {kind: difference, weight: 2 J}]}}")
    let names = reading.points.map(\.name)
    #expect(Set(names).count == 3)
    #expect(names.allSatisfy { $0.hasPrefix("objective=kind-") && !$0.contains("{") && !$0.contains(" ") }, "\(names)")
    let long = SweepPoint.name(
      of: (0..<9).map { SweepSetting(path: "key\($0)", value: String(repeating: "x", count: 90)) })
    #expect(long.utf8.count < 200)
    #expect(
      SweepPoint.name(of: [SweepSetting(path: "a", value: "../x")])
        != SweepPoint.name(of: [SweepSetting(path: "a", value: "..-x")]))
    #expect(!SweepPoint.name(of: [SweepSetting(path: "a", value: "../../x")]).contains("/"))
  }

  @Test("can be given in code, whatever sweep the file has")
  func planInCode() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/swept.yaml"
    try Data((head + "sweep: {grid: {deadline: [4 s]}}").utf8).write(to: URL(fileURLWithPath: path))
    var plan = SweepPlan()
    plan.grid = [SweepPlan.Axis(path: "policy", values: ["exact", "rb"])]
    let reading = try ScenarioReader.read(path: path, sweeping: plan)
    #expect(reading.points.map(\.name) == ["policy=exact", "policy=rb"])
    #expect(reading.points.allSatisfy { $0.scenario.deadline.value.value == 5 })
    plan.grid[0].values.append("rbb")
    #expect(throws: ScenarioErrors.self) { try ScenarioReader.read(path: path, sweeping: plan) }
  }
}
