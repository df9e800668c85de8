import Units

/// The keys of `downlink`.
extension ScenarioReader {
  /// What comes down; a scenario without it resolves without it.
  static func downlink(_ root: Section, _ downlink: inout Scenario.Downlink?) {
    let key = "downlink"
    let summary = "what comes down, gradients and the model; without it, or with null, that takes no time"
    let given = root.declare(key, summary, default: nil)
    let isThere = given.map { !$0.isNull } ?? (downlink != nil)
    var values = downlink ?? Scenario.Downlink()
    root.whole(key, root.section(key, isThere ? given : nil)) { section in
      section.quantity(
        "power", "of the base station over the whole band, equal parts of it on each block", in: 1e-9...1e9,
        &values.power, as: "46 dBm")
      section.quantity(
        "noise_figure", "of a device's receiver", in: 1...1e10, &values.noiseFigure, as: "9 dB")
      section.integer(
        "gradient_bits", "bits per element of the gradient of activations", in: 1...32, &values.gradientBits)
      section.choice(
        "model",
        "how the model comes down before the first step: broadcast to all at the worst participant's rate, unicast on each "
          + "one's block, or none: at no cost", &values.model)
    }
    if !isThere { root.hide(key) }
    downlink = isThere ? values : nil
  }
}
