import Units

/// The keys of `downlink`.
extension ScenarioReader {
  /// What comes down; `nil` where the scenario has no `downlink`, and then it resolves without it.
  static func downlink(_ root: Section) -> Scenario.Downlink? {
    let key = "downlink"
    let summary = "what comes down, gradients and the model; without it, or with null, that takes no time"
    let given = root.declare(key, summary, default: nil)
    let isGiven = given.map { !$0.isNull } ?? false
    let section =
      given.flatMap { $0.isNull ? nil : root.section(key, $0) }
      ?? Section([], path: key, position: root.position, reading: root.reading)
    let downlink = Scenario.Downlink(
      power: section.quantity(
        "power", "of the base station over the whole band, equal parts of it on each block", in: 1e-9...1e9,
        default: Watts(UnitSpelling.Scale.decibel(reference: 1e-3).siValue(of: 46)), as: "46 dBm"),
      noiseFigure: section.quantity(
        "noise_figure", "of a device's receiver", in: 1...1e10, default: PowerRatio(Decibel.ratio(9)), as: "9 dB"),
      gradientBits: section.integer(
        "gradient_bits", "bits per element of the gradient of activations", in: 1...32, default: 32),
      model: section.choice(
        "model",
        "how the model comes down before the first step: broadcast to all at the worst participant's rate, unicast on each "
          + "one's block, or none: at no cost", default: .broadcast))
    section.finish()
    guard isGiven else { return nil }
    root.note(key, section.resolved)
    return downlink
  }
}
