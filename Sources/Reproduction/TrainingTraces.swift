import Statistics
import Trace
import Units

/// The committed traces of training under `results/training`: Fig. 3 and Fig. 6, some seeds a curve.
public struct TrainingTraces: Sendable {
  /// What a curve is of, with the rounds of every seed.
  public struct Curve: Sendable {
    /// `bits` and `8`, or `alpha` and `0.1`, `framework` and `sfl`.
    public var labels: [(key: String, value: String)]
    /// The rounds of each seed, seeds in order.
    public var seeds: [[Round]]

    /// The label under `key`.
    public func label(_ key: String) -> String? { labels.first { $0.key == key }?.value }
  }

  /// What a curve shows of a round.
  public struct Round: Sendable, Hashable {
    /// The round, from 1.
    public var round: Int
    /// Simulated time at its end, in seconds.
    public var time: Double
    /// The devices' energy until then, in joules.
    public var energy: Double
    /// Test accuracy, where it was evaluated.
    public var accuracy: Double?

    /// A round.
    public init(round: Int, time: Double, energy: Double, accuracy: Double?) {
      self.round = round
      self.time = time
      self.energy = energy
      self.accuracy = accuracy
    }
  }

  /// The curves, in the order of their labels.
  public var curves: [Curve]

  /// Curves.
  public init(curves: [Curve]) { self.curves = curves }

  /// Reads `folder`, whose folders are named after a curve's labels, `alpha=0.1_framework=sfl`, and hold one a seed.
  ///
  /// - Throws: `TraceError` where a trace is missing or damaged, ``ReproductionError`` where there is none.
  public init(reading folder: String) throws {
    curves = []
    for name in try FileSystem.names(in: folder) {
      let labels = name.split(separator: "_").compactMap { item -> (key: String, value: String)? in
        let parts = item.split(separator: "=", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
      }
      guard !labels.isEmpty else { continue }
      let seeds = try FileSystem.names(in: "\(folder)/\(name)").filter { $0.hasPrefix("seed-") }
      curves.append(Curve(labels: labels, seeds: try seeds.map { try Self.rounds("\(folder)/\(name)/\($0)") }))
    }
    guard !curves.isEmpty else { throw ReproductionError("\(folder) holds no traces") }
    curves.sort { $0.order.lexicographicallyPrecedes($1.order) }
  }

  private static func rounds(_ folder: String) throws -> [Round] {
    var reader = try TraceReader<RoundRecord>(path: "\(folder)/\(RoundRecord.fileName)")
    var energy = 0.0
    var rounds: [Round] = []
    while let record = try reader.next() {
      energy += record.roundEnergy.value
      rounds.append(
        Round(round: record.round, time: record.end.value, energy: energy, accuracy: record.testAccuracy))
    }
    return rounds
  }
}

extension TrainingTraces.Curve {
  /// Numbers by their size, frameworks as the paper names them.
  fileprivate var order: [Double] {
    let frameworks = ["sflam", "sfl", "sl", "fl", "ll"]
    return labels.map { Double($0.value) ?? Double(frameworks.firstIndex(of: $0.value) ?? frameworks.count) }
  }

  /// The accuracy at the last evaluation, seed by seed.
  var finalAccuracy: DrawSeries { DrawSeries(seeds.map { $0.last { $0.accuracy != nil }?.accuracy }) }

  /// What `figure` is at the first evaluation that reaches `accuracy`, seed by seed.
  func first(reaching accuracy: Double, _ figure: (TrainingTraces.Round) -> Double) -> DrawSeries {
    DrawSeries(seeds.map { rounds in rounds.first { ($0.accuracy ?? -1) >= accuracy }.map(figure) })
  }
}
