import JSON
import Scenario
import Simulation
import Trace
import Training

/// What a run of a sweep keeps in files.
struct RunFiles: Sendable {
  /// The folder and the traces that it keeps there.
  var traces: (folder: String, selection: TraceSelection)?
  /// The file in which it keeps weights, and which.
  var weights: (file: String, choice: WeightsChoice)?
  /// Where and when it saves checkpoints.
  var checkpoints: Checkpoints?

  /// How a run saves checkpoints, and what it goes on from.
  struct Checkpoints: Sendable {
    /// The folder of them, where no traces are kept; it goes once the run's figures are kept.
    var folder: String
    /// What the run's figures depend on: checkpoints of another key are none.
    var key: String
    /// How many rounds there are from one to the next; `nil`: none is saved, and the run goes on from one that is there.
    var every: Int?
    /// Whether the run is to stop after its round, with a checkpoint.
    var isStopping: @Sendable () -> Bool = { false }
    /// Hears what became of a checkpoint, on the thread of the run.
    var tell: @Sendable (CheckpointNews) -> Void
  }

  /// The folder of its traces and checkpoints.
  var folder: String? { traces?.folder ?? checkpoints?.folder }
  /// Whether it saves checkpoints.
  var savesCheckpoints: Bool { checkpoints?.every != nil }
}

/// What became of the checkpoint of a sweep's run.
public enum CheckpointNews: Sendable {
  /// The run goes on after this round.
  case goesOn(round: Int)
  /// The run begins anew, since its checkpoint cannot be used.
  case beginsAnew(reason: String)
  /// Its trainer, a program, saves no state: it begins anew and saves no checkpoint, or stops without one.
  case savesNone(reason: String)
}

/// A run was asked to stop and has saved a checkpoint, where it could.
struct RunStopped: Error {}

/// A trainer saves no state. What it had learned may be gone.
struct NoStateSaved: Error {
  var reason: String
}

extension RunFiles {
  /// What the folder keeps of how the run began: checkpoints of other files are none either.
  func options(keepsBest: Bool) -> JSONValue {
    guard let checkpoints else { return [:] }
    return [
      "sweep": .string(checkpoints.key), "traces": .array((traces?.selection.words ?? []).map(JSONValue.string)),
      "keeps_best": .bool(keepsBest),
    ]
  }

  /// Removes what the run, whose figures are kept, would have gone on from.
  ///
  /// - Throws: `TraceError`.
  func removeCheckpoint() throws(TraceError) {
    guard let checkpoints else { return }
    try RunFolder.remove(checkpoints.folder)
    if let traces { try RunFolder.removeCheckpoint(of: traces.folder) }
  }

  /// Removes what a run that failed has left, unless it saved a checkpoint, from which it may be tried again.
  ///
  /// - Throws: `TraceError`.
  func removeUnlessSaved() throws(TraceError) {
    guard let checkpoints, !RunFolder.hasCheckpoint(checkpoints.folder) else { return }
    try RunFolder.remove(checkpoints.folder)
  }
}
