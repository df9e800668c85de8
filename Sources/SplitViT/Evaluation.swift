import Datasets
import Training

/// What a model makes of a set of images.
public struct Evaluation: Sendable, Hashable {
  /// Images.
  public let samples: Int
  /// Mean cross entropy.
  public let loss: Double
  /// Share that is classified right.
  public let accuracy: Double

  init(_ score: Score) {
    samples = score.count
    loss = score.meanLoss
    accuracy = score.accuracy
  }
}
