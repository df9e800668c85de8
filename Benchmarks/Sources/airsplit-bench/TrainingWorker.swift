import ArgumentParser
import Dispatch
import Foundation
import Randomness
import SplitViT
import Training

/// The models that the verb `train` knows.
enum TrainingModel: String, ExpressibleByArgument, CaseIterable {
  case small
  case vitBasePatch32 = "vit_base_patch32_224"

  var architecture: VisionTransformer {
    get throws {
      switch self {
      case .small:
        try VisionTransformer(image: 28, channels: 1, patch: 7, width: 192, depth: 6, heads: 3, classes: 10)
      case .vitBasePatch32:
        try VisionTransformer(image: 224, channels: 3, patch: 32, width: 768, depth: 12, heads: 12, classes: 10)
      }
    }
  }

  /// Samples a step.
  var batch: Int { self == .small ? 64 : 16 }

  /// Steps worth a second or more.
  var steps: Int { self == .small ? 8 : 1 }
}

/// One device with its model, and the server's copy for it: all that a step of training needs, for one thread at a time.
///
/// Nothing is shared between two workers, so each may run on a thread of its own.
final class TrainingWorker: @unchecked Sendable {
  let network: TransformerNetwork
  /// Seconds in quantise, pack and unpack.
  private(set) var quantizeSeconds = 0.0
  /// Seconds of the processor in the last run.
  private var processorSeconds = 0.0

  private let labels: [UInt8]
  private let optimizer: Optimizer
  private let packed = PackedActivations()
  private var stream: RandomStream

  /// A model with Gaussian weights, and adapters if there are any, and a mini-batch of Gaussian images.
  init(_ architecture: VisionTransformer, batch: Int, device: Int, adapters: LowRankAdapters? = nil) {
    network = TransformerNetwork(architecture, capacity: batch, adapters: adapters)
    optimizer = Optimizer(OptimizerRule(), count: network.parameters.count)
    let seed = Seed(1)
    stream = seed.stream(.quantization, 1, device)
    labels = (0..<batch).map { UInt8($0 % architecture.classes) }
    for (index, tensor) in network.layout.tensors.enumerated() {
      var draws = seed.stream(.weights, index)
      let isNormWeight = tensor.name.contains("norm") && tensor.name.hasSuffix("weight")
      let first = network.layout.ownRange.lowerBound
      for place in tensor.range {
        let value = Float(draws.gaussian(mean: isNormWeight ? 1 : 0, standardDeviation: 0.02))
        if place < first { network.frozenWeights[place] = value } else { network.parameters[place - first] = value }
      }
    }
    var draws = seed.stream(.images, device)
    for place in network.input.indices { network.input[place] = Float(draws.gaussian()) }
  }

  /// Forward, quantised activations over the air, forward and backward on the server, backward, both updates.
  ///
  /// - Returns: The mean loss.
  @discardableResult
  func step(bits: Int) throws -> Double {
    let batch = labels.count
    network.forwardDevice(count: batch)
    let start = ContinuousClock.now
    try packed.pack(UnsafeBufferPointer(network.activations), bits: bits, stream: &stream)
    packed.unpack(into: network.activations)
    quantizeSeconds += (ContinuousClock.now - start) / .seconds(1)
    let loss = labels.withUnsafeBufferPointer { network.stepServer(labels: $0, count: batch, trainable: .all).loss }
    network.backwardDevice(count: batch)
    optimizer.update(
      parameters: network.parameters, gradients: network.gradients, range: 0..<network.parameters.count,
      learningRate: 0.01)
    return loss
  }

  /// All parameters, the images and the labels as float32, one after another.
  func write(to file: URL) throws {
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    for numbers in [network.frozenWeights, network.parameters, network.input] {
      try handle.write(contentsOf: UnsafeRawBufferPointer(numbers))
    }
    try labels.map(Float.init).withUnsafeBytes { try handle.write(contentsOf: $0) }
  }

  /// Steps of all workers side by side, each on a thread of its own, started together.
  static func run(_ workers: ArraySlice<TrainingWorker>, steps: Int, bits: Int) throws -> Timing {
    let (begin, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let failures = Failures()
    for worker in workers {
      Thread {
        begin.wait()
        let start = threadProcessorSeconds()
        do { for _ in 0..<steps { try worker.step(bits: bits) } } catch { failures.add(error) }
        worker.processorSeconds = threadProcessorSeconds() - start
        end.signal()
      }.start()
    }
    let start = ContinuousClock.now
    for _ in workers { begin.signal() }
    for _ in workers { end.wait() }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    if let first = failures.first { throw first }
    return Timing(
      elapsed: elapsed, processor: workers.reduce(0) { $0 + $1.processorSeconds } / Double(workers.count))
  }

  /// What went wrong on the threads.
  private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var first: (any Error)?

    func add(_ error: any Error) {
      lock.withLock { first = first ?? error }
    }
  }
}
