import CElementary
import Randomness
import Units

/// The Gauss-Markov paths of all devices: for each axis x(t) = fold(x_0 + sum_m a_m cos(2 pi f_m t + phi_m)).
///
/// The f_m are those of the velocity's spectral density, one in each of ``waveCount`` equal shares of it and the same for all
/// devices; phases and x_0, uniform over the side, are drawn from (`Purpose.movement`, device, axis). Reflection at the
/// borders folds the line into the side, and leaves places uniform over the square at all times.
struct GaussMarkovWalks: Sendable {
  /// Oscillations per axis; ours.
  static let waveCount = 16

  private let seed: Seed
  private let side: Double
  private let amplitudes: [Double]
  private let frequencies: [Double]
  private let zeros = [Double](repeating: 0, count: waveCount)

  init(_ walk: GaussMarkov, seed: Seed) {
    self.seed = seed
    side = walk.side.value
    var stream = seed.stream(.field, 16)
    let count = Double(Self.waveCount)
    let component = (walk.speed.value * walk.speed.value / 2).squareRoot()
    var (amplitudes, frequencies) = ([Double](), [Double]())
    for wave in 0..<Self.waveCount {
      // The distribution of a Lorentz line is 2/pi atan(omega memory); its last 1e-3 is left out.
      let share = min(1 - 1e-3, max(1e-6, (Double(wave) + stream.uniform()) / count))
      let omega = elementary_sinpi(share / 2) / elementary_cospi(share / 2) / walk.memory.value
      amplitudes.append(component * (2 / count).squareRoot() / omega)
      frequencies.append(omega / (2 * .pi))
    }
    (self.amplitudes, self.frequencies) = (amplitudes, frequencies)
  }

  /// Where a device is.
  func position(of device: Int, at time: Seconds) -> Position {
    Position(x: coordinate(0, of: device, at: time), y: coordinate(1, of: device, at: time))
  }

  private func coordinate(_ axis: Int, of device: Int, at time: Seconds) -> Meters {
    var stream = seed.stream(.movement, device, axis)
    let start = (stream.uniform() - 0.5) * side
    let way = withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.waveCount) { phases in
      for wave in 0..<Self.waveCount { phases[wave] = stream.uniform() }
      return elementary_waves(
        amplitudes, frequencies, zeros, phases.baseAddress, Int32(Self.waveCount), time.value, 0)
    }
    return Meters(folded(start + way))
  }

  /// A point of a line as reflections at ±side/2 bring it back.
  private func folded(_ place: Double) -> Double {
    let turns = (place + side / 2) / (2 * side)
    let part = turns - turns.rounded(.down)
    return (part < 0.5 ? part : 1 - part) * 2 * side - side / 2
  }
}
