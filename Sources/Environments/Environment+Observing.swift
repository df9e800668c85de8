import Allocation
import Simulation
import Units
import Wireless

/// What an observation has of each device, in order.
public enum DeviceColumn: String, CaseIterable, Sendable {
  /// rho_n.
  case dataShare = "data_share"
  /// D_n.
  case samples
  /// To the base station at the beginning; NaN where it is not known.
  case distance = "distance_m"
  /// T_n^dev, Eq. (9).
  case computeTime = "compute_time_s"
  /// E_n^dev, Eq. (10).
  case computeEnergy = "compute_energy_j"
  /// T^srv, Eq. (11), with what a forecast expects a step to wait.
  case serverTime = "server_time_s"
  /// p_min,n.
  case powerMin = "power_min_w"
  /// p_max,n.
  case powerMax = "power_max_w"
  /// Of the radio while it sends.
  case circuitPower = "circuit_power_w"
  /// Radiated over drawn power.
  case amplifierEfficiency = "amplifier_efficiency"
}

extension Environment {
  /// Writes the gains of the round that comes, devices first, in dB and as they are, and which pairs can meet the deadline.
  ///
  /// Each buffer is either empty or holds N K elements.
  public func writeGains(
    decibels: UnsafeMutableBufferPointer<Float>, gains: UnsafeMutableBufferPointer<Double>,
    usable: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let problem else { return }
    let blocks = problem.blockCount
    let least = usable.isEmpty ? [] : leastGains(of: problem)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { row in
      for device in problem.devices.indices {
        problem.gains.copyRow(device: device, into: row)
        let start = device * blocks
        for block in 0..<blocks {
          let gain = row[block]
          if !gains.isEmpty { gains[start + block] = gain }
          if !decibels.isEmpty { decibels[start + block] = gain > 0 ? Float(Decibel.of(gain)) : options.noLink }
          if !usable.isEmpty { usable[start + block] = gain >= least[device] ? 1 : 0 }
        }
      }
    }
  }

  /// Writes what each device has, ``DeviceColumn`` by column, the rounds since it last completed one, and the most bits with which
  /// it can meet the deadline, 0 where none will do.
  ///
  /// Each buffer is either empty or holds as many elements as there are.
  public func writeDevices(
    columns: UnsafeMutableBufferPointer<Double>, idleRounds: UnsafeMutableBufferPointer<Int32>,
    mostBits: UnsafeMutableBufferPointer<Int32>
  ) {
    guard let problem, let world else { return }
    if !columns.isEmpty {
      for (device, terms) in problem.devices.enumerated() {
        for (column, name) in DeviceColumn.allCases.enumerated() {
          columns[device * DeviceColumn.allCases.count + column] =
            switch name {
            case .dataShare: terms.dataShare
            case .samples: Double(world.fleet.samples[device])
            case .distance: world.fleet.distance[device]?.value ?? .nan
            case .computeTime: terms.computeTime.value
            case .computeEnergy: terms.computeEnergy.value
            case .serverTime: terms.serverTime.value
            case .powerMin: terms.powerMin.value
            case .powerMax: terms.powerMax.value
            case .circuitPower: terms.circuitPower.value
            case .amplifierEfficiency: terms.amplifierEfficiency
            }
        }
      }
    }
    let ended = Int32(clamping: round - 1)
    for device in idleRounds.indices { idleRounds[device] = ended - lastCompleted[device] }
    for device in mostBits.indices { mostBits[device] = Int32(clamping: problem.mostBits(device: device)) }
  }
}

extension Problem {
  /// The most bits with which a device can meet the deadline on its best block; 0 where none will do.
  fileprivate func mostBits(device: Int) -> Int {
    let gain = gains.rowMaximum(device: device)
    guard gain > 0 else { return 0 }
    let power = devices[device].powerMax * (1 + Problem.tolerance)
    let most = clocks(of: devices[device]).map { clock in
      let price = StepPrice(self, device: device, clockScale: clockScales[clock])
      let (rate, reception) = (price.rate(power: power, gain: gain), price.reception(gain: gain))
      return levels.last { price.meetsDeadline($0.payload, rate: rate, reception) }?.bits ?? 0
    }
    return most.max() ?? 0
  }
}
