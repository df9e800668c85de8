import Units
import Wireless

/// The keys of `uplink` that say what shadows and encloses a device.
extension ScenarioReader {
  /// The word for ``SpatialLaw/report``.
  static let report = "38.901"

  static func shadowing(_ section: Section, _ uplink: inout Uplink) {
    let key = "shadowing"
    let summary =
      "standard deviation of log-normal shadowing, drawn per device; or \(report): by state and correlated over the plane, "
      + "and lines of sight with it"
    let kind = NumberKind.quantity(DecibelUnit.self, in: 0...100)
    if let given = section.declare(
      key, summary, default: kind.shown(uplink.shadowing.value), allowed: "\(kind.rangeText), \(report)")
    {
      uplink.spatialLaw = given.text == report ? .report : .perDevice
      if given.text != report, let number = section.number(key, given, kind) { uplink.shadowing = Decibels(number) }
      if given.text == report, !uplink.pathLoss.hasStates {
        section.fail(
          key, given,
          "\(report) needs a path loss of that report: uma, umi, rma, inh or sma; "
            + "'\(uplink.pathLoss.model.rawValue)' has no line of sight to lose")
      }
    }
    section.note(
      key, uplink.spatialLaw == .report ? .scalar(.text(report)) : kind.print(uplink.shadowing.value))
  }

  static func penetration(_ uplink: Section, _ penetration: inout Penetration, under pathLoss: PathLoss) {
    let key = "penetration"
    var given = uplink.declare(key, "what buildings around devices cost", default: "{model: none}")
    if let word = given, word.text != nil {
      given?.content = .map([YAMLValue.Pair(key: "model", position: word.position, value: word)])
    }
    uplink.whole(key, uplink.section(key, given)) { section in
      section.choice("model", "kind of buildings: none, low loss or high loss", &penetration.model)
      if penetration.model == .none {
        penetration.indoorShare = 0
        return
      }
      if penetration.indoorShare == 0, section.reading.purpose != .printing {
        penetration.indoorShare = Penetration.standardShare
      }
      section.number(
        "indoor", "share of devices in buildings", .quantity(Share.self, in: 0...1), &penetration.indoorShare)
      guard let given else { return }
      if Penetration.largestDepth(pathLoss.model) == nil {
        uplink.fail(key, given, "buildings need a path loss of TR 38.901 from outdoors: uma, umi, rma or sma")
      } else if penetration.model == .high, case .ruralMacro = pathLoss {
        uplink.fail(key, given, "TR 38.901 has only 'low' for rma")
      }
    }
    uplink.omit(key, if: penetration == .none)
  }
}
