import CElementary
import CTensor
import Training

/// An optimizer's rule and its state over a range of the flat buffer, allocated once.
public final class Optimizer {
  /// What is computed.
  public let rule: OptimizerRule
  /// Elements that it has state for.
  public let count: Int
  /// Momentum (`sgd`, `count` elements; none where the momentum is 0), or first moments and then second ones (`adamw`,
  /// 2 × `count`). Zero at first.
  public let state: UnsafeMutableBufferPointer<Float>
  /// Updates since ``reset()``: t of Adam's bias corrections.
  public var steps = 0
  private let work: SharedWork?

  /// An optimizer for `count` elements, with all state zero.
  public convenience init(_ rule: OptimizerRule, count: Int) { self.init(rule, count: count, work: nil) }

  /// An optimizer whose updates others may help with.
  init(_ rule: OptimizerRule, count: Int, work: SharedWork?) {
    self.rule = rule
    self.count = count
    self.work = work
    state = UnsafeMutableBufferPointer.allocate(capacity: rule.statesPerParameter * count)
    state.initialize(repeating: 0)
  }

  deinit { state.deallocate() }

  /// Forgets all state.
  public func reset() {
    state.update(repeating: 0)
    steps = 0
  }

  /// Moves the parameters of `runs`, together as many as the optimizer has state for, against their gradients.
  ///
  /// `sgd`: v ← μ v + (g + λ w), w ← w − η v. `adamw`: w ← (1 − η λ) w, m ← β₁ m + (1 − β₁) g,
  /// v ← β₂ v + (1 − β₂) g², w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). Both as PyTorch 2 has them.
  ///
  /// - Parameters:
  ///   - parameters: The flat buffer of weights.
  ///   - gradients: The flat buffer of gradients, of the same layout.
  ///   - runs: What is updated, in the order of the state.
  ///   - learningRate: η, after the schedule.
  public func update(
    parameters: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>, runs: [Range<Int>],
    learningRate: Double
  ) {
    steps += 1
    var place = 0
    for run in runs {
      update(parameters: parameters, gradients: gradients, run, place: place, learningRate: learningRate)
      place += run.count
    }
    precondition(place == count)
  }

  /// Moves the parameters of one run, as many as the optimizer has state for.
  public func update(
    parameters: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>, range: Range<Int>,
    learningRate: Double
  ) {
    precondition(range.count == count)
    steps += 1
    update(parameters: parameters, gradients: gradients, range, place: 0, learningRate: learningRate)
  }

  /// Moves the parameters of `range`, whose state begins at `place`.
  private func update(
    parameters: UnsafeMutableBufferPointer<Float>, gradients: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>,
    place: Int, learningRate: Double
  ) {
    precondition(place + range.count <= count && range.upperBound <= min(parameters.count, gradients.count))
    guard let weights = parameters.baseAddress, let gradients = gradients.baseAddress, !range.isEmpty else { return }
    let correction1 = 1 - elementary_pow(rule.beta1, Double(steps))
    let correction2 = 1 - elementary_pow(rule.beta2, Double(steps))
    SharedWork.share(work, range.count, grain: 16, each: 4) { run, _ in
      let gradient = gradients + range.lowerBound + run.lowerBound
      let weight = weights + range.lowerBound + run.lowerBound
      let state = state.isEmpty ? nil : state.baseAddress.map { $0 + place + run.lowerBound }
      switch rule.kind {
      case .sgd:
        Kernels.best.sgd(
          run.count, Float(learningRate), Float(rule.momentum), Float(rule.weightDecay), gradient, state, weight)
      case .adamw:
        guard let state else { return }
        Kernels.best.adamw(
          run.count, Float(learningRate / correction1), Float(1 - learningRate * rule.weightDecay),
          Float(1 - rule.beta1), Float(rule.beta2), Float(1 - rule.beta2), Float(1 / correction2.squareRoot()),
          Float(rule.epsilon), gradient, state, state + count, weight)
      }
    }
  }
}
