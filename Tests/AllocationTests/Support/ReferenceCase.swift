import Allocation
import Foundation
import Testing
import Units

/// One file of `Cases`: an instance and the answers of an independent implementation.
struct ReferenceCase: CustomTestStringConvertible, Sendable {
  struct Expected: Decodable, Sendable {
    struct Assignment: Decodable, Sendable {
      var device: Int
      var block: Int
      var power_w: Double
      var bits: Int
    }
    var objective: Double
    var participants: Int
    var iterations: Int?
    var assignments: [Assignment]

    var choices: [AllocationChecker.Choice] {
      assignments.map {
        AllocationChecker.Choice(device: $0.device, block: $0.block, power: Watts($0.power_w), bits: $0.bits)
      }
    }
  }

  private struct File: Decodable {
    var expected: [String: Expected]
  }

  var name: String
  var instance: Instance
  var expected: [String: Expected]

  var testDescription: String { name }

  static let folder = Bundle.module.resourceURL?.appendingPathComponent("Cases")

  static let names = [
    "default_T4", "default_T5", "mid_10x4", "mid_12x20", "tiny_all_feasible", "tiny_difference_objective",
    "tiny_fewer_feasible_than_rbs", "tiny_full_tie", "tiny_n_below_k", "tiny_none_feasible", "tiny_one_device_one_rb",
    "tiny_p_max_binding", "tiny_p_min_binding", "tiny_zero_gain",
  ]

  static func load(_ name: String) throws -> ReferenceCase {
    let url = try #require(folder).appendingPathComponent("\(name).json")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    return ReferenceCase(name: name, instance: try Instance.read(path: url.path)[0], expected: file.expected)
  }
}
