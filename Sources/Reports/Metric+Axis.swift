import Charts
import Simulation

extension Metric {
  /// The axis that it is drawn on, from 0, and up to 1 for a share.
  ///
  /// The unit of U depends on the scenario's objective, and "bits" says its own.
  var axis: Axis {
    Axis(
      title, unit: ["s", "J", "W"].contains(unit) ? unit : "", includesZero: true,
      limits: isShare ? 0...1 : 0 ... .infinity)
  }

  /// The title of its chart: "Energy of a step".
  var chartTitle: String { Self.sentence(title) }

  /// `text` with a capital at its beginning.
  static func sentence(_ text: some StringProtocol) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
