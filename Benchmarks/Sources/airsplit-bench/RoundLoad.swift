import Foundation

/// What devices do in rounds, as plain numbers: it goes to peers and to builds of other commits as JSON.
///
/// `Benchmarks/compare-round` compiles this file into a commit whose engine no program can reach from outside: it must not
/// import anything of AirSplit.
struct RoundLoad: Codable, Equatable {
  /// The deadline that each step is watched for, seconds.
  var deadline: Double
  /// How many devices the server serves at once, first in, first out; as many as come where there is none.
  var accelerators: Int?
  /// The participants of some rounds, devices in ascending order; rounds walk them in a circle.
  var rounds: [[Device]]

  /// One participant: the model download where there is one; forward pass, upload, server, the gradient's download where
  /// there is one, backward pass, as often as it has steps; then the model upload.
  struct Device: Codable, Equatable {
    var device: Int
    var block: Int
    /// Bits per second.
    var rate: Double
    var steps: Int
    var forward: Stretch
    var uplink: Stretch
    var server: Stretch
    var backward: Stretch
    var upload: Stretch
    var gradient: Stretch?
    var model: Stretch?
  }

  /// Seconds and joules.
  struct Stretch: Codable, Equatable {
    var time: Double
    var energy: Double
  }

  /// What playing a number of rounds came to.
  struct Answer: Codable {
    /// Events of the engine; a peer that has no such events gives none.
    var events: Int?
    /// Seconds of the processor.
    var seconds: Double
    /// When the last round ended, nanoseconds.
    var end: UInt64
    /// Seconds times joules of the ledgers, summed up: none of it is left out by an optimiser, and all agree on it.
    var sum: Double
    /// The hash of all events, where there is one.
    var fingerprint: String?

    enum CodingKeys: String, CodingKey {
      case events, seconds, sum, fingerprint
      case end = "end_ns"
    }
  }

  /// The load in a file.
  init(path: String) throws {
    self = try JSONDecoder().decode(RoundLoad.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// A load of these rounds.
  init(deadline: Double, accelerators: Int? = nil, rounds: [[Device]]) {
    (self.deadline, self.accelerators, self.rounds) = (deadline, accelerators, rounds)
  }

  /// Writes it where a peer reads it.
  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path))
  }
}

/// Seconds of the processor that work takes.
func processorSeconds(_ work: () throws -> Void) rethrows -> Double {
  let start = clock()
  try work()
  return Double(clock() - start) / Double(CLOCKS_PER_SEC)
}
