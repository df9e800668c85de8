import Allocation
import Scenario
import Training
import Units
import Wireless

extension Downlink {
  /// One block's part of what a scenario's base station sends, `data` in each step; `nil` where it sends nothing.
  init?(_ scenario: Scenario, data: Bits) {
    guard let downlink = scenario.downlink else { return nil }
    let uplink = scenario.uplink
    self.init(
      power: downlink.power / Double(uplink.blocks),
      noise: uplink.noiseDensity * uplink.blockBandwidth * downlink.noiseFigure.value, gradient: data)
  }
}

extension World {
  /// Whether the model comes down to all participants at once; devices that follow each other are each sent their own.
  var broadcastsModel: Bool {
    workload.modelDownload > .zero && scenario.downlink?.model == .broadcast && workload.traits.order != .sequential
  }

  /// How long the model takes to come down to `devices` at once: over every block, at the rate of the one that hears worst. A
  /// device without a link on any block hears nothing and is not waited for.
  ///
  /// - Complexity: O(devices × blocks).
  func broadcastTime(to devices: some Sequence<Int>, gains: any GainSource) -> Seconds {
    guard workload.modelDownload > .zero else { return .zero }
    let rates = devices.map { downRate(device: $0, gains: gains) }.filter { $0 > .zero }
    return rates.min().map { workload.modelDownload / $0 } ?? .zero
  }

  /// The rate of a device that hears every block: sum_k B log2(1 + h_k p / N0).
  func downRate(device: Int, gains: any GainSource) -> BitsPerSecond {
    guard let downlink else { return .zero }
    return gains.row(device: device).reduce(.zero) {
      $0 + downlink.rate(bandwidth: scenario.uplink.blockBandwidth, gain: $1)
    }
  }
}
