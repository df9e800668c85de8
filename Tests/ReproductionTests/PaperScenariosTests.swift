import Foundation
import Scenario
import Testing
import Units
import Wireless

@testable import Reproduction

/// The folder of the project.
let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

@Suite("The scenarios of the paper's figures")
struct PaperScenariosTests {
  static let names = [
    "factorial", "fig4-deadline", "fig4-iterations", "fig5", "gap-blocks", "gap-deadline", "gap-devices",
    "gap-objective",
  ]

  static func path(_ name: String) -> String {
    repository.appending(path: "scenarios/paper/\(name).yaml").path
  }

  /// The lines of a resolved scenario but those of the keys that a figure sets for itself.
  private func values(_ node: ResolvedNode) throws -> [String] {
    guard case .map(let entries) = node else { return [] }
    let own = ["name", "rounds", "policy", "deadline", "provenance", "sweep"]
    return entries.filter { !own.contains($0.key) }.map { "\($0.key): \(ResolvedNode.map([$0]).yaml)" }
  }

  @Test("have all other values of paper.yaml", arguments: names)
  func sameValues(name: String) throws {
    let figure = try ScenarioReader.readSweep(path: Self.path(name))
    let paper = try ScenarioReader.read(path: repository.appending(path: "scenarios/paper.yaml").path)
    #expect(try values(figure.base.resolved) == values(paper.scenario.resolved))
    #expect(figure.base.name == name && figure.base.rounds == 1)
    #expect(figure.plan.repetitions == 200 && figure.plan.measure == .allocation)
  }

  @Test("that of fairness has the values of paper.yaml, over more rounds")
  func fairness() throws {
    let figure = try ScenarioReader.readSweep(path: Self.path("fairness"))
    let paper = try ScenarioReader.read(path: repository.appending(path: "scenarios/paper.yaml").path)
    #expect(try values(figure.base.resolved) == values(paper.scenario.resolved))
    #expect(figure.base.rounds == 50 && figure.plan.measure == .allocation)
  }

  @Test("every range of the sensitivity study is one of the scenario's keys, and leaves no assumption out unsaid")
  func ranges() throws {
    let study = try SensitivityStudy(
      path: repository.appending(path: "scenarios/paper.yaml").path, ranges: Self.path("sensitivity"), repetitions: 2)
    #expect(study.unranged == ["quantizer.bits_max", "training.trainer"])
    #expect(Set(study.changes.map(\.path)).count == 17)
  }

  @Test("open with a sentence on what they show", arguments: names)
  func opens(name: String) throws {
    let first = try String(contentsOfFile: Self.path(name), encoding: .utf8).prefix { $0 != "\n" }
    #expect(first.hasPrefix("# ") && first.hasSuffix("."), "\(first)")
  }

  @Test("draw the frameworks of Fig. 5 with a block a device, and the others at a block for each five devices")
  func blocks() throws {
    for point in try ScenarioReader.readSweep(path: Self.path("fig5")).points {
      #expect(point.scenario.devices.count == point.scenario.uplink.blocks)
      #expect(point.scenario.deadline.value.value == 8)
    }
    for point in try ScenarioReader.readSweep(path: Self.path("fig4-deadline")).points {
      #expect(point.scenario.devices.count == 50 && point.scenario.uplink.blocks == 10)
    }
  }

  @Test("have the policies that the claims look for")
  func policies() throws {
    let labels = Set(
      try ScenarioReader.readSweep(path: Self.path("fig4-deadline")).points
        .compactMap { $0.settings.first { $0.path == "policy" }?.label })
    let needed =
      ["bcd", "exact"] + Evidence.benchmarks + Evidence.likeForLike
      + ["0.5 W", "2 W"].flatMap { ["restricted \($0) 32 bits", "restricted \($0) matching random"] }
    #expect(labels.isSuperset(of: needed), "\(labels.sorted())")
  }

  @Test("a setting reads as a label")
  func labels() {
    func label(_ value: String) -> String { SweepSetting(path: "policy", value: value).label }
    #expect(label("bcd") == "bcd")
    #expect(label("{name: ep, power: 0.5 W}") == "ep 0.5 W")
    #expect(label("{name: bcd, restarts: 10}") == "bcd restarts 10")
    #expect(label("{name: restricted, power: 2 W, bits: 32}") == "restricted 2 W 32 bits")
    #expect(label("{kind: difference, weight: 2 J}") == "difference 2 J")
    #expect(label("{}") == "")
  }
}
