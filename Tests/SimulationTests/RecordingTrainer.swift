import Trace
import Training

/// A trainer that trains nothing: it keeps what the loop hands it and answers with figures of its own making.
final class RecordingTrainer: Trainer {
  private(set) var work: [RoundWork] = []
  private let accuracies: [Double?]

  /// A trainer whose test accuracy in round r is the r-th of `accuracies`, `nil` beyond them.
  init(accuracies: [Double?] = []) { self.accuracies = accuracies }

  func train(_ work: RoundWork) throws -> RoundLearning {
    self.work.append(work)
    var learning = RoundLearning()
    learning.trainLoss = 1 / Double(work.round)
    if work.round <= accuracies.count, let accuracy = accuracies[work.round - 1] {
      learning.testAccuracy = accuracy
      learning.testLoss = 1 - accuracy
      learning.testAccuracyLocal = accuracy / 2
    }
    return learning
  }

  func save(to file: OutputFile) throws {}
  func restore(from path: String) throws {}
  func writeWeights(to file: OutputFile) throws {}
}

/// A trainer whose loss becomes no number in the second round.
final class DivergingTrainer: Trainer {
  func train(_ work: RoundWork) throws -> RoundLearning {
    if work.round == 2 { throw TrainingError("round 2, device 5, step 3: the loss is nan") }
    return RoundLearning()
  }

  func save(to file: OutputFile) throws {}
  func restore(from path: String) throws {}
  func writeWeights(to file: OutputFile) throws {}
}
