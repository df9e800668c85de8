import Allocation
import CAirSplit
import Environments
import Network
import Scenario
import Simulation
import Units
import Wireless

/// Actions, observations and outcomes as arrays of a caller, the world first.
extension EnvironmentBatch {
  private var deviceCount: Int { scenario.devices.count }
  private var blockCount: Int { scenario.uplink.blocks }

  /// Writes what can be seen of some worlds.
  func observe(_ which: [Int], into observation: airsplit_observation) throws {
    nonisolated(unsafe) let arrays = observation
    try forEach(which) { _, world in
      let environment = worlds[world]
      environment.writeGains(
        decibels: slice(arrays.gains_db, world, deviceCount * blockCount),
        gains: slice(arrays.gains, world, deviceCount * blockCount),
        usable: slice(arrays.usable, world, deviceCount * blockCount))
      environment.writeDevices(
        columns: slice(arrays.devices, world, deviceCount * columns.count),
        idleRounds: slice(arrays.idle_rounds, world, deviceCount),
        mostBits: slice(arrays.bits_most, world, deviceCount))
      arrays.round?[world] = Int32(clamping: environment.round)
      arrays.time_s?[world] = environment.time.value
    }
  }

  /// Plays a round of every world, and writes what came of it and what can be seen then.
  func step(_ action: airsplit_action?, _ outcome: airsplit_outcome?, _ observation: airsplit_observation?) throws {
    try check(action)
    let all = Array(worlds.indices)
    nonisolated(unsafe) let (action, outcome) = (action, outcome)
    try forEach(all) { _, world in
      let report = try worlds[world].step(action.map { decision($0, world) })
      if let outcome { write(report, of: world, to: outcome) }
    }
    if let observation { try observe(all, into: observation) }
  }

  private func slice<Element>(
    _ array: UnsafeMutablePointer<Element>?, _ world: Int, _ count: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: array.map { $0 + world * count }, count: array == nil ? 0 : count)
  }

  private func check(_ action: airsplit_action?) throws {
    guard let action else { return }
    switch Int(action.kind) {
    case AIRSPLIT_BLOCKS:
      if action.devices == nil {
        throw EnvironmentError("an action of blocks needs 'devices', and it is a null pointer")
      }
    case AIRSPLIT_SCORES:
      if action.scores == nil { throw EnvironmentError("an action of scores needs 'scores', and it is a null pointer") }
    case AIRSPLIT_BITS:
      if action.bits == nil { throw EnvironmentError("an action of bits needs 'bits', and it is a null pointer") }
    default: throw EnvironmentError("the action's kind is \(action.kind); 0, 1 and 2 are allowed")
    }
  }

  private func decision(_ action: airsplit_action, _ world: Int) -> Action {
    switch Int(action.kind) {
    case AIRSPLIT_SCORES:
      return .scores(Array(UnsafeBufferPointer(start: action.scores + world * deviceCount, count: deviceCount)))
    case AIRSPLIT_BITS:
      let bits = UnsafeBufferPointer(start: action.bits + world * deviceCount, count: deviceCount)
      return .bits(bits.map { $0 == 0 ? nil : Int($0) })
    default:
      let start = world * blockCount
      return .blocks(
        (0..<blockCount).compactMap { block in
          guard let device = action.devices?[start + block], device != -1 else { return nil }
          let (power, scale) = (action.power_w?[start + block] ?? .nan, action.clock_scale?[start + block] ?? .nan)
          let bits = action.bits?[start + block] ?? 0
          return OpenChoice(
            device: Int(device), block: block, power: power.isNaN ? nil : Watts(power),
            bits: bits == 0 ? nil : Int(bits),
            clockScale: scale.isNaN ? nil : scale)
        })
    }
  }

  private func write(_ report: RoundReport, of world: Int, to outcome: airsplit_outcome) {
    if let array = outcome.figures {
      for (place, figure) in report.figures(at: figures).enumerated() { array[world * figures.count + place] = figure }
    }
    let isOver = worlds[world].isOver
    let hasReachedTarget = isOver && report.round < scenario.rounds
    outcome.terminated?[world] = hasReachedTarget ? 1 : 0
    outcome.truncated?[world] = isOver && !hasReachedTarget ? 1 : 0
    let start = world * blockCount
    for block in 0..<blockCount {
      outcome.devices?[start + block] = -1
      outcome.bits?[start + block] = 0
      outcome.power_w?[start + block] = 0
    }
    for assignment in report.allocation.assignments {
      outcome.devices?[start + assignment.block] = Int32(clamping: assignment.device)
      outcome.bits?[start + assignment.block] = Int32(clamping: assignment.bits)
      outcome.power_w?[start + assignment.block] = assignment.power.value
    }
    let (values, energies) = (slice(outcome.values, world, deviceCount), slice(outcome.energy_j, world, deviceCount))
    values.update(repeating: 0)
    energies.update(repeating: 0)
    if !values.isEmpty {
      for assignment in report.allocation.assignments { values[assignment.device] = assignment.value }
    }
    if !energies.isEmpty {
      for ledger in report.devices {
        energies[ledger.device] = ledger.energy.value
      }
    }
  }
}
