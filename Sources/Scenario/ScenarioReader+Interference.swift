import Units
import Wireless

/// The key `uplink.interference`.
extension ScenarioReader {
  /// Neighbouring cells; a scenario without them resolves without them.
  static func interference(_ uplink: Section, _ interference: inout Interference?) {
    let key = "interference"
    let given = uplink.declare(
      key, "neighbouring cells that send on the same blocks; without it, or with null, there are none", default: nil)
    let isThere = given.map { !$0.isNull } ?? (interference != nil)
    var values = interference ?? Interference()
    uplink.whole(key, uplink.section(key, isThere ? given : nil)) { section in
      section.integer("cells", "neighbours, on a circle around the cell", in: 1...1000, &values.cells)
      section.quantity("distance", "from base station to base station", in: 1...1e7, &values.distance)
      section.number(
        "load", "share of time in which a neighbour's device sends on a block", .quantity(One.self, in: 0...1),
        &values.load)
      section.quantity("power", "of that device on the block", in: 1e-12...1e6, &values.power, as: "23 dBm")
      section.section("hold", "how long it sends before another is drawn") {
        $0.quantity("exponential", "the mean of an exponential time", in: 1e-6...1e9, &values.hold)
      }
    }
    if !isThere { uplink.hide(key) }
    interference = isThere ? values : nil
  }

  /// Refuses interference together with a downlink, whose own interference nobody has modelled yet.
  static func checkInterference(of scenario: Scenario, _ root: Section) {
    guard scenario.uplink.interference != nil, scenario.downlink != nil,
      let given = root.value(of: "uplink")?.item("interference") ?? root.value(of: "downlink")
    else { return }
    root.reading.log.error(
      at: given.position, path: "uplink.interference",
      "does not go with 'downlink' yet: what devices hear of other cells' base stations is not modelled; leave one of the keys "
        + "out")
  }
}
