import Units
import Wireless

/// The keys of `uplink`.
extension ScenarioReader {
  static func uplink(_ root: Section, _ scenario: inout Scenario) {
    root.section("uplink", "the OFDMA uplink", isRequired: true) { section in
      let standardBandwidth = scenario.uplink.blockBandwidth
      var uplink = scenario.uplink
      section.integer("blocks", "resource blocks K", in: 1...1_000_000, &uplink.blocks)
      section.quantity("block_bandwidth", "bandwidth B of one block", in: 1...1e15, &uplink.blockBandwidth)
      section.quantity(
        "noise_density", "thermal noise density; N0 is this times the bandwidth", in: 1e-30...1, &uplink.noiseDensity,
        as: "-174 dBm/Hz")
      section.quantity("noise_figure", "of the base station's receiver", in: 1...1e10, &uplink.noiseFigure)
      section.quantity("antenna_gain", "of both ends together", in: 1e-10...1e10, &uplink.antennaGain)
      pathLoss(section, &uplink.pathLoss)
      section.quantity(
        "shadowing", "standard deviation of log-normal shadowing", in: 0...100, &uplink.shadowing)
      fading(section, &uplink.fading)
      if uplink.blockBandwidth != standardBandwidth {
        uplink.outageRate = BitsPerSecond(Uplink.outageEfficiency * uplink.blockBandwidth.value)
      }
      section.section("outage", "links that are not there") {
        $0.quantity(
          "rate",
          "a link that carries less at its device's largest power is not there; 0 bit/s: only a gain of 0 is none",
          in: 0...1e15, &uplink.outageRate, as: "5e-4 bit/s per Hz of block_bandwidth, 10 kbit/s on 20 MHz")
      }
      scenario.uplink = uplink
      gains(section, &scenario)
    }
  }

  private static func pathLoss(_ uplink: Section, _ pathLoss: inout PathLoss) {
    let key = "path_loss"
    var given = uplink.declare(key, "mean loss over distance", default: "{model: \(pathLoss.model.rawValue)}")
    if let word = given, word.text != nil {
      given?.content = .map([YAMLValue.Pair(key: "model", position: word.position, value: word)])
    }
    let section = uplink.section(key, given)
    var model = pathLoss.model
    section.choice("model", "which formula", &model)
    if let word = section.value(of: "model")?.text, PathLoss.Model(rawValue: word) == nil { return }
    if model != pathLoss.model { pathLoss = model.standard }
    uplink.whole(key, section) { section in
      func carrier(_ carrier: inout Hertz) {
        section.quantity("carrier", "carrier frequency", in: 1e6...1e12, &carrier)
      }
      func height(_ end: String, _ height: inout Meters) {
        section.quantity("\(end)_height", "height of the \(end)'s antenna", in: 0.1...1000, &height)
      }
      switch pathLoss {
      case .macroCell(var frequency):
        carrier(&frequency)
        section.omit("carrier", if: frequency == PathLoss.standardCarrier)
        pathLoss = .macroCell(carrier: frequency)
      case .logDistance(var exponent, var distance, var loss):
        section.number("exponent", "path loss exponent", .quantity(One.self, in: 0.1...20), &exponent)
        section.quantity("reference_distance", "where the reference loss holds", in: 1e-3...1e7, &distance)
        section.quantity("reference_loss", "loss at the reference distance", in: 1...1e40, &loss)
        pathLoss = .logDistance(exponent: exponent, referenceDistance: distance, referenceLoss: loss)
      case .freeSpace(var frequency):
        carrier(&frequency)
        pathLoss = .freeSpace(carrier: frequency)
      case .urbanMacro(var frequency, var base, var device):
        carrier(&frequency)
        height("base", &base)
        height("device", &device)
        pathLoss = .urbanMacro(carrier: frequency, baseHeight: base, deviceHeight: device)
      case .urbanMicro(var frequency, var base, var device):
        carrier(&frequency)
        height("base", &base)
        height("device", &device)
        pathLoss = .urbanMicro(carrier: frequency, baseHeight: base, deviceHeight: device)
      case .ruralMacro(var frequency, var base, var device, var street, var building):
        carrier(&frequency)
        height("base", &base)
        height("device", &device)
        section.quantity("street_width", "mean width of the streets", in: 0.1...1000, &street)
        section.quantity("building_height", "mean height of the buildings", in: 0.1...1000, &building)
        pathLoss = .ruralMacro(
          carrier: frequency, baseHeight: base, deviceHeight: device, streetWidth: street, buildingHeight: building)
      case .indoorOffice(var frequency, var base, var device, var office):
        carrier(&frequency)
        height("base", &base)
        height("device", &device)
        section.choice("office", "how the office is laid out", &office)
        pathLoss = .indoorOffice(carrier: frequency, baseHeight: base, deviceHeight: device, office: office)
      case .suburbanMacro(var frequency, var base, var device, var vegetation):
        carrier(&frequency)
        height("base", &base)
        height("device", &device)
        section.choice("vegetation", "how much of the suburb is under trees", &vegetation)
        pathLoss = .suburbanMacro(
          carrier: frequency, baseHeight: base, deviceHeight: device, vegetation: vegetation)
      }
    }
  }

  private static let fadingKinds = ["rayleigh", "rician", "nakagami", "none"]

  private static func fading(_ uplink: Section, _ fading: inout Fading) {
    let key = "fading"
    let summary = "small-scale fading: rayleigh, {rician: {k: 6 dB}}, {nakagami: {m: 2}} or none"
    let given = uplink.declare(key, summary, default: fading.kind)
    let pairs = if case .map(let pairs)? = given?.content { pairs } else { [YAMLValue.Pair]() }
    let section = Section(
      pairs, path: uplink.path(key), position: given?.position ?? uplink.position, reading: uplink.reading)
    let named = given.map { $0.text ?? pairs.first?.key } ?? fading.kind
    guard let kind = named, pairs.count <= 1, fadingKinds.contains(kind) else {
      guard let given else { return }
      let name = pairs.count == 1 ? pairs.first?.key : nil
      let advice = NearestName.advice(given.text ?? name ?? "", among: fadingKinds)
      let shown = name.map { Diagnostic.quoted($0) } ?? given.shown
      uplink.fail(key, given, "\(shown) is not exactly one of \(fadingKinds.joined(separator: ", "))\(advice)")
      return
    }
    switch kind {
    case "rician":
      var k = PowerRatio(Decibel.ratio(6))
      if case .rician(let own) = fading { k = own }
      section.section(kind, "") { $0.quantity("k", "line of sight over scattered power", in: 0...1e10, &k) }
      fading = .rician(k: k)
      uplink.note(key, section.resolved)
    case "nakagami":
      var m = 2.0
      if case .nakagami(let own) = fading { m = own }
      section.section(kind, "") { $0.number("m", "shape of the Gamma power", .quantity(One.self, in: 0.5...1e6), &m) }
      fading = .nakagami(m: m)
      uplink.note(key, section.resolved)
    default:
      if let pair = pairs.first, let given {
        uplink.fail(key, given, "'\(pair.key)' has no settings; write 'fading: \(pair.key)'")
      }
      fading = kind == "none" ? .none : .rayleigh
      uplink.note(key, .scalar(.text(kind)))
    }
  }

  private static func gains(_ uplink: Section, _ scenario: inout Scenario) {
    let key = "gains"
    let summary = "CSV file (round, device, block, gain_db) instead of path loss, shadowing and fading"
    defer { uplink.note(key, scenario.gains.map { .scalar(.text($0.path)) } ?? .scalar(.null)) }
    guard let given = uplink.declare(key, summary, default: "null"), !given.isNull,
      let (text, value) = uplink.text(key, summary)
    else { return }
    let path = uplink.reading.file(text, at: value.position)
    for pair in uplink.pairs where ["path_loss", "shadowing", "fading", "antenna_gain"].contains(pair.key) {
      uplink.reading.log.warning(
        at: pair.position, path: uplink.path(pair.key), "not used: the gains come from \(Diagnostic.quoted(text))")
    }
    guard scenario.devices.count > 0, !uplink.reading.log.hasErrors else { return }
    do {
      let table = try GainTable(
        path, deviceCount: scenario.devices.count, blockCount: scenario.uplink.blocks, from: value.position)
      for warning in table.warnings { uplink.reading.log.add(warning) }
      scenario.gains = table.gains
    } catch let errors as ScenarioErrors {
      uplink.reading.log.add(errors)
    } catch {
      uplink.fail(key, value, "\(error)")
    }
  }
}

extension PathLoss.Model {
  /// The model with the numbers that a scenario need not give.
  fileprivate var standard: PathLoss {
    let carrier = PathLoss.standardCarrier
    return switch self {
    case .macro3GPP: .macro3GPP
    case .logDistance:
      .logDistance(exponent: 3.76, referenceDistance: Meters(1), referenceLoss: PowerRatio(Decibel.ratio(15.3)))
    case .freeSpace: .freeSpace(carrier: carrier)
    case .urbanMacro: .urbanMacro(carrier: carrier, baseHeight: Meters(25), deviceHeight: Meters(1.5))
    case .urbanMicro: .urbanMicro(carrier: carrier, baseHeight: Meters(10), deviceHeight: Meters(1.5))
    case .ruralMacro:
      .ruralMacro(
        carrier: carrier, baseHeight: Meters(35), deviceHeight: Meters(1.5), streetWidth: Meters(20),
        buildingHeight: Meters(5))
    case .indoorOffice:
      .indoorOffice(carrier: carrier, baseHeight: Meters(3), deviceHeight: Meters(1), office: .mixed)
    case .suburbanMacro:
      .suburbanMacro(carrier: carrier, baseHeight: Meters(35), deviceHeight: Meters(1.5), vegetation: .none)
    }
  }
}

extension Fading {
  /// The word of a scenario.
  fileprivate var kind: String {
    switch self {
    case .rayleigh: "rayleigh"
    case .rician: "rician"
    case .nakagami: "nakagami"
    case .none: "none"
    }
  }
}
