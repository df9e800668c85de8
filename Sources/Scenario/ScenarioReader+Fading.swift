import Units
import Wireless

/// The keys of `uplink.fading`: the law of small-scale fading, and how it moves.
extension ScenarioReader {
  private static let fadingKinds = ["rayleigh", "rician", "nakagami", "none"]

  static func fading(_ uplink: Section, _ radio: inout Uplink) {
    let key = "fading"
    let summary =
      "small-scale fading: rayleigh, {rician: {k: 6 dB}} or {rician: {k: 38.901}}, {nakagami: {m: 2}} or none; it moves with a doppler, a speed or "
      + "a block in it"
    guard
      let (kind, given, section) = uplink.kind(key, summary, of: fadingKinds, standard: radio.fading.kind)
    else { return }
    switch kind {
    case "rician":
      section.section(kind, "") {
        ricianFactor($0, &radio)
        motion($0, &radio)
      }
      uplink.note(key, section.resolved)
    case "nakagami":
      var m = 2.0
      if case .nakagami(let own) = radio.fading { m = own }
      section.section(kind, "") {
        $0.number("m", "shape of the Gamma power", .quantity(One.self, in: 0.5...1e6), &m)
        motion($0, &radio, hasWaves: false)
      }
      radio.fading = .nakagami(m: m)
      uplink.note(key, section.resolved)
    case "rayleigh":
      section.section(kind, "") { motion($0, &radio) }
      radio.fading = .rayleigh
      uplink.note(key, radio.fadingMotion == .perRound ? .scalar(.text(kind)) : section.resolved)
    default:
      if let pair = section.pairs.first, let given {
        uplink.fail(key, given, "'\(pair.key)' has no settings; write 'fading: \(pair.key)'")
      }
      radio.fading = .none
      uplink.note(key, .scalar(.text(kind)))
    }
  }

  /// `k`: a ratio, or by state and place as TR 38.901 has it, which needs the report's lines of sight.
  private static func ricianFactor(_ section: Section, _ radio: inout Uplink) {
    let key = "k"
    let kind = NumberKind.quantity(PowerRatioUnit.self, in: 0...1e10)
    var k = Decibel.ratio(6)
    if case .rician(let own) = radio.fading { k = own.value }
    var isByState = radio.fading == .ricianByState
    let summary = "line of sight over scattered power; or \(report): by place, and Rayleigh without a line of sight"
    if let given = section.declare(key, summary, default: kind.shown(k), allowed: "\(kind.rangeText), \(report)") {
      isByState = given.text == report
      if !isByState, let number = section.number(key, given, kind) { k = number }
      if isByState, radio.spatialLaw != .report {
        section.fail(
          key, given,
          "\(report) needs 'uplink.shadowing: \(report)', which says where there is a line of sight; a ratio of that size is "
            + "written '15.9 dB'")
      }
    }
    section.note(key, isByState ? .scalar(.text(report)) : kind.print(k))
    radio.fading = isByState ? .ricianByState : .rician(k: PowerRatio(k))
  }

  /// How a law moves: `doppler` or `speed`, with `step` and `rays`, or `block`; without any of them not within a round.
  private static func motion(_ section: Section, _ radio: inout Uplink, hasWaves: Bool = true) {
    var (doppler, speed, interval): (Hertz?, MetersPerSecond?, Seconds?) = (nil, nil, nil)
    var (step, rays): (Seconds?, Int) = (nil, FadingMotion.standardRays)
    switch radio.fadingMotion {
    case .perRound: break
    case .block(let own): interval = own
    case .clarke(let own, let ownStep, let ownRays): (doppler, step, rays) = (own, ownStep, ownRays)
    }
    for key in ["doppler", "speed", "step", "rays"] where !hasWaves {
      section.refuse(key, "", default: nil, "Nakagami's power is no sum of waves; it moves with 'block: 50 ms'")
      guard !section.has(key) else { return }
    }
    if hasWaves {
      let limits = 0...1e6
      section.optionalQuantity(
        "doppler", "largest Doppler shift f_d of Clarke's waves; 0 Hz: as without", in: limits, &doppler)
      section.optionalQuantity(
        "speed", "speed of the receiver instead: f_d = speed × carrier / c, at the path loss's carrier or 2 GHz",
        in: 0...1e4, &speed)
      section.hide("speed")
    }
    section.optionalQuantity(
      "block", "the fading is drawn anew from interval to interval of this length instead", in: 1e-6...1e6, &interval)
    let given = ["doppler", "speed", "block"].filter { section.value(of: $0)?.isNull == false }
    if given.count > 1, let value = section.value(of: given[1]) {
      section.fail(given[1], value, "fading moves in one way, and '\(given[0])' is another; give one of the two")
      return
    }
    if let speed {
      let carrier = radio.pathLoss.carrier ?? PathLoss.standardCarrier
      doppler = FadingMotion.doppler(speed: speed, carrier: carrier)
    }
    let isWaves = hasWaves && (doppler ?? .zero) > .zero
    if hasWaves {
      let waves = Condition("doppler", isWaves)
      waveKeys(section, doppler: doppler ?? Hertz(1), &step, &rays, only: waves)
    }
    if isWaves, let doppler {
      radio.fadingMotion = .clarke(
        doppler: doppler, step: step ?? FadingMotion.standardStep(doppler: doppler), rays: rays)
    } else {
      radio.fadingMotion = interval.map { .block(interval: $0) } ?? .perRound
    }
    section.omit("doppler", if: !isWaves)
    section.omit("block", if: interval == nil)
  }

  private static func waveKeys(
    _ section: Section, doppler: Hertz, _ step: inout Seconds?, _ rays: inout Int, only waves: Condition
  ) {
    let summary = "how long a gain is taken to be constant"
    if section.isOpen("step", summary, default: "1/(20 doppler)", waves) {
      section.optionalQuantity("step", summary, in: 1e-9...1e6, &step)
      if let own = step, let value = section.value(of: "step"), own.value * doppler.value > 0.5 {
        section.fail(
          "step", value,
          "\(value.shown) is more than half a cycle of the Doppler shift of \(doppler), "
            + "\(Seconds(0.5 / doppler.value)); waves would be looked at more rarely than they change")
      }
    }
    section.integer("rays", "waves that a link is the sum of", in: FadingMotion.rayLimits, &rays, only: waves)
  }
}

extension Fading {
  /// The word of a scenario.
  fileprivate var kind: String {
    switch self {
    case .rayleigh: "rayleigh"
    case .rician, .ricianByState: "rician"
    case .nakagami: "nakagami"
    case .none: "none"
    }
  }
}
