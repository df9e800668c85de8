import Scenario
import Trace
import Training

/// The round whose model was best on the test set, the first of equals.
struct BestRound: Codable, Equatable {
  var number: Int
  /// Its accuracy on the test set.
  var testAccuracy: Double
  /// The file of its weights, in the folder of its run.
  var weights: FileMark
}

extension Recorder {
  /// The round whose weights are the best so far, its accuracy on the test set, and the file of its weights; `nil` where
  /// they are not kept, or nothing has been evaluated.
  public var bestWeights: (round: Int, testAccuracy: Double, file: String)? {
    best.map { ($0.number, $0.testAccuracy, "\(folder.path)/\($0.weights.file)") }
  }

  /// Writes the weights of the best round so far to the file `path`, which appears whole or not at all.
  ///
  /// - Parameter origin: Who says where that file is.
  /// - Throws: `TraceError` where there are none, they were changed, or the file cannot be written.
  public func writeBestWeights(to path: String, origin: RegularFile.Origin = .named) throws {
    try Self.write(best, from: folder, to: path, origin: origin)
  }

  /// Writes the weights of the best round of the run in `folder` to the file `path`, whole or not at all.
  ///
  /// - Throws: `TraceError` as well where there is no checkpoint, or it is damaged or another run's.
  public static func writeBestWeights(of scenario: Scenario, from folder: RunFolder, to path: String) throws {
    try write(checkpoint(in: folder, of: scenario)?.best, from: folder, to: path)
  }

  private static func write(
    _ best: BestRound?, from folder: RunFolder, to path: String, origin: RegularFile.Origin = .named
  ) throws {
    guard let best else {
      throw TraceError.folder(path: folder.path, reason: "has no best weights: no round was judged on a test set")
    }
    try folder.copy(best.weights, to: path, origin: origin)
  }

  /// Keeps the weights of a round that did better on the test set than all before it.
  ///
  /// The file is one of its own per round: a saved state may still name the one before.
  ///
  /// - Throws: `TraceError`, or what a trainer throws.
  mutating func keepWeights(of report: RoundReport, of run: borrowing Run) throws {
    guard keepsBest, let trainer = run.trainer, let accuracy = report.learning?.testAccuracy,
      accuracy > best?.testAccuracy ?? -.infinity
    else { return }
    let before = best
    best = BestRound(
      number: report.round, testAccuracy: accuracy,
      weights: try folder.write(.best, round: report.round) { try trainer.writeWeights(to: $0) })
    if let before, before != savedBest, before != lastOfLonger?.best { try folder.remove(before.weights) }
  }
}
