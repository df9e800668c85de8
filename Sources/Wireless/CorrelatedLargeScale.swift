import CElementary
import Randomness
import Units

/// TR 38.901's line of sight, shadowing and Rician factor as fields over the plane, each by its correlation distance.
///
/// A link has a line of sight where the state's field, through the normal distribution, lies below the probability of its
/// distance. Each state has a shadowing field of its own, independent of the others: where the state changes, shadowing
/// jumps; the report's soft transition is not here.
final class CorrelatedLargeScale: Sendable {
  private let model: PathLoss
  private let state: PlaneField
  private let shadowing: [PlaneField]
  private let tables: [LargeScaleTable]
  private let rician: PlaneField
  private let farDistance: Meters

  /// The fields of a run; `nil` for models without states.
  init?(_ model: PathLoss, seed: Seed) {
    let tables = LargeScaleTable.State.allCases.compactMap { LargeScaleTable(model.model, $0) }
    guard let stateDistance = LargeScaleTable.stateCorrelationDistance(model.model),
      tables.count == LargeScaleTable.State.allCases.count, let factor = tables[0].rician
    else { return nil }
    self.model = model
    self.tables = tables
    state = PlaneField(correlationDistance: stateDistance, from: seed.stream(.field, 0))
    rician = PlaneField(correlationDistance: factor.correlationDistance, from: seed.stream(.field, 1))
    shadowing = tables.enumerated().map {
      PlaneField(correlationDistance: $1.correlationDistance, from: seed.stream(.field, 2 + $0))
    }
    farDistance = model.farDistance ?? Meters(.infinity)
  }

  /// Whether there is a line of sight at a place, `distance` from the base station outdoors.
  func isLineOfSight(at position: Position, distance: Meters) -> Bool {
    let probability = model.lineOfSightProbability(distance: distance)
    return probability >= 1 || normalShare(below: state.value(at: position)) < probability
  }

  /// Shadowing in dB.
  func shadowing(_ kind: LargeScaleTable.State, at position: Position, distance: Meters) -> Double {
    let table = tables[kind.rawValue]
    let sigma = distance > farDistance ? table.farSigma : table.sigma
    return sigma.value * shadowing[kind.rawValue].value(at: position)
  }

  /// The Rician factor in dB, which goes with shadowing as the report has it.
  func ricianFactor(_ kind: LargeScaleTable.State, at position: Position) -> Decibels? {
    guard let law = tables[kind.rawValue].rician else { return nil }
    let share = law.shadowingCorrelation
    let own = rician.value(at: position)
    let value = share * shadowing[kind.rawValue].value(at: position) + (1 - share * share).squareRoot() * own
    return Decibels(law.mean.value + law.sigma.value * value)
  }
}

/// P(Z < z) of the standard normal distribution within 7.5e-8: 26.2.17 of M. Abramowitz and I. A. Stegun, "Handbook of
/// Mathematical Functions".
func normalShare(below z: Double) -> Double {
  let t = 1 / (1 + 0.2316419 * abs(z))
  let polynomial =
    t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  let above = 0.3989422804014327 * elementary_exp(-0.5 * z * z) * polynomial
  return z < 0 ? above : 1 - above
}
