import Foundation
import Testing

@testable import Scenario

@Suite("The folder scenarios")
struct ScenarioFolderTests {
  static let names = [
    "asynchrony", "battery", "bert", "buffered", "calibrated", "churn", "city", "cl", "cuts", "downlink", "fig3-bits",
    "fig6-cifar10",
    "fig6-cifar100", "fig6-fashion", "fl", "groups", "interference", "labels", "language", "ll", "local-loss",
    "lora", "mcs",
    "measured",
    "paper", "participation", "quickstart", "server-queue", "sfl-v2", "sfl", "sflam", "sl", "street",
    "train-quickstart", "walking",
  ]

  private func path(_ name: String) -> String {
    repository.appendingPathComponent("scenarios/\(name).yaml").path
  }

  @Test("the tests below know every scenario of the folder")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: repository.appendingPathComponent("scenarios").path)
    #expect(files.filter { $0.hasSuffix(".yaml") }.sorted() == Self.names.map { "\($0).yaml" })
  }

  @Test("reads without a warning and is named as its file", arguments: names)
  func reads(name: String) throws {
    let reading = try ScenarioReader.read(path: path(name))
    #expect(reading.warnings.map(\.description) == [])
    // A run's folder is called after the scenario, and results/paper holds what the paper came to.
    #expect(reading.scenario.name == (name == "paper" ? "paper-cell" : name))
  }

  @Test("opens with a sentence on what it shows", arguments: names)
  func opens(name: String) throws {
    let first = try String(contentsOfFile: path(name), encoding: .utf8).prefix { $0 != "\n" }
    #expect(first.hasPrefix("# ") && first.hasSuffix("."), "\(first)")
  }

  @Test("marks where every value comes from", arguments: names)
  func provenance(name: String) throws {
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
    let root = try #require(try YAMLLoader.root(of: text, source: name))
    let marks = try ScenarioReader.read(path: path(name)).scenario.provenance
    #expect(unmarked(root, path: "", marks: marks) == [])
  }

  @Test("the resolved scenario reads as the same scenario", arguments: names)
  func roundTrip(name: String) throws {
    let scenario = try ScenarioReader.read(path: path(name)).scenario
    let again = try ScenarioReader.read(text: scenario.resolved.yaml, file: path(name)).scenario
    #expect(again.resolved == scenario.resolved)
    #expect(again.resolved.yaml == scenario.resolved.yaml)
    #expect(again.devices == scenario.devices)
    #expect(again.server == scenario.server)
    #expect(again.uplink == scenario.uplink)
    #expect(again.downlink == scenario.downlink)
    #expect(again.policies == scenario.policies)
    #expect(again.provenance == scenario.provenance)
    #expect(again.deadline == scenario.deadline)
    #expect(again.model == scenario.model)
    #expect(again.training == scenario.training)
  }

  /// Paths of values that neither have a mark nor stand in something that has one.
  private func unmarked(_ value: YAMLValue, path: String, marks: [String: Scenario.Provenance]) -> [String] {
    let exempt = ["schema", "name", "seed", "provenance"]
    guard marks[path] == nil, !exempt.contains(path) else { return [] }
    guard case .map(let pairs) = value.content else { return [path] }
    return pairs.flatMap { unmarked($0.value, path: path.isEmpty ? $0.key : "\(path).\($0.key)", marks: marks) }
  }
}
