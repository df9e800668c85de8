import Simulation
import Trace
import Training

/// The weights of a run's last or best round, in a file that appears when the run has ended.
struct KeptWeights {
  private let path: String
  private let choice: WeightsChoice
  /// The file of the best round so far, and its test accuracy.
  private var best: (file: AtomicFile, testAccuracy: Double)?

  /// The file at `path`, in a folder of results; the folders above it are made.
  ///
  /// - Throws: `TraceError`.
  init(path: String, choice: WeightsChoice) throws(TraceError) {
    if let slash = path.lastIndex(of: "/") { try FileSystem.createFolder(String(path[..<slash])) }
    self.path = path
    self.choice = choice
  }

  /// Takes note of a round, after which `trainer` has the model.
  ///
  /// - Throws: `TraceError`, or what a trainer throws.
  mutating func add(_ learning: RoundLearning?, of trainer: any Trainer) throws {
    guard choice == .best, let accuracy = learning?.testAccuracy, accuracy > best?.testAccuracy ?? -.infinity else {
      return
    }
    let file = try AtomicFile(path: path, origin: .folder)
    best = (file, accuracy)
    try trainer.writeWeights(to: file.file)
  }

  /// Puts the file in its place.
  ///
  /// - Parameter recorder: What keeps the best weights, in checkpoints; `nil`: ``add(_:of:)`` has.
  /// - Throws: `TraceError`, what a trainer throws, and `SimulationError` where no round can be the best.
  func finish(with trainer: any Trainer, best recorder: Recorder?) throws {
    switch choice {
    case .last: try AtomicFile.write(to: path, origin: .folder) { try trainer.writeWeights(to: $0) }
    case .best:
      if let recorder, recorder.bestWeights != nil { return try recorder.writeBestWeights(to: path, origin: .folder) }
      guard let best else {
        throw SimulationError("there are no best weights: no round was judged on a test set", isBadInput: true)
      }
      try best.file.finish()
    }
  }

  /// Gives the file up.
  func discard() { best?.file.discard() }
}
