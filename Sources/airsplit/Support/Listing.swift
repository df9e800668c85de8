import Allocation
import Experiments
import Foundation
import JSON
import Scenario
import Simulation
import Trace
import Training
import Units
import Wireless

/// What `airsplit list` prints on one topic: items with a few named columns.
struct Listing {
  /// As a table.
  let text: String
  /// As a list of objects.
  let json: JSONValue

  init(_ topic: ListCommand.Topic) throws {
    switch topic {
    case .policies: self.init(policies: PolicyRegistry.all)
    case .frameworks:
      self.init(
        ["name", "summary"], Framework.allCases.map { [.string($0.rawValue), .string($0.summary)] })
    case .models: self.init(models: ModelProfile.names)
    case .pathLoss:
      self.init(
        ["name", "summary"], PathLoss.Model.allCases.map { [.string($0.rawValue), .string($0.summary)] })
    case .largeScale: self.init(largeScaleOf: PathLoss.Model.allCases)
    case .scenarios: try self.init(scenariosIn: ShippedScenarios.folder())
    case .keys:
      self.init(
        ["key", "default", "allowed", "is"],
        ScenarioReader.documentation().map {
          [.string($0.path), .string($0.defaultText ?? "-"), .string($0.allowed ?? "-"), .string($0.summary)]
        })
    case .metrics: self.init(metrics: Metric.all)
    }
  }

  /// A list whose items have a value in every column.
  private init(_ columns: [String], _ items: [[JSONValue]]) {
    json = .array(items.map { .object(zip(columns, $0).map { JSONValue.Member($0, $1) }) })
    let isNumber = columns.indices.map { column in items.contains { $0[column].double != nil } }
    var table = TextTable(zip(columns, isNumber).map { TextTable.Column(title: $0, isNumber: $1) })
    for item in items { table.append(item.map { $0.text ?? TextTable.cell($0.double) }) }
    text = table.text
  }

  private init(policies: [PolicyEntry]) {
    json = .array(
      policies.map { policy in
        let settings = policy.options.map { option -> JSONValue in
          [
            "key": .string(option.key), "default": .string("\(option.kind.defaultValue)"),
            "allowed": .string(option.kind.allowed), "summary": .string(option.summary),
          ]
        }
        return [
          "name": .string(policy.name), "summary": .string(policy.summary), "settings": .array(settings),
        ]
      })
    var table = TextTable([.words("policy"), .words("setting"), .words("default"), .words("summary")])
    for policy in policies {
      table.append([policy.name, "", "", policy.summary])
      for option in policy.options {
        table.append(["", option.key, "\(option.kind.defaultValue)", "\(option.summary); \(option.kind.allowed)"])
      }
    }
    text = table.text
  }

  /// The models cut behind the patch embedding, with 10 classes; memory is that of a mini-batch of 64.
  private init(models names: [String]) {
    let profiles = names.compactMap { ModelProfile.named($0, classes: 10) }
    self.init(
      [
        "name", "parameters", "device_weights", "activation_elements", "device_forward_flop", "forward_flop",
        "device_memory_byte",
      ],
      profiles.map {
        [
          .string($0.name), .integer($0.parameters), .integer($0.deviceWeights), .integer($0.activationElements),
          .number($0.deviceForwardWork.value), .number($0.forwardWork.value),
          $0.deviceMemory(batch: 64).map(JSONValue.number) ?? .null,
        ]
      })
  }

  /// Shadowing and Rician factor by state, as `shadowing: 38.901` has them.
  private init(largeScaleOf models: [PathLoss.Model]) {
    let states = zip(LargeScaleTable.State.allCases, ["clear", "blocked", "indoors"])
    self.init(
      [
        "name", "state", "shadowing_db", "far_shadowing_db", "shadowing_distance_m", "state_distance_m", "k_mean_db",
        "k_sigma_db", "k_distance_m", "k_shadowing_correlation",
      ],
      models.flatMap { model in
        states.compactMap { state, name -> [JSONValue]? in
          guard let table = LargeScaleTable(model, state) else { return nil }
          let factor = table.rician
          let numbers = [
            table.sigma.value, table.farSigma.value, table.correlationDistance.value,
            LargeScaleTable.stateCorrelationDistance(model)?.value, factor?.mean.value, factor?.sigma.value,
            factor?.correlationDistance.value, factor?.shadowingCorrelation,
          ]
          return [.string(model.rawValue), .string(name)] + numbers.map { $0.map(JSONValue.number) ?? .null }
        }
      })
  }

  /// What `--metric` takes.
  private init(metrics: [Metric]) {
    self.init(
      ["name", "unit", "better", "mean over", "is"],
      metrics.map { metric in
        [
          .string(metric.name), .string(metric.unit.isEmpty ? "-" : metric.unit),
          .string(metric.better == .none ? "-" : metric.better.rawValue),
          .string(metric.weight == .time ? "time" : "\(metric.weight.rawValue)s"),
          .string(metric.summary),
        ]
      })
  }

  /// The scenarios of the folder `scenarios` in `place`, each with its first line of comment.
  private init(scenariosIn place: URL) throws {
    let scenarios = place.appendingPathComponent("scenarios").path
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: scenarios) else {
      throw CommandError.badInput("the folder \(scenarios) cannot be read")
    }
    let isInside = scenarios == FileManager.default.currentDirectoryPath + "/scenarios"
    self.init(
      ["file", "summary"],
      names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { name in
        let path = "\(scenarios)/\(name)"
        let summary = Self.firstComment(ofFileAt: path)
        return [.string(isInside ? "scenarios/\(name)" : path), .string(summary)]
      })
  }

  private static func firstComment(ofFileAt path: String) -> String {
    guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 4096) else { return "" }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first, line.hasPrefix("#") else { return "" }
    return line.drop { $0 == "#" || $0 == " " }.description
  }
}
