import Datasets
import Randomness
import Training

/// All that a ``SplitTrainer`` needs to know: values, whatever file they came from.
@dynamicMemberLookup
public struct TrainerSettings: Sendable {
  /// The model's shape.
  public var architecture: VisionTransformer
  /// What of it stands on the device.
  public var cut = Cut.embedding
  /// What else of it may stand on a device, where each has a choice; ``cut`` is the first of that list.
  public var otherCuts: [Cut] = []
  /// The rank of the adapters that stand on each device, empty where all have that of the recipe.
  public var adapterRanks: [Int] = []
  /// How devices and server share the training.
  public var framework = Framework.sflam
  /// How the model is trained; its members are the settings' too.
  public var recipe: TrainingRecipe
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
  /// A safetensors file of first weights; `nil`: drawn ones.
  public var weights: String?
  /// Bits per element of the gradient that comes back over the cut, rounded as activations are, Eq. (7); 32: as it is.
  public var gradientBits = 32
  /// How large a quantised tensor is on the air: what ``SplitTrainer`` lists it with.
  public var payload = PayloadRule.approximate
  /// Versions of the model before the newest that are kept at most, since devices work on them while others merge.
  public var versions = 0
  /// Devices that train in one round at most; `nil`: all.
  public var participants: Int?
  /// What norms add to a variance: what the weights were made with, where a file of them is named.
  var normEpsilon = 1e-6
  /// What becomes of that file's head.
  public var head = HeadRule.keep

  /// Settings with the defaults above for all that is not given.
  public init(
    architecture: VisionTransformer, recipe: TrainingRecipe, rounds: Int, seed: Seed, images: ImageSet.Split,
    normalization: DatasetPlan.Normalization, partition: Partition
  ) {
    self.architecture = architecture
    self.recipe = recipe
    self.rounds = rounds
    self.seed = seed
    self.images = images
    self.normalization = normalization
    self.partition = partition
  }

  /// Every cut that a device may have.
  var cuts: [Cut] { [cut] + otherCuts }

  /// The cut with the most blocks on the device, for which memory is planned.
  var deepestCut: Cut { cuts.max { $0.deviceBlocks < $1.deviceBlocks } ?? cut }

  /// A member of the recipe.
  public subscript<Value>(dynamicMember member: WritableKeyPath<TrainingRecipe, Value>) -> Value {
    get { recipe[keyPath: member] }
    set { recipe[keyPath: member] = newValue }
  }
}
