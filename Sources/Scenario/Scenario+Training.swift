import Datasets
import Training

extension Scenario {
  /// How the model is trained, on what and by what.
  @dynamicMemberLookup
  public struct TrainingPlan: Sendable, Hashable {
    /// What computes the training.
    public enum Trainer: Sendable, Hashable {
      /// Nothing does: times and joules only.
      case none
      /// A Vision Transformer is trained on real images.
      case vit
      /// A program of its own does.
      case external(ExternalCommand)
    }

    /// Which trainer.
    public var trainer: Trainer
    /// How the model is trained, whatever trains it; its members are the plan's too.
    public var recipe: TrainingRecipe
    /// The images; `nil`: none, and `devices.samples` says how many each device would have.
    public var dataset: DatasetPlan?
    /// Who holds which training samples.
    public var partition: PartitionRule
    /// Whether `devices.samples` says how many samples each device gets from the data set. Where it does not, the
    /// partition's rule alone decides.
    public var takesDeviceSamples: Bool
    /// Test accuracy at which a run ends; `nil`: it goes through all rounds.
    public var stopAtAccuracy: Double?
    /// How `airsplit pretrain` trains.
    public var pretraining: PretrainingPlan

    /// A plan without training unless more is said.
    public init(
      trainer: Trainer = .none, recipe: TrainingRecipe = TrainingRecipe(), dataset: DatasetPlan? = nil,
      partition: PartitionRule = .dirichlet(alpha: 0.3, minimumSamples: 10), takesDeviceSamples: Bool = false,
      stopAtAccuracy: Double? = nil, pretraining: PretrainingPlan = PretrainingPlan()
    ) {
      self.trainer = trainer
      self.recipe = recipe
      self.dataset = dataset
      self.partition = partition
      self.takesDeviceSamples = takesDeviceSamples
      self.stopAtAccuracy = stopAtAccuracy
      self.pretraining = pretraining
    }

    /// A member of the recipe.
    public subscript<Value>(dynamicMember member: WritableKeyPath<TrainingRecipe, Value>) -> Value {
      get { recipe[keyPath: member] }
      set { recipe[keyPath: member] = newValue }
    }
  }

  /// What `airsplit pretrain` trains on, centrally: a public part of the scenario's data set.
  public struct PretrainingPlan: Sendable, Hashable {
    /// Training samples to pass over; `nil`: those that the devices may hold.
    public var trainOffset: Int?
    /// Training samples to use; `nil`: all that are left.
    public var trainLimit: Int?
    /// Classes to use, in this order as labels 0, 1, …; `nil`: those of the data set's plan.
    public var classes: [Int]?
    /// Passes over the samples.
    public var epochs: Int
    /// Mini-batch size.
    public var batch: Int
    /// How weights follow gradients; its schedule counts epochs as rounds.
    public var optimizer: OptimizerRule

    /// A plan for what the devices leave over.
    public init(
      trainOffset: Int? = nil, trainLimit: Int? = nil, classes: [Int]? = nil, epochs: Int = 5, batch: Int = 64,
      optimizer: OptimizerRule = OptimizerRule()
    ) {
      self.trainOffset = trainOffset
      self.trainLimit = trainLimit
      self.classes = classes
      self.epochs = epochs
      self.batch = batch
      self.optimizer = optimizer
    }
  }

  /// A file that the model's weights are loaded from, or several.
  public struct WeightsSource: Sendable, Hashable {
    /// The file, in safetensors format, or the index of several.
    public var path: String
    /// The names of the files that an index names, which lie beside it; empty where ``path`` is the only one.
    public var files: [String]

    /// The file at `path`, or those that the index there names.
    public init(path: String, files: [String] = []) { (self.path, self.files) = (path, files) }
  }
}

extension Scenario.TrainingPlan {
  /// The images that `airsplit pretrain` trains on, with their test part; `nil` where there is no data set, or where
  /// the devices may hold all of it and no `train_offset` says otherwise.
  ///
  /// The default offset keeps the two apart: 0 where they share no class, else behind the last sample that the devices
  /// use. Offsets count samples of the chosen classes.
  public var pretrainingDataset: DatasetPlan? {
    guard var plan = dataset else { return nil }
    let sharesClasses = pretraining.classes.map { own in
      own.contains { plan.classes?.contains($0) ?? true }
    }
    if let offset = pretraining.trainOffset {
      plan.trainOffset = offset
    } else if sharesClasses == false {
      plan.trainOffset = 0
    } else if let limit = plan.trainLimit {
      plan.trainOffset += limit
    } else {
      return nil
    }
    plan.trainLimit = pretraining.trainLimit
    if let classes = pretraining.classes { plan.classes = classes }
    return plan
  }
}
