import Units
import Wireless

extension Instance {
  /// The instance as one line of JSON, without a line break; doubles read back to the bit.
  public var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("schema", 1)
      writer.key("name")
      writer.string(name)
      writer.key("uplink")
      writer.object { writer in
        writer.field("block_bandwidth_hz", blockBandwidth.value)
        writer.field("noise_w", noise.value)
        writer.key("gain")
        writer.array(devices.indices) { writer, device in
          writer.array(gains.row(device: device)) { $0.number($1) }
        }
      }
      writer.field("deadline_s", deadline.value)
      writer.field("bits_min", bitsMin)
      writer.field("bits_max", bitsMax)
      writer.field("payload_bits_at_32", payloadAt32.value)
      if let payloads { writer.field("payload_bits", payloads.map(\.value)) }
      if clockScales != [1] { writer.field("clock_scales", clockScales) }
      writer.key("objective")
      writer.object { writer in
        writer.key("kind")
        switch objective {
        case .ratio: writer.string("ratio")
        case .difference(let weight):
          writer.string("difference")
          writer.field("weight_j", weight.value)
        }
      }
      writer.key("server")
      writer.object { writer in
        writer.field("clock_hz", server.clock.value)
        writer.field("cores", server.cores)
        writer.field("flops_per_cycle", server.flopsPerCycle)
        writer.field("work_flop", server.work.value)
      }
      writer.key("devices")
      writer.array(devices) { $1.write(to: &$0) }
      writePolicies(to: &writer)
    }
    return writer.text
  }

  private func writePolicies(to writer: inout JSONWriter) {
    writer.key("policies")
    writer.object { writer in
      if let equalPower {
        writer.key("ep")
        writer.object { $0.field("power_w", equalPower.value) }
      }
      if let unquantizedBits {
        writer.key("nq")
        writer.object { $0.field("bits", unquantizedBits) }
      }
      if let deviceOnBlock {
        writer.key("rb")
        writer.object { $0.field("device_on_block", deviceOnBlock) }
      }
      if let initialBlocks {
        writer.key("bcd")
        writer.object { $0.field("initial_block", initialBlocks) }
      }
    }
  }
}

extension Instance.Device {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("clock_hz", clock.value)
      writer.field("cores", cores)
      writer.field("flops_per_cycle", flopsPerCycle)
      writer.field("kappa_w_per_hz3", kappa.value)
      writer.field("work_flop", work.value)
      writer.field("power_min_w", powerMin.value)
      writer.field("power_max_w", powerMax.value)
      writer.field("data_share", dataShare)
      if circuitPower != .zero { writer.field("circuit_power_w", circuitPower.value) }
      if amplifierEfficiency != 1 { writer.field("amplifier_efficiency", amplifierEfficiency) }
      if deadlineSteps != 1 { writer.field("deadline_steps", deadlineSteps) }
      if deadlineUpload != .zero { writer.field("deadline_upload_bits", deadlineUpload.value) }
      if leastClockScale != 0 { writer.field("least_clock_scale", leastClockScale) }
    }
  }
}
