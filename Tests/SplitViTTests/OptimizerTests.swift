import Testing
import Training

@testable import SplitViT

@Suite("Optimizers")
struct OptimizerTests {
  /// Two updates of (1, -2, 3) along gradients (0.5, 0.25, -1) and (-1, 0.5, 2), of a larger buffer's middle.
  static func run(_ rule: OptimizerRule) -> (weights: [Float], state: [Float]) {
    var weights: [Float] = [7, 1, -2, 3, 7]
    let optimizer = Optimizer(rule, count: 3)
    for gradients: [Float] in [[9, 0.5, 0.25, -1, 9], [9, -1, 0.5, 2, 9]] {
      var gradients = gradients
      weights.withUnsafeMutableBufferPointer { weights in
        gradients.withUnsafeMutableBufferPointer {
          optimizer.update(parameters: weights, gradients: $0, range: 1..<4, learningRate: rule.learningRate)
        }
      }
    }
    #expect(weights[0] == 7 && weights[4] == 7)
    return (Array(weights[1...3]), Array(optimizer.state))
  }

  static func isClose(_ one: [Float], _ other: [Float]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= 2e-6 * max(1, abs($1)) }
  }

  @Test("plain descent goes against the gradient and keeps no state")
  func plain() {
    // 1 - 0.1 (0.5 - 1), -2 - 0.1 (0.25 + 0.5), 3 - 0.1 (-1 + 2)
    let (weights, state) = Self.run(OptimizerRule(learningRate: 0.1, momentum: 0))
    #expect(Self.isClose(weights, [1.05, -2.075, 2.9]))
    #expect(state.isEmpty)
  }

  @Test("momentum and weight decay as PyTorch's SGD has them")
  func momentum() {
    // torch.optim.SGD(lr=0.1, momentum=0.9, weight_decay=0.01). By hand for the first element: v = 0.5 + 0.01 = 0.51,
    // w = 0.949; v = 0.9 0.51 - 1 + 0.00949 = -0.53151, w = 1.002151.
    // Second: v = 0.25 - 0.02 = 0.23, w = -2.023; v = 0.207 + 0.5 - 0.02023 = 0.68677, w = -2.091677.
    // Third: v = -1 + 0.03 = -0.97, w = 3.097; v = -0.873 + 2 + 0.03097 = 1.15797, w = 2.981203.
    let (weights, state) = Self.run(OptimizerRule(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01))
    #expect(Self.isClose(weights, [1.002151, -2.091677, 2.981203]))
    #expect(Self.isClose(state, [-0.53151, 0.68677, 1.15797]))
  }

  @Test("Adam with decoupled weight decay as PyTorch's AdamW")
  func adamw() {
    // torch.optim.AdamW(lr=0.1, weight_decay=0.1) in double precision. By hand, the first step is
    // w (1 - 0.01) - 0.1 sign(g), so 0.89, -2.08, 3.07.
    let (weights, state) = Self.run(OptimizerRule(kind: .adamw, learningRate: 0.1, weightDecay: 0.1))
    #expect(Self.isClose(weights, [0.91771035, -2.15571820, 3.00268965]))
    #expect(Self.isClose(state, [-0.055, 0.0725, 0.11, 0.00124975, 0.0003124375, 0.004999]))
  }

  @Test("an optimizer that was reset is as new")
  func reset() {
    for rule in [OptimizerRule(), OptimizerRule(kind: .adamw)] {
      let optimizer = Optimizer(rule, count: 9)
      func update() -> [Float] {
        var weights = [Float](repeating: 1, count: 9)
        var gradients = (0..<9).map { Float($0) - 4 }
        weights.withUnsafeMutableBufferPointer { weights in
          gradients.withUnsafeMutableBufferPointer {
            optimizer.update(parameters: weights, gradients: $0, range: 0..<9, learningRate: 0.1)
          }
        }
        return weights + optimizer.state
      }
      let first = update()
      #expect(update() != first)
      optimizer.reset()
      #expect(optimizer.steps == 0)
      #expect(update() == first)
    }
  }

  @Test("gradients longer than the limit are scaled down to it, shorter ones stay")
  func clip() {
    var gradients: [Float] = [3, 0, -4, 12]
    gradients.withUnsafeMutableBufferPointer {
      #expect(Gradients.norm($0) == 13)
      Gradients.clip($0, to: nil)
      Gradients.clip($0, to: 13.1)
      #expect(Array($0) == [3, 0, -4, 12])
      Gradients.clip($0, to: 6.5)
      #expect(Self.isClose(Array($0), [1.5, 0, -2, 6]))
      // As a part of a longer vector, of norm 26.
      Gradients.clip($0, to: 13, norm: 26)
      #expect(Self.isClose(Array($0), [0.75, 0, -1, 3]))
    }
  }
}
