import EventKernel
import Network
import Randomness
import Scenario
import Units
import Wireless

/// The batteries of a world's devices, as a run finds them, and their chargers.
public struct DeviceBatteries: Sendable {
  /// As a run finds them.
  let first: [Battery]
  /// The share of its capacity below which a device does not take part.
  let reserve: Double
  /// When chargers are there; `nil`: never.
  let chargers: AvailabilityProcess?

  /// Draws every battery, each of its attributes from a stream of its own; `nil` where energy never runs out.
  ///
  /// - Throws: ``SimulationError`` where a value cannot be drawn.
  init?(drawing scenario: Scenario, seed: Seed) throws {
    guard let law = scenario.devices.battery else { return nil }
    func draw(
      _ attribute: Int, _ name: String, _ distribution: Distribution, _ range: ClosedRange<Double>, of device: Int
    ) throws -> Double {
      if case .constant(let value) = distribution { return value }
      var stream = seed.stream(.battery, device, attribute)
      do {
        return try distribution.draw(index: device, from: &stream, within: range)
      } catch {
        throw SimulationError("device \(device): battery.\(name): \(error.reason)")
      }
    }
    let charging = law.charging
    first = try (0..<scenario.devices.count).map { device in
      let capacity = try draw(0, "capacity", law.capacity, BatteryLaw.capacities, of: device)
      return Battery(
        capacity: Joules(capacity), charge: Joules(capacity * (try draw(1, "charge", law.charge, 0...1, of: device))),
        idlePower: Watts(try draw(2, "idle_power", law.idlePower, BatteryLaw.powers, of: device)),
        chargingPower: Watts(
          try charging.map { try draw(3, "charging.power", $0.power, BatteryLaw.powers, of: device) } ?? 0))
    }
    reserve = law.reserve
    chargers = charging.map {
      AvailabilityProcess(
        .law(on: $0.on, off: $0.off), count: scenario.devices.count, seed: seed, purpose: .charger)
    }
  }

  /// Whether a device can be chosen.
  func suffices(_ battery: Battery) -> Bool {
    battery.charge > .zero && battery.charge >= battery.capacity * reserve
  }

  /// Whether a device's charger is there, and until when that is so.
  func charger(of device: Int, at time: Seconds) -> Presence {
    chargers?.presence(of: device, at: time) ?? .never
  }

  /// Lets time pass in which a device does nothing.
  func advance(_ battery: inout Battery, of device: Int, to time: Seconds) {
    battery.advance(to: time) { charger(of: device, at: $0) }
  }

  /// When an idle device can be chosen again; infinite if never, or only after a thousand comings of its charger.
  func recovery(of device: Int, _ battery: Battery) -> Seconds {
    battery.time(reaching: battery.capacity * reserve) { charger(of: device, at: $0) }
  }
}

/// What a run carries along of batteries.
struct BatteryState: Codable {
  /// Those of all devices: of one at work, as it began.
  var batteries: [Battery]
  /// For each device whether its battery let it take part, when that last was decided.
  var suffices: [Bool]
  /// What had come in to all of them when the last round ended.
  var charged = Joules.zero
  /// What had gone out.
  var spent = Joules.zero
}

extension Run {
  /// Brings the batteries of devices that are not at work up to now, and notes whose suffices.
  ///
  /// - Complexity: O(devices).
  mutating func settleBatteries(beside engine: RoundEngine? = nil) {
    guard let park = world.batteries, var state = batteryState else { return }
    let busy = engine.map { Set($0.devicesAtWork + $0.devicesDone) } ?? []
    let now = Seconds(simulator.now.seconds)
    for device in world.fleet.indices where !busy.contains(device) {
      park.advance(&state.batteries[device], of: device, to: now)
    }
    state.suffices = state.batteries.map(park.suffices)
    batteryState = state
  }

  /// What is in each battery, as of when the next or the last decision was made; `nil` where energy never runs out.
  public var batteryCharge: [Joules]? { batteryState?.batteries.map(\.charge) }

  /// Gains of which those are 0 whose device has too little in its battery: nobody can choose it.
  func ofCharged(_ gains: any GainSource) -> any GainSource {
    batteryState.map { GainsOfSome(base: gains, isOpen: $0.suffices) } ?? gains
  }

  /// Whether a run of this world may have come to these at `now`.
  func isPossible(_ state: BatteryState?, at now: SimTime) -> Bool {
    guard let park = world.batteries, let state else { return world.batteries == nil && state == nil }
    return state.batteries.count == park.first.count && state.suffices.count == park.first.count
      && state.charged.isFinite && state.spent.isFinite
      && zip(state.batteries, park.first).allSatisfy { $0.canFollow($1, at: Seconds(now.seconds)) }
  }

  /// Takes back the batteries of those who ended in a round, and sums up what it did to all.
  mutating func noteBatteries(of engine: RoundEngine) {
    guard let park = world.batteries, var state = batteryState else { return }
    let now = Seconds(simulator.now.seconds)
    let decisive = state.batteries.map(\.charge)
    for ledger in engine.ended { state.batteries[ledger.device] = ledger.battery ?? state.batteries[ledger.device] }
    let underWay =
      engine.merging.carries ? engine.batteriesUnderWay(at: simulator.now, over: world.air(round: current)) : []
    let busy = Set(underWay.map(\.device))
    for device in world.fleet.indices where !busy.contains(device) {
      park.advance(&state.batteries[device], of: device, to: now)
    }
    var all = state.batteries
    for (device, battery) in underWay { all[device] = battery }
    let (charged, spent) = (all.reduce(.zero) { $0 + $1.charged }, all.reduce(.zero) { $0 + $1.spent })
    lastBatteries = RoundReport.Batteries(
      charge: all.map(\.charge), decisive: decisive, suffices: state.suffices, charged: charged - state.charged,
      spent: spent - state.spent)
    (state.charged, state.spent) = (charged, spent)
    batteryState = state
  }

  /// When a device comes next, or one can be chosen again whose battery is too low; at once where nobody ever does or can.
  var nextArrival: SimTime {
    var next = world.availability?.nextArrival(after: roundStart) ?? Seconds(.infinity)
    if let park = world.batteries, let state = batteryState {
      for device in state.suffices.indices where !state.suffices[device] {
        next = min(next, park.recovery(of: device, state.batteries[device]))
      }
      if !next.isFinite { return .zero }
    } else if world.availability == nil {
      return .zero
    }
    return SimTime(seconds: next.value)
  }
}
