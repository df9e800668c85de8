/// Which images a run trains and evaluates on, as a scenario says it.
public struct DatasetPlan: Sendable, Hashable {
  /// A data set that can be read or made.
  public enum Name: String, Sendable, Hashable, CaseIterable {
    /// 70,000 grey images of 28 × 28 in 10 classes of clothing, IDX files.
    case fashionMNIST = "fashion-mnist"
    /// 60,000 colour images of 32 × 32 in 10 classes, official binary files.
    case cifar10
    /// 60,000 colour images of 32 × 32 in 100 classes, official binary files.
    case cifar100
    /// Generated from the seed, without any file: each class a pattern of its own under noise.
    case synthetic
    /// Anybody's own images: an `.npz` file as MedMNIST's, or a folder of `.npy` or IDX files.
    case own
  }

  /// Which data set.
  public var name: Name
  /// The folder of its files, or the `.npz` file; `nil`: where the system's package puts them, if there is one.
  public var path: String?
  /// Classes that labels of ``Name/own`` images may name, from 0 on, where ``classes`` chooses none: as many as the model has outputs.
  public var ownClasses: Int
  /// Training samples to pass over before the first one used.
  public var trainOffset: Int
  /// Training samples to use; `nil`: all that are left.
  public var trainLimit: Int?
  /// Test samples to use, the first ones; `nil`: all.
  public var testLimit: Int?
  /// Where the images come from that the model is evaluated on.
  public var evaluation: Evaluation
  /// Classes to use, in this order as labels 0, 1, …; `nil`: all. Limits count what is left.
  public var classes: [Int]?
  /// What is taken off and divided by.
  public var normalization: Normalization
  /// What a sample may become before a step.
  public var augmentation: Augmentation

  /// Images that the model is evaluated on.
  public enum Evaluation: String, Sendable, Hashable, CaseIterable {
    /// The data set's test part.
    case test
    /// The last images of the training part, which training then leaves alone: for choosing a learning rate.
    case validation
  }

  /// How bytes become inputs: (pixel / 255 − mean) / std, channel by channel.
  public struct Normalization: Sendable, Hashable {
    /// A mean a channel.
    public var mean: [Double]
    /// A standard deviation a channel, above 0.
    public var std: [Double]

    /// A rule with as many means as deviations: one, or one a channel.
    public init(mean: [Double], std: [Double]) {
      self.mean = mean
      self.std = std
    }
  }

  /// Random changes of training samples.
  public enum Augmentation: String, Sendable, Hashable, CaseIterable {
    /// None.
    case none
    /// Left and right change places with probability 1/2.
    case flip
  }

  /// A plan for the whole of a data set with its usual normalisation.
  public init(
    name: Name, path: String? = nil, trainOffset: Int = 0, trainLimit: Int? = nil, testLimit: Int? = nil,
    evaluation: Evaluation = .test, classes: [Int]? = nil, normalization: Normalization? = nil,
    augmentation: Augmentation = .none, ownClasses: Int = Name.own.classes
  ) {
    self.name = name
    self.path = path
    self.trainOffset = trainOffset
    self.trainLimit = trainLimit
    self.testLimit = testLimit
    self.evaluation = evaluation
    self.classes = classes
    self.normalization = normalization ?? name.normalization
    self.augmentation = augmentation
    self.ownClasses = ownClasses
  }

  /// Classes that are used: labels are below it.
  public var classCount: Int { classes?.count ?? (name == .own ? ownClasses : name.classes) }
}

extension DatasetPlan.Name {
  /// The mean and deviation of the training set's pixels, a channel, as they are commonly given; of ``own`` images, of which
  /// nothing is known, 1/2 and 1/2.
  public var normalization: DatasetPlan.Normalization {
    switch self {
    case .fashionMNIST: .init(mean: [0.2860], std: [0.3530])
    case .cifar10: .init(mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616])
    case .cifar100: .init(mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762])
    case .synthetic: .init(mean: [0.5], std: [0.25])
    case .own: .timm
    }
  }

  /// Channels of an image; `nil`: what the files say.
  public var channels: Int? {
    switch self {
    case .fashionMNIST, .synthetic: 1
    case .cifar10, .cifar100: 3
    case .own: nil
    }
  }

  /// Classes; of ``own`` images as many as a byte can name.
  public var classes: Int {
    switch self {
    case .fashionMNIST, .cifar10, .synthetic: 10
    case .cifar100: 100
    case .own: 256
    }
  }
}

extension DatasetPlan.Normalization {
  /// What timm's Vision Transformers of the `augreg` family were trained with: 1/2 and 1/2.
  public static let timm = DatasetPlan.Normalization(mean: [0.5], std: [0.5])
}
