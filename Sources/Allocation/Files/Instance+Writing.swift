import JSON
import Units
import Wireless

extension Instance {
  /// The instance as one line of JSON, without a line break; doubles read back to the bit.
  public var json: String {
    JSONValue(omittingNil: [
      "schema": 1, "name": .string(name), "uplink": uplink, "deadline_s": .number(deadline.value),
      "bits_min": .integer(bitsMin), "bits_max": .integer(bitsMax), "payload_bits_at_32": .number(payloadAt32.value),
      "payload_bits": payloads.map { .numbers($0.map(\.value)) },
      "clock_scales": clockScales == [1] ? .none : .numbers(clockScales), "downlink": downlink?.json,
      "objective": objective.json,
      "server": server.json, "devices": .array(devices.map(\.json)), "policies": policies,
    ]).text(.line)
  }

  private var uplink: JSONValue {
    [
      "block_bandwidth_hz": .number(blockBandwidth.value), "noise_w": .number(noise.value),
      "gain": .array(devices.indices.map { .numbers(gains.row(device: $0)) }),
    ]
  }

  private var policies: JSONValue {
    JSONValue(omittingNil: [
      "ep": equalPower.map { ["power_w": .number($0.value)] }, "nq": unquantizedBits.map { ["bits": .integer($0)] },
      "rb": deviceOnBlock.map { ["device_on_block": .array($0.map(JSONValue.integer))] },
      "bcd": initialBlocks.map { ["initial_block": .array($0.map(JSONValue.integer))] },
    ])
  }
}

extension Downlink {
  /// As instance files and external policies have it.
  public var json: JSONValue {
    [
      "power_w": .number(power.value), "noise_w": .number(noise.value), "gradient_bits": .number(gradient.value),
    ]
  }
}

extension Objective {
  /// As instance files and external policies have it.
  public var json: JSONValue {
    switch self {
    case .ratio: ["kind": "ratio"]
    case .difference(let weight): ["kind": "difference", "weight_j": .number(weight.value)]
    }
  }
}

extension Instance.Server {
  fileprivate var json: JSONValue {
    [
      "clock_hz": .number(clock.value), "cores": .number(cores), "flops_per_cycle": .number(flopsPerCycle),
      "work_flop": .number(work.value),
    ]
  }
}

extension Instance.Device {
  fileprivate var json: JSONValue {
    JSONValue(omittingNil: [
      "clock_hz": .number(clock.value), "cores": .number(cores), "flops_per_cycle": .number(flopsPerCycle),
      "kappa_w_per_hz3": .number(kappa.value), "work_flop": .number(work.value),
      "power_min_w": .number(powerMin.value), "power_max_w": .number(powerMax.value),
      "data_share": .number(dataShare),
      "circuit_power_w": circuitPower == .zero ? .none : .number(circuitPower.value),
      "amplifier_efficiency": amplifierEfficiency == 1 ? .none : .number(amplifierEfficiency),
      "deadline_steps": deadlineSteps == 1 ? .none : .number(deadlineSteps),
      "deadline_upload_bits": deadlineUpload == .zero ? .none : .number(deadlineUpload.value),
      "receive_power_w": receivePower == .zero ? .none : .number(receivePower.value),
      "deadline_download_bits": deadlineDownload == .zero ? .none : .number(deadlineDownload.value),
      "deadline_broadcast_s": deadlineBroadcast == .zero ? .none : .number(deadlineBroadcast.value),
      "least_clock_scale": leastClockScale == 0 ? .none : .number(leastClockScale),
    ])
  }
}
