import Foundation
import Testing
import Units
import Wireless

@testable import Allocation

/// A reference case of `Cases/`: an instance and the answers that an independent implementation gives for it.
struct Case: Sendable, CustomTestStringConvertible {
  let name: String
  let problem: Problem
  /// The objective of each policy.
  private let objectives: [String: Double]

  static let all: [Case] = {
    let folder = Bundle.module.url(forResource: "Cases", withExtension: nil)
    let files = folder.flatMap { try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil) }
    return (files ?? []).filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .compactMap(Case.init)
  }()

  var testDescription: String { name }

  func expectedObjective(_ policy: String) -> Double? {
    objectives[policy]
  }

  private init?(_ url: URL) {
    guard let data = try? Data(contentsOf: url),
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let instance = root["instance"] as? [String: Any], let expected = root["expected"] as? [String: Any],
      let problem = Self.problem(instance)
    else { return nil }
    name = url.deletingPathExtension().lastPathComponent
    self.problem = problem
    objectives = expected.compactMapValues { ($0 as? [String: Any])?["objective"] as? Double }
  }

  private static func problem(_ instance: [String: Any]) -> Problem? {
    func number(_ object: Any?, _ key: String) -> Double { (object as? [String: Any])?[key] as? Double ?? .nan }
    guard let uplink = instance["uplink"] as? [String: Any], let rows = uplink["gain"] as? [[Double]],
      let devices = instance["devices"] as? [[String: Any]], let objective = instance["objective"] as? [String: Any]
    else { return nil }
    let server = instance["server"]
    let serverTime =
      number(server, "work_flop")
      / (number(server, "clock_hz") * number(server, "cores") * number(server, "flops_per_cycle"))
    let terms = devices.map { device in
      let clock = number(device, "clock_hz")
      let time = number(device, "work_flop") / (clock * number(device, "cores") * number(device, "flops_per_cycle"))
      return DeviceTerms(
        dataShare: number(device, "data_share"), powerMin: Watts(number(device, "power_min_w")),
        powerMax: Watts(number(device, "power_max_w")), computeTime: Seconds(time),
        computeEnergy: Joules(number(device, "kappa_w_per_hz3") * clock * clock * clock * time),
        serverTime: Seconds(serverTime))
    }
    let bits = Int(number(instance, "bits_min"))...Int(number(instance, "bits_max"))
    let perBit = number(instance, "payload_bits_at_32") / 32
    return Problem(
      devices: terms, levels: bits.map { QuantizationLevel(bits: $0, payload: Bits(perBit * Double($0))) },
      bandwidth: Hertz(number(uplink, "block_bandwidth_hz")), noise: Watts(number(uplink, "noise_w")),
      deadline: Seconds(number(instance, "deadline_s")),
      objective: objective["kind"] as? String == "difference"
        ? .difference(weight: Joules(number(objective, "weight_j"))) : .ratio,
      gains: GainMatrix(
        deviceCount: rows.count, blockCount: rows.first?.count ?? 0, values: rows.flatMap { $0 }))
  }
}
