import Allocation
import Network
import Scenario
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
  /// 1 where the device is there when the round begins, 0 where it is away; only where devices come and go.
  case available
  /// What is in the device's battery when the round begins, only where energy may run out.
  case battery = "battery_j"

  /// The columns of a scenario's observations.
  public static func columns(of scenario: Scenario) -> [DeviceColumn] {
    allCases.filter { column in
      switch column {
      case .available: scenario.devices.availability != nil
      case .battery: scenario.devices.battery != nil
      default: true
      }
    }
  }
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

  /// Writes what each device has, column by column of ``DeviceColumn/columns(of:)``, the rounds since it last completed one, and the most bits with which
  /// it can meet the deadline, 0 where none will do.
  ///
  /// Each buffer is either empty or holds as many elements as there are.
  public func writeDevices(
    columns: UnsafeMutableBufferPointer<Double>, idleRounds: UnsafeMutableBufferPointer<Int32>,
    mostBits: UnsafeMutableBufferPointer<Int32>
  ) {
    guard let problem, let world else { return }
    if !columns.isEmpty {
      let isThere = world.availability?.areThere(at: time)
      let charge = batteryCharge
      for (device, terms) in problem.devices.enumerated() {
        for (column, name) in self.columns.enumerated() {
          columns[device * self.columns.count + column] =
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
            case .available: isThere?[device] ?? true ? 1 : 0
            case .battery: charge?[device].value ?? .infinity
            }
        }
      }
    }
    let ended = Int32(clamping: round - 1)
    for device in idleRounds.indices { idleRounds[device] = ended - lastCompleted[device] }
    if !mostBits.isEmpty { problem.writeMostBits(mostBits) }
  }
}

extension Problem {
  /// Writes for each device the most bits with which it can meet the deadline on its best block; 0 where none will do.
  fileprivate func writeMostBits(_ most: UnsafeMutableBufferPointer<Int32>) {
    let hasRisingPayload = zip(levels, levels.dropFirst()).allSatisfy { $0.payload <= $1.payload }
    for device in devices.indices {
      let gain = gains.rowMaximum(device: device)
      let power = devices[device].powerMax * (1 + Problem.tolerance)
      most[device] = 0
      guard gain > 0 else { continue }
      for clock in clocks(of: devices[device]) {
        let price = StepPrice(self, device: device, clockScale: clockScales[clock])
        let (rate, reception) = (price.rate(power: power, gain: gain), price.reception(gain: gain))
        func allows(_ level: QuantizationLevel) -> Bool { price.meetsDeadline(level.payload, rate: rate, reception) }
        let level = hasRisingPayload ? levels.lastOfPrefix(where: allows) : levels.last(where: allows)
        most[device] = max(most[device], Int32(clamping: level?.bits ?? 0))
      }
    }
  }
}

extension [QuantizationLevel] {
  /// The last element of a prefix of elements that satisfy a predicate, where none behind it does: O(log n).
  fileprivate func lastOfPrefix(where isIn: (Element) -> Bool) -> Element? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isIn(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : self[low - 1]
  }
}
