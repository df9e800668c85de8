import JSON
import Scenario
import Simulation
import Training

/// What a run of a sweep keeps in files.
struct RunFiles: Sendable {
  /// The folder and the traces that it keeps there.
  var traces: (folder: String, selection: TraceSelection)?
  /// The file in which it keeps weights, and which.
  var weights: (file: String, choice: WeightsChoice)?
  /// Where and when it saves checkpoints.
  var checkpoints: Checkpoints?

  /// How a run saves checkpoints.
  struct Checkpoints: Sendable {
    /// The folder of them, where no traces are kept; it goes when the run has ended.
    var folder: String
    /// What the run's figures depend on: checkpoints of another key are none.
    var key: String
    /// How many rounds there are from one to the next.
    var every: Int
    /// Whether the run is to stop after its round, with a checkpoint.
    var isStopping: @Sendable () -> Bool
  }

  /// The folder of its traces and checkpoints.
  var folder: String? { traces?.folder ?? checkpoints?.folder }
  /// Whether checkpoints keep the weights of the best round.
  var keepsBest: Bool { checkpoints != nil && weights?.choice == .best }
}

/// A run was asked to stop and has saved a checkpoint.
struct RunStopped: Error {}

extension RunFiles {
  /// What the folder keeps of how the run began: checkpoints of other files are none either.
  var options: JSONValue {
    guard let checkpoints else { return [:] }
    return [
      "sweep": .string(checkpoints.key), "traces": .array((traces?.selection.words ?? []).map(JSONValue.string)),
      "keeps_best": .bool(keepsBest),
    ]
  }
}
