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
      shadowing(section, &uplink)
      penetration(section, &uplink.penetration, under: uplink.pathLoss)
      fading(section, &uplink)
      link(section, &uplink.link)
      interference(section, &uplink.interference)
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

  private static func gains(_ uplink: Section, _ scenario: inout Scenario) {
    let key = "gains"
    let summary = "CSV file (round, device, block, gain_db), .npy or .npz instead of path loss, shadowing and fading"
    defer { uplink.note(key, scenario.gains.map { .scalar(.text($0.path)) } ?? .scalar(.null)) }
    guard let given = uplink.declare(key, summary, default: "null"), !given.isNull,
      let (text, value) = uplink.text(key, summary)
    else { return }
    let path = uplink.reading.file(text, at: value.position)
    let unused =
      scenario.uplink.interference == nil
      ? ["path_loss", "shadowing", "penetration", "fading", "antenna_gain"] : ["penetration", "fading"]
    for pair in uplink.pairs where unused.contains(pair.key) {
      uplink.reading.log.warning(
        at: pair.position, path: uplink.path(pair.key), "not used: the gains come from \(ShownText.quoted(text))")
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
