import Datasets

/// What a model makes of a set of images.
struct Score: Sendable {
  /// Sum of the losses.
  var loss = 0.0
  /// Images that are classified right.
  var correct = 0
  /// Images.
  var count = 0

  static func + (first: Score, second: Score) -> Score {
    Score(loss: first.loss + second.loss, correct: first.correct + second.correct, count: first.count + second.count)
  }

  /// Mean loss.
  var meanLoss: Double { loss / Double(max(1, count)) }
  /// Share that is classified right.
  var accuracy: Double { Double(correct) / Double(max(1, count)) }
}

extension Replica {
  /// Chunks of images that are judged together: the same ones whatever the batch and the number of threads.
  static func chunks(of images: ImageSet) -> Int {
    (images.count + TransformerNetwork.evaluationChunk - 1) / TransformerNetwork.evaluationChunk
  }

  /// Judges the chunk number `chunk` with the weights that it has; those of a step under way stay, its activations do not.
  func score(_ images: InputPreparation, chunk: Int) -> Score {
    let first = chunk * TransformerNetwork.evaluationChunk
    let count = min(TransformerNetwork.evaluationChunk, images.set.count - first)
    for row in 0..<count { images.fill(network.input, at: row, sample: first + row, flipped: false) }
    let (loss, correct) = images.set.labels.withUnsafeBufferPointer {
      network.evaluate(labels: UnsafeBufferPointer(rebasing: $0[first..<first + count]), count: count)
    }
    return Score(loss: loss, correct: correct, count: count)
  }

  /// Judges all images, chunk by chunk.
  func score(_ images: InputPreparation) -> Score {
    (0..<Self.chunks(of: images.set)).reduce(Score()) { $0 + score(images, chunk: $1) }
  }
}

extension WorkerPool {
  /// Judges all images with the weights that `load` gives each worker, side by side; the same sums on any number of
  /// threads.
  func score(_ images: InputPreparation, load: (Replica) -> Void) -> Score {
    let chunks = Replica.chunks(of: images.set)
    var scores = [Score](repeating: Score(), count: chunks)
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores
      forEach(chunks, prepare: load) { replica, chunk in scores[chunk] = replica.score(images, chunk: chunk) }
    }
    return scores.reduce(Score(), +)
  }
}
