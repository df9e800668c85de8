import Allocation
import Network
import Trace
import Training
import Units

/// The figures of a round by name: the metrics that a round has, then what it counts and learns.
extension RoundReport {
  /// All names, in order.
  public static let figureNames = namedFigures.map(\.name)

  /// The figures at some places of ``figureNames``; NaN where the round has no such figure.
  public func figures(at places: [Int]) -> [Double] { places.map { Self.namedFigures[$0].value(self) ?? .nan } }

  private struct NamedFigure: Sendable {
    let name: String
    let value: @Sendable (RoundReport) -> Double?

    init(_ name: String, _ value: @escaping @Sendable (RoundReport) -> Double?) {
      (self.name, self.value) = (name, value)
    }
  }

  private static let namedFigures: [NamedFigure] = ofMetrics + counted + learned

  private static let ofMetrics: [NamedFigure] = Metric.all.compactMap { metric in
    guard case .added = metric.value else { return nil }
    return NamedFigure(metric.name) { metric.mean(of: $0) }
  }

  private static let counted: [NamedFigure] = [
    NamedFigure("late") { round in Double(round.devices.count { $0.outcome == .late }) },
    NamedFigure("no_link") { round in
      Double(round.devices.count { $0.outcome == .noLink } + round.allocation.unlinked.count)
    },
    NamedFigure("violations") { Double($0.allocation.violations.count) },
    NamedFigure("duration_s") { $0.end.value },
    NamedFigure("energy_j") { ($0.energyBefore + $0.energy).value },
  ]

  private static let learned: [NamedFigure] = [
    NamedFigure("train_loss") { $0.learning?.trainLoss },
    NamedFigure("test_loss") { $0.learning?.testLoss },
    NamedFigure("test_accuracy") { $0.learning?.testAccuracy },
  ]
}
