import CElementary
import Randomness
import Units

/// A Gaussian field over the plane of mean 0 and variance 1, whose correlation at a distance r is exp(-r / d), TR 38.901's
/// Eq. (7.4-5): a sum of plane waves, found by position and in no order.
///
/// Wave numbers come from the correlation's spectral density in the plane, k d² / (1 + k²d²)^(3/2): k = sqrt(u⁻² - 1)/d of a
/// uniform u. They are stratified, one wave in each of ``waveCount`` equal shares of the density, and so are directions, by
/// the golden ratio. Over seeds the correlation is the exponential exactly; within a seed it is so within about 0.1. Choices
/// are ours.
struct PlaneField: Sendable {
  /// Waves of a field. The excess kurtosis of the field is -1.5 over this.
  static let waveCount = 32
  /// Wave numbers end at this many radians per correlation distance, which leaves out 1e-4 of the variance.
  private static let leastShare = 1e-4

  private let weights: [Double]
  private let east: [Double]
  private let north: [Double]
  private let turns: [Double]

  /// The field that `stream` names, with a correlation distance d.
  init(correlationDistance d: Meters, from stream: RandomStream) {
    var stream = stream
    let count = PlaneField.waveCount
    let golden = 0.618033988749895
    let turn = stream.uniform()
    var (east, north, turns) = ([Double](), [Double](), [Double]())
    for wave in 0..<count {
      let share = max(PlaneField.leastShare, (Double(wave) + stream.uniform()) / Double(count))
      let number = (1 / (share * share) - 1).squareRoot() / (2 * .pi * d.value)
      let direction = turn + Double(wave) * golden
      east.append(number * elementary_cospi(direction))
      north.append(number * elementary_sinpi(direction))
      turns.append(stream.uniform())
    }
    (self.east, self.north, self.turns) = (east, north, turns)
    weights = Array(repeating: (2 / Double(count)).squareRoot(), count: count)
  }

  /// The field at a place.
  func value(at position: Position) -> Double {
    elementary_waves(
      weights, east, north, turns, Int32(PlaneField.waveCount), position.x.value, position.y.value)
  }
}
