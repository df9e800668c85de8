import Randomness

/// The mini-batches of one device in one round: which of its samples each step takes, mirrored or not.
///
/// Each epoch visits all samples once, in an order drawn from the stream `.batches(round, device)`, or in the partition's
/// order; its last mini-batch is what is left.
public struct MiniBatches: Sendable {
  /// One sample of a step.
  public struct Visit: Sendable, Hashable {
    /// Its place in the device's list of samples.
    public var place: Int
    /// Its number in the training set.
    public var sample: Int
    /// Whether it is mirrored.
    public var isFlipped: Bool
  }

  /// How a round's samples are cut into steps, the same for all devices.
  public struct Rule: Sendable, Hashable {
    /// Mini-batch size b.
    public var batch: Int
    /// Local epochs E.
    public var epochs: Int
    /// Whether each epoch has a new random order.
    public var shuffles: Bool
    /// Whether a sample is mirrored half of the time.
    public var flips: Bool

    /// A rule.
    ///
    /// - Precondition: `batch` is at least 1.
    public init(batch: Int, epochs: Int, shuffles: Bool, flips: Bool) {
      precondition(batch >= 1, "a mini-batch has samples")
      self.batch = batch
      self.epochs = epochs
      self.shuffles = shuffles
      self.flips = flips
    }
  }

  /// The device's samples.
  public let samples: [Int32]
  /// Steps taken.
  public private(set) var stepsTaken = 0

  /// Epoch after epoch, places in ``samples``.
  private let order: [Int32]
  private let batch: Int
  private var flips: RandomStream?

  /// The mini-batches of `device`, which has these samples, in `round`.
  public init(_ samples: [Int32], rule: Rule, seed: Seed, round: Int, device: Int) {
    self.samples = samples
    batch = rule.batch
    flips = rule.flips ? seed.stream(.augmentation, round, device) : nil
    var batches = seed.stream(.batches, round, device)
    var order: [Int32] = []
    for _ in 0..<rule.epochs {
      var epoch = (0..<Int32(samples.count)).map { $0 }
      if rule.shuffles { batches.shuffle(&epoch) }
      order += epoch
    }
    self.order = order
  }

  /// Mini-batches of an epoch, ⌈D_n / b⌉.
  public static func steps(samples: Int, batch: Int) -> Int { (samples + batch - 1) / batch }

  /// s_n = E ⌈D_n / b⌉.
  public var steps: Int {
    samples.isEmpty ? 0 : order.count / samples.count * Self.steps(samples: samples.count, batch: batch)
  }

  /// Gives each sample of the next step, and returns how many there are: 0 behind the last step.
  public mutating func next(_ body: (Int, Visit) -> Void) -> Int {
    guard stepsTaken < steps else { return 0 }
    let (epoch, step) = stepsTaken.quotientAndRemainder(
      dividingBy: Self.steps(samples: samples.count, batch: batch))
    let first = step * batch
    let count = min(batch, samples.count - first)
    for row in 0..<count {
      let place = Int(order[epoch * samples.count + first + row])
      // The word's highest bit: true with probability 1/2.
      let isFlipped = (flips?.word() ?? 0) >= 1 << 31
      body(row, Visit(place: place, sample: Int(samples[place]), isFlipped: isFlipped))
    }
    stepsTaken += 1
    return count
  }
}
