import Units
import Wireless

/// The keys of `uplink`.
extension ScenarioReader {
  static func uplink(_ root: Section, devices: Scenario.Population) -> (Uplink, gains: Scenario.GainFile?) {
    let section = root.section("uplink", "the OFDMA uplink", isRequired: true)
    var uplink = Uplink(
      blocks: section.integer("blocks", "resource blocks K", in: 1...1_000_000, default: 10),
      blockBandwidth: section.quantity(
        "block_bandwidth", "bandwidth B of one block", in: 1...1e15, default: Hertz(20e6)),
      noiseDensity: section.quantity(
        "noise_density", "thermal noise density; N0 is this times the bandwidth", in: 1e-30...1,
        default: WattsPerHertz(UnitSpelling.Scale.decibel(reference: 1e-3).siValue(of: -174)), as: "-174 dBm/Hz"),
      noiseFigure: section.quantity(
        "noise_figure", "of the base station's receiver", in: 1...1e10, default: PowerRatio(1)),
      antennaGain: section.quantity(
        "antenna_gain", "of both ends together", in: 1e-10...1e10, default: PowerRatio(1)),
      pathLoss: pathLoss(section),
      shadowing: section.quantity(
        "shadowing", "standard deviation of log-normal shadowing", in: 0...100, default: Decibels.zero),
      fading: fading(section))
    uplink.outageRate = outage(section, default: uplink.outageRate)
    let gains = gains(section, devices: devices, blocks: uplink.blocks)
    section.finish()
    root.note("uplink", section.resolved)
    return (uplink, gains)
  }

  private static func pathLoss(_ uplink: Section) -> PathLoss {
    let key = "path_loss"
    let summary = "mean loss over distance"
    let given = uplink.declare(key, summary, default: "{model: 3gpp-macro}")
    var pairs: [YAMLValue.Pair] = []
    if let given, given.text != nil {
      pairs = [YAMLValue.Pair(key: "model", position: given.position, value: given)]
    } else if let given {
      pairs = uplink.section(key, given).pairs
    }
    let section = Section(
      pairs, path: uplink.path(key), position: given?.position ?? uplink.position, reading: uplink.reading)
    let model: PathLoss.Model = section.choice("model", "which formula", default: .macro3GPP)
    if let word = section.value(of: "model")?.text, PathLoss.Model(rawValue: word) == nil { return .macro3GPP }
    defer {
      section.finish()
      uplink.note(key, section.resolved)
    }
    func carrier() -> Hertz {
      section.quantity("carrier", "carrier frequency", in: 1e6...1e12, default: Hertz(2e9))
    }
    func height(_ end: String, _ value: Double) -> Meters {
      section.quantity("\(end)_height", "height of the \(end)'s antenna", in: 0.1...1000, default: Meters(value))
    }
    switch model {
    case .macro3GPP: return .macro3GPP
    case .logDistance:
      return .logDistance(
        exponent: section.quantity("exponent", "path loss exponent", in: 0.1...20, default: Quantity<One>(3.76)).value,
        referenceDistance: section.quantity(
          "reference_distance", "where the reference loss holds", in: 1e-3...1e7, default: Meters(1)),
        referenceLoss: section.quantity(
          "reference_loss", "loss at the reference distance", in: 1...1e40,
          default: PowerRatio(Decibel.ratio(15.3))))
    case .freeSpace: return .freeSpace(carrier: carrier())
    case .urbanMacro:
      return .urbanMacro(carrier: carrier(), baseHeight: height("base", 25), deviceHeight: height("device", 1.5))
    case .urbanMicro:
      return .urbanMicro(carrier: carrier(), baseHeight: height("base", 10), deviceHeight: height("device", 1.5))
    }
  }

  private static func outage(_ uplink: Section, default rate: BitsPerSecond) -> BitsPerSecond {
    let section = uplink.section("outage", "links that are not there")
    let rate = section.quantity(
      "rate", "a link that carries less at its device's largest power is not there; 0 bit/s: only a gain of 0 is none",
      in: 0...1e15, default: rate, as: "5e-4 bit/s per Hz of block_bandwidth, 10 kbit/s on 20 MHz")
    section.finish()
    uplink.note("outage", section.resolved)
    return rate
  }

  private static let fadingKinds = ["rayleigh", "rician", "nakagami", "none"]

  private static func fading(_ uplink: Section) -> Fading {
    let key = "fading"
    let summary = "small-scale fading: rayleigh, {rician: {k: 6 dB}}, {nakagami: {m: 2}} or none"
    guard let given = uplink.declare(key, summary, default: "rayleigh") else {
      uplink.note(key, .scalar(.text("rayleigh")))
      return .rayleigh
    }
    let section = Section(
      { if case .map(let pairs) = given.content { pairs } else { [] } }(), path: uplink.path(key),
      position: given.position, reading: uplink.reading)
    guard let kind = given.text ?? section.pairs.first?.key, section.pairs.count <= 1, fadingKinds.contains(kind) else {
      let name = section.pairs.count == 1 ? section.pairs.first?.key : nil
      let advice = NearestName.advice(given.text ?? name ?? "", among: fadingKinds)
      let shown = name.map { Diagnostic.quoted($0) } ?? given.shown
      uplink.fail(key, given, "\(shown) is not exactly one of \(fadingKinds.joined(separator: ", "))\(advice)")
      return .rayleigh
    }
    switch kind {
    case "rician", "nakagami":
      let inner = section.section(kind, "")
      defer {
        inner.finish()
        uplink.note(key, .map([.init(kind, inner.resolved)]))
      }
      guard kind == "rician" else {
        let m = inner.quantity("m", "shape of the Gamma power", in: 0.5...1e6, default: Quantity<One>(2))
        return .nakagami(m: m.value)
      }
      return .rician(
        k: inner.quantity(
          "k", "line of sight over scattered power", in: 0...1e10, default: PowerRatio(Decibel.ratio(6))))
    default:
      if let pair = section.pairs.first {
        uplink.fail(key, given, "'\(pair.key)' has no settings; write 'fading: \(pair.key)'")
      }
      uplink.note(key, .scalar(.text(kind)))
      return kind == "none" ? .none : .rayleigh
    }
  }

  private static func gains(_ uplink: Section, devices: Scenario.Population, blocks: Int) -> Scenario.GainFile? {
    let key = "gains"
    let summary = "CSV file (round, device, block, gain_db) instead of path loss, shadowing and fading"
    guard let given = uplink.declare(key, summary, default: "null"), !given.isNull else {
      uplink.note(key, .scalar(.null))
      return nil
    }
    guard let (text, value) = uplink.text(key, summary) else { return nil }
    let path = uplink.reading.file(text, at: value.position)
    uplink.note(key, .scalar(.text(path)))
    for pair in uplink.pairs where ["path_loss", "shadowing", "fading", "antenna_gain"].contains(pair.key) {
      uplink.reading.log.warning(
        at: pair.position, path: uplink.path(pair.key), "not used: the gains come from \(Diagnostic.quoted(text))")
    }
    guard devices.count > 0, !uplink.reading.log.hasErrors else { return nil }
    do {
      let table = try GainTable(path, deviceCount: devices.count, blockCount: blocks, from: value.position)
      for warning in table.warnings { uplink.reading.log.add(warning) }
      return table.gains
    } catch let errors as ScenarioErrors {
      uplink.reading.log.add(errors)
    } catch {
      uplink.fail(key, value, "\(error)")
    }
    return nil
  }
}
