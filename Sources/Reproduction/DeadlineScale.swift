import Allocation
import Scenario
import Simulation
import Units
import Wireless

/// What deadlines mean to the devices of a scenario: for every device of some draws, the least T_n that it can reach, with
/// the fewest bits and all its power on its best block.
///
/// Two scenarios with other hardware have other deadlines that are tight or loose. The same share of devices that can meet
/// a deadline is what makes two of them alike.
package struct DeadlineScale: Sendable {
  /// Draws that are looked at.
  package static let draws = 50

  /// The least T_n of every device of every draw, ascending, in seconds; infinite for a device without any rate.
  private let latencies: [Double]

  /// The scale of `scenario`.
  ///
  /// - Throws: ``ReproductionError`` where its deadline is one of rounds, `SimulationError`.
  package init(_ scenario: Scenario) throws {
    guard scenario.deadline.per == .step else {
      throw ReproductionError("\(scenario.name): deadline.per is 'round'; the figures need deadlines of a step")
    }
    var latencies: [Double] = []
    for draw in 0..<UInt32(Self.draws) {
      let problem = try World(scenario, repetition: draw).problem(round: 1, for: ExactPolicy())
      for (device, terms) in problem.devices.enumerated() {
        let rate = StepCost.rate(
          bandwidth: problem.bandwidth, gain: problem.gains.rowMaximum(device: device), power: terms.powerMax,
          noise: problem.noise, link: problem.link)
        let uplink = rate > .zero ? problem.levels[0].payload / rate : .infinity
        latencies.append((terms.computeTime + terms.serverTime + uplink).value)
      }
    }
    self.latencies = latencies.sorted()
  }

  /// A scale of given latencies.
  init(latencies: [Double]) { self.latencies = latencies.sorted() }

  /// The share of devices that can meet a deadline, in seconds.
  package func share(within deadline: Double) -> Double {
    guard !latencies.isEmpty else { return 0 }
    return Double(latencies.count { $0 <= deadline }) / Double(latencies.count)
  }

  /// The least deadline, in whole microseconds, that this share of devices can meet; 0 s at least 1 µs.
  package func deadline(forShare share: Double) -> Double {
    let finite = latencies.count { $0.isFinite }
    guard finite > 0 else { return 1 }
    let place = Int((share * Double(latencies.count)).rounded()) - 1
    return max(1, (latencies[min(max(place, 0), finite - 1)] * 1e6).rounded(.up)) / 1e6
  }
}
