import ArgumentParser
import Experiments
import Randomness

/// What `--repetitions` may be where draws are compared.
enum Draws {
  /// - Throws: `ValidationError` for a number that no seed has.
  static func validate(_ repetitions: Int) throws {
    let limit = Int(Seed.repetitionLimit)
    guard (1...limit).contains(repetitions) else {
      throw ValidationError("--repetitions is \(repetitions); it may be from 2 to \(limit)")
    }
  }

  /// - Throws: `CommandError` for a single draw.
  static func requireTwo(_ repetitions: Int) throws {
    guard repetitions >= 2 else {
      throw CommandError(
        status: .notEnoughData, messages: ["--repetitions is 1; one draw says nothing about another, take 2 or more"])
    }
  }

  /// Says how many points have draws that are all equal, which have no interval.
  ///
  /// - Throws: `EqualDraws` where no point has others.
  static func requireDifferent(_ points: (all: Int, equal: Int), draws: Int) throws {
    guard points.equal > 0 else { return }
    if points.equal == points.all { throw EqualDraws(count: draws) }
    StandardStreams.note(
      "warning: at \(points.equal) of \(points.all) points all draws are equal, since nothing random differs between "
        + "repetitions there; they are one draw, and have no interval")
  }
}
