import JSON
import Units
import Wireless

extension Instance {
  /// The instance as one line of JSON, without a line break; doubles read back to the bit.
  public var json: String {
    let gains = problem.devices.indices.map { JSONValue.numbers(problem.gains.row(device: $0)) }
    let more: [JSONValue.Member] = [
      .init("name", .string(name)), .init("gains", .array(gains)), .init("policies", policies),
    ]
    return JSONValue.object((problem.json.members ?? []) + more).text(.line)
  }

  private var policies: JSONValue {
    JSONValue(omittingNil: [
      "ep": equalPower.map { ["power_w": .number($0.value)] }, "nq": unquantizedBits.map { ["bits": .integer($0)] },
      "rb": deviceOnBlock.map { ["device_on_block": .array($0.map(JSONValue.integer))] },
      "bcd": initialBlocks.map { ["initial_block": .array($0.map(JSONValue.integer))] },
    ])
  }
}

extension Problem {
  /// The version of a problem in JSON.
  public static let schema = 2

  /// The problem but for its gains, in SI units, as instance files and external policies have it.
  public var json: JSONValue {
    JSONValue(omittingNil: [
      "schema": .integer(Self.schema), "blocks": .integer(blockCount), "devices": devicesJSON,
      "bits": .array(levels(ofCut: 0).map { .integer($0.bits) }), "payload_bits": payloads(ofCut: 0),
      "cuts": cuts.count == 1 && cuts[0].memory == .zero
        ? .none : .array(cuts.enumerated().map { $1.json(payloads: $0 == 0 ? .none : payloads(ofCut: $0)) }),
      "clock_scales": .numbers(clockScales), "bandwidth_hz": .number(bandwidth.value), "noise_w": .number(noise.value),
      "deadline_s": deadline.value.isFinite ? .number(deadline.value) : .null, "downlink": downlink?.json,
      "link": link == .ideal ? .none : link.json, "objective": objective.json,
    ])
  }

  private func levels(ofCut cut: Int) -> [QuantizationLevel] { levels.filter { $0.cut == cut } }

  private func payloads(ofCut cut: Int) -> JSONValue { .numbers(levels(ofCut: cut).map(\.payload.value)) }

  /// The constants of every device.
  public var devicesJSON: JSONValue { .array(devices.enumerated().map { $1.json(device: $0) }) }
}

extension DeviceConstants {
  /// The constants of device `device`.
  fileprivate func json(device: Int) -> JSONValue {
    JSONValue(omittingNil: [
      "device": .integer(device), "data_share": .number(dataShare), "power_min_w": .number(powerMin.value),
      "power_max_w": .number(powerMax.value), "compute_time_s": .number(computeTime.value),
      "compute_energy_j": .number(computeEnergy.value), "server_time_s": .number(serverTime.value),
      "circuit_power_w": .number(circuitPower.value), "amplifier_efficiency": .number(amplifierEfficiency),
      "radio_energy": radio.json,
      "deadline_steps": .number(deadlineSteps), "deadline_upload_bits": .number(deadlineUpload.value),
      "receive_power_w": receivePower == .zero ? .none : .number(receivePower.value),
      "deadline_download_bits": deadlineDownload == .zero ? .none : .number(deadlineDownload.value),
      "deadline_broadcast_s": deadlineBroadcast == .zero ? .none : .number(deadlineBroadcast.value),
      "least_clock_scale": .number(leastClockScale),
      "memory_bits": memory.isFinite ? .number(memory.value) : .none,
      "added_memory_bits": addedMemory == .zero ? .none : .number(addedMemory.value),
    ])
  }
}

extension Downlink {
  fileprivate var json: JSONValue {
    ["power_w": .number(power.value), "noise_w": .number(noise.value), "gradient_bits": .number(gradient.value)]
  }
}

extension Objective {
  fileprivate var json: JSONValue {
    switch self {
    case .ratio: ["kind": "ratio"]
    case .difference(let weight): ["kind": "difference", "weight_j": .number(weight.value)]
    }
  }
}
