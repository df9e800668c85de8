/// What people call the values of a scenario: `{name: ep, power: 1 W}` is "EP, 1 W".
package enum SeriesName {
  /// A policy, a framework or any other value for readers.
  package static func of(_ value: String) -> String {
    plain(value).split(separator: ", ").map { part(String($0)) }.joined(separator: ", ")
  }

  /// A value of a key for readers, with the key where the value does not say what it is of: "EP, 1 W", "alpha 0.1",
  /// "all blocks". Empty where it says no more than that a thing is as usual.
  package static func of(_ value: String, key path: String) -> String {
    switch (path, value) {
    case ("policy", "fixed"), ("band", "one-block"), (_, "false"): ""
    case ("band", "all"): "all blocks"
    case ("policy", _), ("framework", _): of(value)
    case (_, "true"): key(path)
    default: "\(key(path)) \(of(value))"
    }
  }

  /// A key of a scenario in words: `training.partition.alpha` is "alpha".
  package static func key(_ path: String) -> String {
    if let known = keys[path] { return known }
    let last = path.split(separator: ".").last.map(String.init) ?? path
    return last.replacing("_", with: " ")
  }

  /// A value without braces and names of settings: `{name: bcd, restarts: 10}` is `bcd restarts 10`.
  package static func plain(_ value: String) -> String {
    guard value.hasPrefix("{"), value.hasSuffix("}"), value.count >= 2 else { return value }
    return value.dropFirst().dropLast().split(separator: ",").map { item in
      let parts = item.split(separator: ":", maxSplits: 1).map(trimmed)
      guard parts.count == 2 else { return trimmed(item) }
      switch parts[0] {
      case "name", "kind", "power", "weight": return parts[1]
      case "bits": return "\(parts[1]) bits"
      default: return "\(parts[0]) \(parts[1])"
      }
    }.joined(separator: " ")
  }

  private static func part(_ text: String) -> String {
    let word = String(text.prefix { $0 != " " })
    guard let name = names[word] else { return text }
    let settings = trimmed(text.dropFirst(word.count))
    let rest = settings.replacing(" W ", with: " W, ").replacing("matching random", with: "random blocks")
    let setting =
      rest.hasPrefix("restarts ") ? "\(rest.dropFirst(9)) starts" : rest == "among feasible" ? "feasible ones" : rest
    return setting.isEmpty ? name : "\(name), \(setting)"
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  private static let names: [String: String] = [
    "exact": "optimum", "bcd": "BCD", "bcd-value": "BCD by value", "ep": "EP", "nq": "NQ", "rb": "RB",
    "bcd-ep": "EP in BCD's loop", "bcd-nq": "NQ in BCD's loop", "bcd-rb": "RB in BCD's loop",
    "fixed-bits": "fixed bits",
    "restricted": "restricted", "round-robin": "round robin", "proportional-fair": "proportional fair",
    "max-rate": "max rate", "fedcs": "FedCS", "virtual-queue": "virtual queue", "sflam": "SFLAM", "sfl": "SFL",
    "sl": "SL", "fl": "FL", "ll": "LL",
  ]

  private static let keys: [String: String] = [
    "devices.count": "devices", "uplink.blocks": "blocks", "uplink.bandwidth_per_block": "bandwidth of a block",
    "objective": "form of U", "uplink.noise_density": "density of noise", "deadline": "deadline", "policy": "policy",
    "framework": "framework", "devices.kappa": "κ of the devices",
    "devices.clock": "clock of the devices", "devices.clock.optimise": "clock chosen", "devices.distance": "distance",
    "devices.power_min": "least power", "devices.power_max": "largest power", "policies.ep.power": "power of EP",
    "policies.nq.bits": "bits of NQ", "policies.restricted.power": "power", "policies.restricted.bits": "bits",
    "policies.restricted.matching": "blocks matched", "quantizer.bits_min": "fewest bits",
    "quantizer.bits_max": "most bits", "quantizer.payload": "payload", "server.cores": "server cores",
    "training.local_epochs": "local epochs", "training.optimizer.learning_rate": "learning rate",
    "training.partition.alpha": "Dirichlet α",
  ]
}
