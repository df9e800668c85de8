import Randomness
import Units
import Wireless

/// The key `devices.radio_energy`.
extension ScenarioReader {
  /// What radios draw; a scenario with amplifiers resolves without it.
  static func radioEnergy(_ devices: Section, _ population: inout Scenario.Population) {
    let key = "radio_energy"
    let summary =
      "what radios draw: amplifier, radiated power / amplifier_efficiency + circuit_power; or tr38840, the relative power of 3GPP "
      + "TR 38.840, {tr38840: {unit: 1 mW, sleep: false}}"
    let isReported = population.radioEnergy != .amplifier
    guard
      let (word, given, section) = devices.kind(
        key, summary, of: ["amplifier", "tr38840"], standard: isReported ? "tr38840" : "amplifier")
    else { return }
    guard word == "tr38840" || devices.reading.purpose == .documenting else {
      if let pair = section.pairs.first, let given {
        devices.fail(key, given, "'\(pair.key)' has no settings here; write 'radio_energy: \(pair.key)'")
      }
      (population.radioEnergy, population.countsSleep) = (.amplifier, false)
      devices.note(key, .scalar(.text(word)))
      return devices.omit(key, if: true)
    }
    var unit = RadioEnergy.standardUnit
    if case .tr38840(let own) = population.radioEnergy { unit = own }
    var sleeps = population.countsSleep
    section.section("tr38840", "") {
      $0.quantity("unit", "watts of one of the report's units, of which it says nothing", in: 1e-9...1e3, &unit)
      $0.boolean("sleep", "whether what a radio draws while it is asleep between two times on the air counts", &sleeps)
    }
    devices.note(key, section.resolved)
    guard devices.reading.purpose != .documenting else { return }
    (population.radioEnergy, population.countsSleep) = (.tr38840(unit: unit), sleeps)
    if let given { checkRadio(population, in: devices, given) }
  }

  /// The report says all that a radio draws, so that nothing else may say it, too.
  private static func checkRadio(_ population: Scenario.Population, in devices: Section, _ given: YAMLValue) {
    for group in population.groups {
      let others = [
        ("circuit_power", group.circuitPower != .constant(0)),
        ("amplifier_efficiency", group.amplifierEfficiency != .constant(1)),
        ("receive_power", group.receivePower != .constant(0)),
      ]
      guard let other = others.first(where: \.1) else { continue }
      return devices.fail(
        "radio_energy", given,
        "'tr38840' says all that a radio draws; leave \(other.0) out, or say 'radio_energy: amplifier'")
    }
  }
}
