import Datasets
import Network
import Training
import Wireless

extension Scenario {
  /// What a policy's U is held against.
  public enum Optimum: String, Sendable, Hashable, CaseIterable {
    /// U* of Eq. (22) where the channel stands still, nothing where it moves.
    case still
    /// What comes to most for who knows the future of the channel, too.
    case clairvoyant
  }

  /// Pairs of devices and blocks up to which the future is searched: 100 × 20, minutes per round.
  public static let clairvoyantPairs = 2000
}

/// What the clairvoyant optimum asks of a scenario.
extension ScenarioReader {
  static func checkOptimum(of scenario: Scenario, _ root: Section) {
    let key = "optimum"
    guard scenario.optimum == .clairvoyant, let value = root.value(of: key) else { return }
    let (pairs, overflow) = scenario.devices.count.multipliedReportingOverflow(by: scenario.uplink.blocks)
    if overflow || pairs > Scenario.clairvoyantPairs {
      root.fail(
        key, value,
        "'clairvoyant' searches the future of each pair, and \(scenario.devices.count) devices on \(scenario.uplink.blocks) "
          + "blocks are more than \(Scenario.clairvoyantPairs) pairs; use a smaller cell")
    } else if scenario.framework != .sflam {
      root.fail(key, value, "'clairvoyant' is the optimum of Eq. (22), which only framework sflam knows")
    } else if scenario.downlink != nil {
      root.fail(key, value, "'clairvoyant' knows no downlink; leave one of the two out")
    } else if scenario.training.labels == .device {
      root.fail(key, value, "'clairvoyant' knows one upload per step; leave training.labels out")
    } else if scenario.devices.availability != nil {
      root.fail(key, value, "'clairvoyant' knows no devices that leave; leave devices.availability out")
    } else if scenario.devices.battery != nil {
      root.fail(key, value, "'clairvoyant' knows no batteries that run empty; leave devices.battery out")
    } else if scenario.devices.jitter != nil {
      root.fail(key, value, "'clairvoyant' knows no computing that varies; leave devices.jitter out")
    } else if scenario.aggregation.carries {
      root.fail(
        key, value,
        "'clairvoyant' knows rounds that begin together, and under this aggregation work is carried over from one to the "
          + "next; leave optimum out, or use a synchronous aggregation or 'rest: withdrawn'")
    } else if scenario.uplink.link != .ideal || scenario.uplink.interference != nil {
      root.fail(
        key, value, "'clairvoyant' knows Shannon's rate only; leave uplink.link and uplink.interference out")
    } else if let accelerators = scenario.server.accelerators?.count,
      accelerators < min(scenario.devices.count, scenario.uplink.blocks)
    {
      root.fail(
        key, value, "'clairvoyant' knows no queue at the server; leave server.accelerators out, or give each block one")
    } else if scenario.training.recipe.keepsActivations(
      scenario.framework.traits(under: scenario.training.recipe),
      isAugmented: scenario.training.dataset?.augmentation == .flip)
    {
      root.fail(key, value, "'clairvoyant' knows no activations that the server keeps; train the embedding")
    }
  }
}
