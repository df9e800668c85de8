import ArgumentParser
import JSON

/// How often a run saves where it stands.
enum CheckpointInterval: Equatable {
  /// Every so many rounds.
  case rounds(Int)
  /// Every so many events, also within a round.
  case events(UInt64)
}

extension CheckpointInterval: ExpressibleByArgument {
  /// Reads `10`, `10 rounds` or `1000000 events`.
  init?(argument: String) {
    let words = argument.split(separator: " ")
    guard (1...2).contains(words.count), let count = UInt64(words[0]), count >= 1 else { return nil }
    switch words.count == 1 ? "rounds" : words[1] {
    case "round", "rounds":
      guard let rounds = Int(exactly: count) else { return nil }
      self = .rounds(rounds)
    case "event", "events": self = .events(count)
    default: return nil
    }
  }

  /// The interval as one types it.
  var argument: String {
    switch self {
    case .rounds(let count): "\(count)"
    case .events(let count): "\(count) events"
    }
  }
}

extension CheckpointInterval {
  /// What a run's folder keeps of it.
  var json: JSONValue {
    if case .rounds(let count) = self { .integer(count) } else { .string(argument) }
  }

  /// Reads what ``json`` wrote; `nil` for anything else.
  init?(json: JSONValue) {
    guard let text = json.integer.map(String.init) ?? json.text else { return nil }
    self.init(argument: text)
  }

  /// How many events may pass until it is time to save, where `passed` have since the last time.
  func eventsLeft(after passed: UInt64) -> UInt64 {
    if case .events(let count) = self { count > passed ? count - passed : 1 } else { .max }
  }

  /// Whether it is time, at the end of a round.
  func isDue(atEndOf round: Int, after passed: UInt64) -> Bool {
    switch self {
    case .rounds(let count): round.isMultiple(of: count)
    case .events(let count): passed >= count
    }
  }
}
