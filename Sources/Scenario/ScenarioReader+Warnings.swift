import Randomness
import Units
import Wireless

/// What can be seen from the file alone; the simulation draws the fleet and says more.
extension ScenarioReader {
  /// Warns of a forecast of waits where nobody can wait.
  static func warnOfForecast(_ scenario: Scenario, in root: Section) {
    guard scenario.serverForecast != .none, root.value(of: "server")?.item("accelerators")?.isNull ?? true,
      let given = root.value(of: "forecast")?.item("server")
    else { return }
    root.reading.log.warning(
      at: given.position, path: "forecast.server",
      "not used: without server.accelerators everybody is served at once, and nobody waits")
  }

  /// Warns of carriers and heights for which the path-loss model was not made.
  static func warnOfPathLoss(_ pathLoss: PathLoss, in root: Section) {
    let given = root.value(of: "uplink")?.item("path_loss")
    func warn(_ key: String, _ kind: NumberKind, _ value: Double) {
      guard !kind.range.contains(value) else { return }
      root.reading.log.warning(
        at: given?.item(key)?.position ?? given?.position ?? root.position, path: "uplink.path_loss.\(key)",
        "\(kind.shown(value)) lies outside \(kind.rangeText), where the path loss '\(pathLoss.model.rawValue)' holds; "
          + "it extrapolates there")
    }
    if let range = pathLoss.carrierValidity, let carrier = pathLoss.carrier {
      warn("carrier", .quantity(HertzUnit.self, in: range.lowerBound.value...range.upperBound.value), carrier.value)
    }
    for (key, value, range) in pathLoss.lengthValidity {
      warn(key, .quantity(Meter.self, in: range.lowerBound.value...range.upperBound.value), value.value)
    }
  }

  /// Warns of devices where the path-loss model only extrapolates.
  static func warnOfDistances(_ scenario: Scenario, in root: Section) {
    let pathLoss = scenario.uplink.pathLoss
    let validity = pathLoss.validity
    let devices = root.value(of: "devices")
    func warn(_ range: ClosedRange<Double>, _ path: [String]) {
      let range = range.clamped(to: DeviceLimits.distance)
      guard range.lowerBound < validity.lowerBound.value || range.upperBound > validity.upperBound.value else { return }
      let kind = NumberKind.quantity(Meter.self, in: range)
      let limits = NumberKind.quantity(Meter.self, in: validity.lowerBound.value...validity.upperBound.value)
      let position = path.reduce(devices) { $0?.item($1) ?? $0 }?.position ?? root.position
      root.reading.log.warning(
        at: position, path: (["devices"] + path).joined(separator: "."),
        "distances of \(kind.rangeText) lie in part outside \(limits.rangeText), where the path loss "
          + "'\(pathLoss.model.rawValue)' holds; it extrapolates there")
    }
    let isFlat = devices?.item("groups") == nil
    for (index, group) in scenario.devices.groups.enumerated() {
      guard let support = group.distance?.support else { continue }
      let isColumn = devices?.item("file") != nil && devices?.item("distance") == nil
      warn(support, isColumn ? ["file"] : isFlat ? ["distance"] : ["groups", "\(index)", "distance"])
    }
  }
}

extension YAMLValue {
  /// The value under a key of a mapping, or at an index of a list.
  func item(_ key: String) -> YAMLValue? {
    switch content {
    case .scalar: nil
    case .list(let items): Int(key).flatMap { items.indices.contains($0) ? items[$0] : nil }
    case .map(let pairs): pairs.first { $0.key == key }?.value
    }
  }
}
