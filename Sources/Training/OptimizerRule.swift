/// How weights follow gradients.
public struct OptimizerRule: Sendable, Hashable {
  /// The family of the update.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// v ← momentum v + g + weight_decay w; w ← w − rate v, as PyTorch's SGD.
    case sgd
    /// Adam with decoupled weight decay, as PyTorch's AdamW.
    case adamw
  }

  /// What becomes of the optimizer's state (momentum, Adam's moments) when models are aggregated.
  public enum StateRule: String, Sendable, Hashable, CaseIterable {
    /// Each round begins with none: what federated code does that makes a new optimizer a round.
    case reset
    /// Each device keeps its own.
    case kept
    /// It is aggregated as the weights are, by Eq. (6).
    case averaged
  }

  /// The family.
  public var kind: Kind
  /// The learning rate before ``schedule``.
  public var learningRate: Double
  /// Momentum of `sgd`.
  public var momentum: Double
  /// Weight decay; added to the gradient by `sgd`, decoupled in `adamw`.
  public var weightDecay: Double
  /// Decay of Adam's first moment.
  public var beta1: Double
  /// Decay of Adam's second moment.
  public var beta2: Double
  /// Adam's term in the denominator.
  public var epsilon: Double
  /// Largest Euclidean norm of all gradients of a model together; longer ones are scaled down to it. `nil`: no limit.
  public var gradientClip: Double?
  /// How the rate changes over rounds.
  public var schedule: LearningRateSchedule
  /// What becomes of the state at aggregation. `sl`, `sfl-v2`, `ll` and `cl` aggregate no server part and keep theirs
  /// unless it is ``StateRule/reset``.
  public var state: StateRule

  /// Plain stochastic gradient descent unless more is said.
  public init(
    kind: Kind = .sgd, learningRate: Double = 0.01, momentum: Double = 0.9, weightDecay: Double = 0,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, gradientClip: Double? = nil,
    schedule: LearningRateSchedule = LearningRateSchedule(), state: StateRule = .reset
  ) {
    self.kind = kind
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.gradientClip = gradientClip
    self.schedule = schedule
    self.state = state
  }
}

extension OptimizerRule {
  /// The learning rate of round `round` of `rounds`, after its schedule.
  public func learningRate(round: Int, of rounds: Int) -> Double {
    learningRate * schedule.factor(round: round, of: rounds)
  }
}

extension OptimizerRule {
  /// Numbers that it keeps beside each parameter: Adam's two moments, or a momentum that is not 0.
  public var statesPerParameter: Int { kind == .adamw ? 2 : momentum > 0 ? 1 : 0 }
}
