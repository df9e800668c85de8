import Datasets
import Randomness
import Training

/// All that a ``SplitTrainer`` needs to know: values, whatever file they came from.
public struct TrainerSettings: Sendable {
  /// The model's shape.
  public var architecture: VisionTransformer
  /// What of it stands on the device.
  public var cut = Cut.embedding
  /// How devices and server share the training.
  public var framework = Framework.sflam
  /// Mini-batch size b; an epoch's last mini-batch is what is left.
  public var batch = 64
  /// Local epochs E of a round.
  public var localEpochs = 1
  /// Rounds of the run, which the learning rate's schedule spans.
  public var rounds: Int
  /// Root of all that is drawn.
  public var seed: Seed
  /// What is trained and evaluated on.
  public var images: ImageSet.Split
  /// How bytes become inputs.
  public var normalization: DatasetPlan.Normalization
  /// What a training sample may become before a step.
  public var augmentation = DatasetPlan.Augmentation.none
  /// Who holds which training samples.
  public var partition: Partition
  /// How weights follow gradients.
  public var optimizer = OptimizerRule()
  /// Which parameters training changes.
  public var trainable = Trainable.all
  /// Whether the device's part is trained.
  public var embedding = EmbeddingRule.trained
  /// Whether each epoch visits a device's samples in a new random order, else in the partition's.
  public var shuffles = true
  /// Rounds from one evaluation to the next; the last round is always evaluated.
  public var evaluateEvery = 1
  /// Whether each participant's own model is evaluated too, before aggregation.
  public var evaluatesLocal = false
  /// A safetensors file of first weights; `nil`: drawn ones.
  public var weights: String?
  /// What becomes of that file's head.
  public var head = HeadRule.keep

  /// Settings with the defaults above for all that is not given.
  public init(
    architecture: VisionTransformer, rounds: Int, seed: Seed, images: ImageSet.Split,
    normalization: DatasetPlan.Normalization, partition: Partition
  ) {
    self.architecture = architecture
    self.rounds = rounds
    self.seed = seed
    self.images = images
    self.normalization = normalization
    self.partition = partition
  }
}
