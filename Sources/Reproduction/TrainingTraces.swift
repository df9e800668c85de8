import Statistics

/// The kept traces of training under `results/training`: Fig. 3 and Fig. 6, some seeds a curve.
package struct TrainingTraces: Sendable {
  /// What a curve is of, with the rounds of every seed.
  package struct Curve: Sendable {
    /// `bits` and `8`, or `alpha` and `0.1`, `framework` and `sfl`.
    package var labels: [(key: String, value: String)]
    /// The rounds of each seed, seeds in order.
    package var seeds: [[Round]]

    /// The label under `key`.
    package func label(_ key: String) -> String? { labels.first { $0.key == key }?.value }
  }

  /// What a curve shows of a round.
  package struct Round: Sendable, Hashable {
    /// The round, from 1.
    package var round: Int
    /// Simulated time at its end, in seconds.
    package var time: Double
    /// The devices' energy until then, in joules.
    package var energy: Double
    /// Test accuracy, where it was evaluated.
    package var accuracy: Double?

    /// A round.
    package init(round: Int, time: Double, energy: Double, accuracy: Double?) {
      self.round = round
      self.time = time
      self.energy = energy
      self.accuracy = accuracy
    }
  }

  /// The curves, in the order of their labels.
  package var curves: [Curve]

  /// Curves.
  package init(curves: [Curve]) { self.curves = curves }

  /// Reads a table of all rounds of all runs, `results/training/fig3-rounds.csv`: the columns before `seed` are a curve's
  /// labels, those behind it a round's as in `rounds.csv`, of which others than those of ``Round`` may be missing.
  ///
  /// - Throws: `TraceError` where it cannot be read, ``ReproductionError`` where it is damaged or has no rows.
  package init(reading path: String) throws {
    let table = try KeptTable(at: path)
    let needed = ["seed", "round", "t_end_s", "round_energy_j", "test_accuracy"]
    let missing = needed.filter { !table.columns.contains($0) }
    guard missing.isEmpty else {
      throw ReproductionError("\(path): there is no column \(missing.map { "'\($0)'" }.joined(separator: ", "))")
    }
    let keys = table.columns.prefix { $0 != "seed" }
    var places: [[String]: Int] = [:]
    var seeds: [[String]: Int] = [:]
    curves = []
    for (index, row) in table.rows.enumerated() {
      func number(_ column: String) throws -> Double {
        let text = row[column] ?? ""
        if let value = Double(text), value.isFinite { return value }
        throw ReproductionError("\(path):\(index + 2): \(column) is '\(text)', which is not a number")
      }
      let labels = keys.map { row[$0] ?? "" }
      let run = labels + [row["seed"] ?? ""]
      let curve = places[labels, default: curves.count]
      if curve == curves.count {
        places[labels] = curve
        curves.append(Curve(labels: zip(keys, labels).map { (key: $0, value: $1) }, seeds: []))
      }
      let seed = seeds[run, default: curves[curve].seeds.count]
      if seed == curves[curve].seeds.count {
        seeds[run] = seed
        curves[curve].seeds.append([])
      }
      curves[curve].seeds[seed].append(
        Round(
          round: Int(try number("round")), time: try number("t_end_s"),
          energy: (curves[curve].seeds[seed].last?.energy ?? 0) + (try number("round_energy_j")),
          accuracy: row["test_accuracy"] == "" ? nil : try number("test_accuracy")))
    }
    guard !curves.isEmpty else { throw ReproductionError("\(path) holds no rows") }
    curves.sort { $0.order.lexicographicallyPrecedes($1.order) }
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
