import Foundation
import Synchronization
import Training

/// One device's training from one version of the model, before the merge that it belongs to is known.
///
/// What comes of it depends on that version, the device's data and streams, its bits and what it keeps of its own: not on when it is
/// trained, nor on what is trained beside it.
final class Contribution: @unchecked Sendable {
  /// Who trains, and from what.
  let participant: RoundWork.Participant
  /// What the device has kept so far.
  let own: TrainerState.DeviceState
  /// What it came to, once it is done.
  var result = DeviceResult()
  /// The trained part of its model, likewise; `nil` where the version is not kept any more.
  var weights: FloatBuffer?
  /// Its optimizers' states, where devices keep them.
  var optimizers: (device: FloatBuffer, server: FloatBuffer)?

  private let isUnwanted = Atomic<Bool>(false)
  /// Whether all is there, and who waits for it, under ``lock``.
  private var isDone = false
  private var next: (() -> Void)?
  private let lock = NSLock()

  init(_ participant: RoundWork.Participant, own: TrainerState.DeviceState) {
    self.participant = participant
    self.own = own
  }

  /// Whether it is this device's training, from this version, with as many bits and cut there.
  func isOf(_ other: RoundWork.Participant) -> Bool {
    (participant.device, participant.version, participant.bits, participant.cut)
      == (other.device, other.version, other.bits, other.cut)
  }

  /// Says that nobody will ask for it: training stops after the step under way.
  func drop() { isUnwanted.store(true, ordering: .relaxed) }

  /// Whether somebody may ask for it.
  var isWanted: Bool { !isUnwanted.load(ordering: .relaxed) }

  /// Has `body` done once it is done, by the thread that ends it, or at once.
  func whenDone(_ body: @escaping () -> Void) {
    let isOver = lock.withLock {
      if !isDone { next = body }
      return isDone
    }
    if isOver { body() }
  }

  /// Notes that all is there.
  func end() {
    let body = lock.withLock {
      isDone = true
      return next.take()
    }
    body?()
  }
}
