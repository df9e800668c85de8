import Allocation
import EventKernel
import JSON
import Network
import Scenario
import Trace
import Training
import Units
import Wireless

/// A run as a timeline of simulated time: a row for the rounds, one per device, block and place at the server.
extension World {
  /// The rows, as far as they are known beforehand: cells of more than ``RoundReport/everyDeviceLimit`` devices name those of
  /// a round with the round.
  var timelineRows: [TimelineEvent] {
    var rows: [TimelineEvent] = [
      .group(Rows.run, name: "run"), .track(rows.round, name: "rounds"), .group(Rows.devices, name: "devices"),
      .group(Rows.blocks, name: "blocks"), .group(Rows.server, name: "server"),
    ]
    if namesEveryDevice { rows += (0..<fleet.count).map { .track(self.rows.device($0), name: "device \($0)") } }
    let blocks = scenario.uplink.blocks
    guard blocks <= RoundReport.everyDeviceLimit else { return rows }
    rows += (0..<blocks).map { .track(self.rows.block($0), name: "block \($0)") }
    if workload.traits.server != .nothing {
      rows += (0..<blocks).map { .track(self.rows.server($0), name: "server \($0)") }
    }
    return rows
  }

  /// The last entry of a timeline that ends at `time`.
  func timelineEnd(at time: SimTime) -> TimelineEvent { .moment(rows.round, name: "end of the run", time: time) }

  fileprivate var namesEveryDevice: Bool { fleet.count <= RoundReport.everyDeviceLimit }

  fileprivate var rows: Rows { Rows(devices: fleet.count, blocks: scenario.uplink.blocks) }
}

extension RoundReport {
  /// The entries of the round.
  ///
  /// Everything is a leg that an event ended: it began where the device's leg before ended. A device that missed its
  /// deadline ends with a slice `late`.
  var timelineEvents: [TimelineEvent] {
    guard let (start, end) = ticks else { return [] }
    let rows = world.rows
    let isSequential = world.workload.traits.order == .sequential
    let assignments =
      carried?.admissions.mapValues(\.assignment)
      ?? Dictionary(uniqueKeysWithValues: allocation.assignments.map { ($0.device, $0) })
    var entries: [TimelineEvent] = [
      .slice(
        rows.round, name: "round \(round)", start: start, end: end,
        arguments: [
          "devices": .integer(devices.count), "late": .integer(devices.count { $0.isLate }),
          "objective": .number(allocation.objective),
        ]),
      .moment(rows.round, name: "round \(round)", time: start),
    ]
    if !world.namesEveryDevice {
      entries += devices.map { .track(rows.device($0.device), name: "device \($0.device)") }
    }
    var counters = Counters(energy: energyBefore.value)
    var since: [Int: SimTime] = [:]
    var turn = start
    var legs: [(device: Int, start: SimTime, end: SimTime, step: Int?)] = []
    for event in events {
      guard let device = event.device else { continue }
      let admission = carried?.admissions[device]
      let began =
        since[device] ?? carried?.legsUnderWay[device] ?? admission?.start ?? (isSequential ? turn : start)
      since[device] = event.time
      turn = event.time
      let assignment = assignments[device]
      let arguments = JSONValue(omittingNil: [
        "step": event.step.map(JSONValue.integer), "block": event.block.map(JSONValue.integer),
        "energy_j": .number(event.energy.value), "bits": assignment.map { .integer($0.bits) },
        "power_w": assignment.map { .number($0.power.value) },
        "staleness": admission.map { .integer(round - $0.version) },
      ])
      let name = event.kind == .deadline ? "late" : event.kind.name
      var served = began
      // Who has a turn waits for it first; who shares is served from the start.
      if event.wait > .zero, world.accelerators.discipline != .processorSharing {
        served = min(began + SimTime(seconds: event.wait.value), event.time)
        entries.append(.slice(rows.device(device), name: "wait", start: began, end: served, arguments: arguments))
      }
      if event.wait > .zero { counters.wait(from: began, to: served) }
      if served < event.time || event.wait == .zero {
        entries.append(
          .slice(rows.device(device), name: name, start: served, end: event.time, arguments: arguments))
      }
      counters.add(event.energy, at: event.time)
      switch event.kind {
      case .uplink, .modelUpload:
        if let block = event.block {
          entries.append(
            .slice(
              rows.block(block), name: "device \(device)", start: began, end: event.time, arguments: arguments))
        }
        counters.transmit(assignment?.power ?? .zero, from: began, to: event.time)
      case .server: legs.append((device, served, event.time, event.step))
      default: break
      }
    }
    if let carried {
      for (device, admission) in carried.admissions {
        counters.take(
          part: max(admission.start, start), until: carried.atWork.contains(device) ? end : since[device] ?? end)
      }
      entries.append(
        .counter(group: Rows.run, name: "versions", series: "kept", time: end, value: Double(carried.versions.count)))
    }
    for (device, last) in since where carried == nil {
      counters.take(part: isSequential ? firstStart(of: device, since: start) : start, until: last)
    }
    entries += places(legs)
    entries += counters.entries(endingAt: end)
    if let accuracy = learning?.testAccuracy {
      entries.append(.counter(group: Rows.run, name: "test", series: "accuracy", time: end, value: accuracy))
    }
    return entries
  }

  /// When a device begins where devices follow each other: at the end of the one before.
  private func firstStart(of device: Int, since start: SimTime) -> SimTime {
    events.prefix { $0.device != device }.last?.time ?? start
  }

  /// Server legs, each in the lowest place that is free.
  private func places(
    _ served: [(device: Int, start: SimTime, end: SimTime, step: Int?)]
  ) -> [TimelineEvent] {
    var freeFrom: [SimTime] = []
    return served.sorted { ($0.start, $0.end, $0.device) < ($1.start, $1.end, $1.device) }.map { leg in
      let place = freeFrom.firstIndex { $0 <= leg.start } ?? freeFrom.count
      if place == freeFrom.count { freeFrom.append(leg.end) } else { freeFrom[place] = leg.end }
      return .slice(
        world.rows.server(place), name: "device \(leg.device)", start: leg.start, end: leg.end,
        arguments: JSONValue(omittingNil: ["step": leg.step.map(JSONValue.integer)]))
    }
  }
}

/// The numbers of rows and groups, which all differ.
private struct Rows {
  static let run = 1
  static let devices = 2
  static let blocks = 3
  static let server = 4
  /// The numbers of rows begin behind those of groups.
  private static let first = 10

  var devices: Int
  var blocks: Int

  var round: TimelineEvent.Track { .init(group: Self.run, number: Self.first) }
  func device(_ device: Int) -> TimelineEvent.Track { .init(group: Self.devices, number: Self.first + 1 + device) }
  func block(_ block: Int) -> TimelineEvent.Track {
    .init(group: Self.blocks, number: Self.first + 1 + devices + block)
  }
  func server(_ place: Int) -> TimelineEvent.Track {
    .init(group: Self.server, number: Self.first + 1 + devices + blocks + place)
  }
}

/// The curves of a round, from changes in any order.
private struct Counters {
  private var energy: Double
  private var spent: [(time: SimTime, energy: Double)] = []
  private var powers: [SimTime: Double] = [:]
  private var senders: [SimTime: Int] = [:]
  private var parts: [SimTime: Int] = [:]
  private var waits: [SimTime: Int] = [:]

  init(energy: Double) { self.energy = energy }

  mutating func add(_ energy: Joules, at time: SimTime) { spent.append((time, energy.value)) }

  mutating func transmit(_ power: Watts, from start: SimTime, to end: SimTime) {
    powers[start, default: 0] += power.value
    powers[end, default: 0] -= power.value
    senders[start, default: 0] += 1
    senders[end, default: 0] -= 1
  }

  mutating func take(part start: SimTime, until end: SimTime) {
    parts[start, default: 0] += 1
    parts[end, default: 0] -= 1
  }

  mutating func wait(from start: SimTime, to end: SimTime) {
    waits[start, default: 0] += 1
    waits[end, default: 0] -= 1
  }

  /// Each curve's points, one per instant at which it changes.
  func entries(endingAt end: SimTime) -> [TimelineEvent] {
    var events: [TimelineEvent] = []
    var count = 0
    for (time, change) in parts.sorted(by: { $0.key < $1.key }) where change != 0 {
      count += change
      events.append(.counter(group: Rows.run, name: "devices", series: "in flight", time: time, value: Double(count)))
    }
    count = 0
    for (time, change) in waits.sorted(by: { $0.key < $1.key }) where change != 0 {
      count += change
      events.append(.counter(group: Rows.server, name: "waiting", series: "devices", time: time, value: Double(count)))
    }
    var (power, sending) = (0.0, 0)
    for (time, change) in powers.sorted(by: { $0.key < $1.key }) {
      power += change
      sending += senders[time] ?? 0
      // Powers that were added come off again but for rounding.
      if sending == 0 { power = 0 }
      events.append(.counter(group: Rows.run, name: "transmit power", series: "W", time: time, value: power))
    }
    var energy = energy
    for (index, change) in spent.enumerated() {
      energy += change.energy
      if index + 1 < spent.count, spent[index + 1].time == change.time { continue }
      events.append(.counter(group: Rows.run, name: "energy", series: "J", time: change.time, value: energy))
    }
    return events
  }
}
