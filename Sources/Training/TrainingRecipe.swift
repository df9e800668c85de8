/// How a model is trained, whatever trains it, on what and for how long.
public struct TrainingRecipe: Sendable, Hashable {
  /// Mini-batch size b; an epoch's last mini-batch is what is left.
  public var batch: Int
  /// Local epochs E of a round.
  public var localEpochs: Int
  /// How weights follow gradients.
  public var optimizer: OptimizerRule
  /// Which parameters training changes.
  public var trainable: Trainable
  /// Adapters that are trained in the place of the model, with its head; ``trainable`` is then all, and ``embedding`` frozen where
  /// none of them stands before the cut, see ``LowRankAdapters/freezesDevicePart(cut:)``.
  public var adapters: LowRankAdapters?
  /// Whether the device's part is trained, where ``trainable`` does not say that it is not.
  public var embedding: EmbeddingRule
  /// Where the labels of a split model are, and with them its head.
  public var labels: Labels
  /// What trains the device's part of a split model, where it is trained.
  public var gradient: CutGradient
  /// Whether each epoch visits a device's samples in a new random order, else in the partition's.
  public var shuffles: Bool
  /// Rounds from one evaluation on the test set to the next; the last round is always evaluated.
  public var evaluateEvery: Int
  /// Whether each participant's own model is evaluated too, before aggregation.
  public var evaluatesLocal: Bool

  /// A recipe; the defaults are those of a scenario.
  public init(
    batch: Int = 64, localEpochs: Int = 10, optimizer: OptimizerRule = OptimizerRule(), trainable: Trainable = .all,
    adapters: LowRankAdapters? = nil, embedding: EmbeddingRule = .trained, labels: Labels = .server,
    gradient: CutGradient = .returned,
    shuffles: Bool = true, evaluateEvery: Int = 1, evaluatesLocal: Bool = true
  ) {
    self.batch = batch
    self.localEpochs = localEpochs
    self.optimizer = optimizer
    self.trainable = trainable
    self.adapters = adapters
    self.embedding = embedding
    self.labels = labels
    self.gradient = gradient
    self.shuffles = shuffles
    self.evaluateEvery = evaluateEvery
    self.evaluatesLocal = evaluatesLocal
  }

  /// The recipe of a device whose adapters have this rank, and the same s; its own where there is none.
  public func with(adapterRank rank: Int?) -> TrainingRecipe {
    var recipe = self
    if let rank { recipe.adapters?.rank = rank }
    return recipe
  }

  /// Whether the device's part of a split model stays as it was loaded: because the recipe says so, or because the head alone
  /// is trained, and no gradient comes back over the cut.
  public var freezesDevicePart: Bool { embedding == .frozen || trainable == .head }

  /// Whether a sample's activations never change, so that the server may keep those of a device's first round, and takes later
  /// steps alone. Where the device has the labels, it has a part in each step, and sends all of it (our choice).
  ///
  /// - Parameter isAugmented: Whether a sample may be another one in another step.
  public func keepsActivations(_ traits: Framework.Traits, isAugmented: Bool) -> Bool {
    traits.upload == .activations && traits.labels == .server && freezesDevicePart && !isAugmented
  }
}
