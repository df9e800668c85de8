import Network
import Units

/// The key `devices.jitter`.
extension ScenarioReader {
  /// How much computing varies; a scenario in which it takes what is planned resolves without it.
  static func jitter(_ devices: Section, _ population: inout Scenario.Population) {
    let key = "jitter"
    let summary =
      "how much longer or shorter computing takes than planned, {lognormal: {cv: 0.2}, per: step}; not at all unless given"
    devices.optional(key, summary, &population.jitter, standard: Jitter(variation: 0.2)) { section, own in
      section.section("lognormal", "the law of the factor, whose mean is 1") {
        $0.number(
          "cv", "coefficient of variation: its standard deviation", .quantity(One.self, in: 1e-6...10), &own.variation)
      }
      section.choice("per", "drawn for each step of a device, or once for all of its round", &own.scope)
    }
  }
}
