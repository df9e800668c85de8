import ArgumentParser
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
}
