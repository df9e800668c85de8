import Foundation
import Training

/// All that a trainer carries from one round to the next.
final class TrainerState {
  /// The model's weights, all of them: the aggregated one, or that of the server.
  let model: FloatBuffer
  /// The optimizer's state that goes with ``model``, for what the device updates and what the server updates.
  let optimizer: (device: FloatBuffer, server: FloatBuffer)
  /// What each device keeps for itself.
  var devices: [DeviceState]
  /// The trained part of versions before, by the round that began with them, where somebody still works on them.
  var versions: [Int: FloatBuffer] = [:]
  /// The sum of the ranks of all products that have been added to the model's matrices.
  var stack = 0
  /// The round that the model as it stands begins.
  private(set) var newest = 1
  private let lock = NSLock()

  /// What one device keeps for itself, or the server for it.
  struct DeviceState {
    /// Its own model's trained part, where models are not aggregated.
    var model: FloatBuffer?
    /// Its own optimizer's state, for what the device updates.
    var deviceOptimizer: FloatBuffer?
    /// Its own optimizer's state, for what the server updates.
    var serverOptimizer: FloatBuffer?
    /// The sum of the ranks of those products that it has been sent.
    var stack = 0
    /// Its activations, where they went up for good.
    var cache: ActivationCache?
  }

  /// A state without weights.
  init(parameters: Int, device: Optimizer, server: Optimizer, devices count: Int) {
    model = FloatBuffer(count: parameters)
    optimizer = (FloatBuffer(count: device.state.count), FloatBuffer(count: server.state.count))
    devices = Array(repeating: DeviceState(), count: count)
  }
}

extension TrainerState {
  /// Makes what `device` keeps, so that workers find it there: weights as the model's, optimizers without any state.
  func prepare(_ device: Int, model parts: ModelParts?, deviceOptimizer: Bool, serverOptimizer: Bool) {
    if let parts, devices[device].model == nil {
      let own = FloatBuffer(count: parts.trained.count)
      _ = own.values.update(fromContentsOf: model.values.run(parts.trained))
      devices[device].model = own
    }
    if deviceOptimizer, devices[device].deviceOptimizer == nil {
      devices[device].deviceOptimizer = FloatBuffer(count: optimizer.device.values.count)
    }
    if serverOptimizer, devices[device].serverOptimizer == nil {
      devices[device].serverOptimizer = FloatBuffer(count: optimizer.server.values.count)
    }
  }
}

/// Versions of the model, which any thread may read while one merges.
extension TrainerState {
  /// Says which round the model as it stands begins.
  func begin(round: Int) { lock.withLock { newest = round } }

  /// Copies the trained part of the version that round `version` began with; `false` where it is not kept.
  func read(_ version: Int, _ parts: ModelParts, into values: UnsafeMutableBufferPointer<Float>) -> Bool {
    nonisolated(unsafe) let values = values
    return lock.withLock {
      guard let weights = weights(of: version, parts) else { return false }
      _ = values.update(fromContentsOf: weights)
      return true
    }
  }

  /// The trained part of a version of the model, which stays until the next merge ends; `nil` where it is not kept.
  func weights(of version: Int, _ parts: ModelParts) -> UnsafeMutableBufferPointer<Float>? {
    version == newest ? model.values.run(parts.trained) : versions[version]?.values
  }

  /// Ends a round: the model's trained part becomes `merged`, or stays; of the versions before, those in `used` are kept.
  func endRound(_ merged: FloatBuffer?, _ parts: ModelParts, keeping used: [Int]) {
    lock.withLock {
      let current = model.values.run(parts.trained)
      if used.contains(newest) {
        let copy = FloatBuffer(count: parts.trained.count)
        _ = copy.values.update(fromContentsOf: current)
        versions[newest] = copy
      }
      if let merged { _ = current.update(fromContentsOf: merged.values) }
      versions = versions.filter { used.contains($0.key) }
      newest += 1
    }
  }
}
