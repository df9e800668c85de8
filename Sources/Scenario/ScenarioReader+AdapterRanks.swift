import Randomness
import Training

/// What ranks of devices' adapters, and their aggregation, go with.
extension ScenarioReader {
  static func checkAdapters(of scenario: Scenario, _ root: Section) {
    checkRanks(of: scenario, root)
    guard let lora = root.value(of: "training")?.item("adapters")?.item("lora"), let given = lora.item("aggregation"),
      let adapters = scenario.training.adapters, adapters.aggregation != .apart
    else { return }
    func fail(_ message: String) {
      root.reading.log.error(at: given.position, path: "training.adapters.lora.aggregation", message)
    }
    let rule = adapters.aggregation.rawValue
    if scenario.framework.traits.style != .averaged {
      fail("framework \(scenario.framework.rawValue) averages no whole models; '\(rule)' is for sflam, sfl and fl")
    }
    if scenario.training.optimizer.state != .reset {
      fail(
        "after \(rule) the rows of A and the columns of B are others, and an optimizer's state is of those before; take "
          + "'optimizer: {state: reset}'")
    }
    guard adapters.aggregation == .stacked else { return }
    if scenario.aggregation.carries {
      fail(
        "'stacked' changes the matrices that devices still at work have begun with; take svd, or 'mode: synchronous'")
    }
    if let downlink = scenario.downlink, downlink.model != .none {
      fail(
        "what comes down are the products of all rounds that a device has missed, which no plan prices; take svd, or 'downlink: "
          + "{model: none}'")
    }
  }

  private static func checkRanks(of scenario: Scenario, _ root: Section) {
    let given = scenario.devices.groups.enumerated().compactMap { index, group in
      group.adapterRank.map { (ranks: $0, place: rankPlace(ofGroup: index, root)) }
    }
    guard let first = given.first else { return }
    func fail(_ message: String, at place: RankPlace = first.place) {
      root.reading.log.error(at: place.position, path: place.path, message)
    }
    guard let adapters = scenario.training.adapters else {
      return fail("there are no adapters; write 'training: {adapters: {lora: {rank: 8}}}', or leave this key out")
    }
    var paths: Set<String> = []
    for (ranks, place) in given {
      guard let largest = ranks.support?.upperBound, largest > Double(adapters.rank), paths.insert(place.path).inserted
      else { continue }
      fail(
        "\(Int(largest)) is above training.adapters.lora.rank, \(adapters.rank), of which a device has all or some",
        at: place)
    }
    let traits = scenario.framework.traits(under: scenario.training.recipe)
    if traits.style != .averaged {
      fail("framework \(scenario.framework.rawValue) averages no whole models; ranks are for sflam, sfl and fl")
    } else if traits.device != .whole, adapters.freezesDevicePart(cut: scenario.model.cut) {
      fail(
        "no adapters stand on devices: part is \(adapters.part.rawValue), and the cut \(scenario.model.cut); cut behind a block, or "
          + "leave this key out")
    }
    if scenario.training.optimizer.state == .averaged {
      fail("an averaged state moves what a device does not have; take 'optimizer: {state: reset}', or kept")
    }
  }

  private typealias RankPlace = (position: Diagnostic.Position, path: String)

  /// Where the ranks of a group stand: in the group, beside all groups, or in a file.
  private static func rankPlace(ofGroup index: Int, _ root: Section) -> RankPlace {
    let devices = root.value(of: "devices")
    if case .list(let groups)? = devices?.item("groups")?.content, groups.indices.contains(index),
      let own = groups[index].item("lora_rank")
    {
      return (own.position, "devices.groups.\(index).lora_rank")
    }
    let value = devices?.item("lora_rank") ?? devices?.item("file") ?? devices
    return (value?.position ?? root.position, "devices.lora_rank")
  }
}
