import CTensor
import Dispatch
import Foundation
import Randomness
import Synchronization
import Testing
import Training

@testable import SplitViT

@Suite("Work that other threads help with")
struct SharedWorkTests {
  /// Does `body` while so many threads wait with nothing else to do, and share the smallest work.
  private func helped(
    by count: Int, sleeping: Bool = false, scratch: Int = 0, _ body: (SharedWork) throws -> Void
  ) rethrows {
    let helpers = Helpers(threads: count + 1, scratch: scratch)
    helpers.leastElements = 1
    let isOver = Over()
    for _ in 0..<count {
      Thread {
        helpers.help { isOver.value.load(ordering: .sequentiallyConsistent) }
        isOver.left.signal()
      }.start()
    }
    while helpers.waiting.load(ordering: .relaxed) < count { usleep(100) }
    while sleeping, helpers.asleep.load(ordering: .relaxed) < count { usleep(100) }
    defer {
      isOver.value.store(true, ordering: .sequentiallyConsistent)
      helpers.wake()
      for _ in 0..<count { isOver.left.wait() }
    }
    try body(helpers.works[0])
  }

  private final class Over: Sendable {
    let value = Atomic<Bool>(false)
    let left = DispatchSemaphore(value: 0)
  }

  @Test("each thread takes a piece, also who has gone to sleep", arguments: [1, 4], [false, true])
  func rendezvous(helpers: Int, sleeping: Bool) {
    helped(by: helpers, sleeping: sleeping) { work in
      for _ in 1...20 {
        let begun = Atomic<Int>(0)
        // Nobody ends before all have begun.
        SharedWork.share(work, helpers + 1, grain: 1, each: 1) { items, _ in
          begun.add(items.count, ordering: .sequentiallyConsistent)
          while begun.load(ordering: .sequentiallyConsistent) <= helpers { usleep(10) }
        }
        #expect(begun.load(ordering: .relaxed) == helpers + 1)
      }
    }
  }

  @Test("every item is done once before sharing ends, whatever the grain, and only helpers bring memory")
  func items() {
    helped(by: 3, scratch: 8) { work in
      for count in [1, 2, 15, 16, 17, 64, 1000] {
        for grain in [1, 12, 16] {
          var done = [Int](repeating: 0, count: count)
          let own = pthread_self()
          done.withUnsafeMutableBufferPointer { done in
            nonisolated(unsafe) let done = done
            SharedWork.share(work, count, grain: grain, each: 1) { items, memory in
              #expect((memory == nil) == (pthread_equal(pthread_self(), own) != 0))
              memory?.update(repeating: 1, count: 8)
              #expect(items.lowerBound % grain == 0)
              for item in items { done[item] += 1 }
            }
          }
          #expect(done.allSatisfy { $0 == 1 }, "\(count) items, grain \(grain)")
        }
      }
    }
  }

  @Test("little work is not shared")
  func small() {
    helped(by: 2) { work in
      work.helpers?.leastElements = 100
      var runs: [Range<Int>] = []
      SharedWork.share(work, 19, grain: 1, each: 10) { items, _ in runs.append(items) }
      #expect(runs == [0..<19])
    }
  }

  /// What a step leaves in a network, bit for bit.
  private struct Outcome: Equatable {
    var bits: [UInt32] = []
    var loss = 0.0
  }

  private func outcome(
    _ shape: VisionTransformer, _ kernels: tensor_kernels, cut: Cut, adapters: LowRankAdapters?,
    kind: OptimizerRule.Kind, work: SharedWork?
  ) -> Outcome {
    let count = 5
    let network = TransformerNetwork(
      shape, cut: cut, capacity: count, kernels: kernels, hasAuxiliaryHead: adapters == nil, adapters: adapters,
      work: work)
    network.fill(seed: 9)
    if let adapters, adapters.dropout > 0 {
      network.dropout = StepDropout(share: adapters.dropout, seed: Seed(1), round: 1, device: 2, step: 3)
    }
    let optimizer = Optimizer(
      OptimizerRule(kind: kind, learningRate: 0.01), count: network.parameters.count, work: work)
    var outcome = Outcome()
    for _ in 1...2 {
      network.forwardDevice(count: count)
      let labels = network.labels(count)
      labels.withUnsafeBufferPointer { labels in
        if adapters == nil { outcome.loss += network.stepAuxiliary(labels: labels, count: count).loss }
        outcome.loss += network.stepServer(labels: labels, count: count, trainable: .all).loss
      }
      if adapters == nil { network.returnAuxiliaryGradient(count: count) }
      outcome.bits += network.activationGradients.map(\.bitPattern)
      network.backwardDevice(count: count)
      outcome.bits += network.gradients.map(\.bitPattern)
      optimizer.update(
        parameters: network.parameters, gradients: network.gradients, range: 0..<network.parameters.count,
        learningRate: 0.01)
    }
    outcome.bits += network.parameters.map(\.bitPattern)
    outcome.loss += network.loss(count: count)
    return outcome
  }

  @Test("a network's steps are the same bits whoever helps with them", arguments: [1, 2, 4])
  func network(helpers: Int) throws {
    for shape in try [#require(TinyModel.odd), #require(TinyModel.mixed), #require(TinyModel.even)] {
      for (name, kernels) in Kernels.available {
        for cut: Cut in [.embedding, .afterBlock(1)] {
          for adapters in [nil, LowRankAdapters(rank: 2, alpha: 4), LowRankAdapters(rank: 3, alpha: 3, dropout: 0.3)] {
            for kind in OptimizerRule.Kind.allCases {
              let alone = outcome(shape, kernels, cut: cut, adapters: adapters, kind: kind, work: nil)
              helped(by: helpers, scratch: Operators.scratch(shape)) { work in
                let shared = outcome(shape, kernels, cut: cut, adapters: adapters, kind: kind, work: work)
                #expect(shared == alone, "\(name), width \(shape.width), \(cut), \(kind)")
              }
            }
          }
        }
      }
    }
  }
}
