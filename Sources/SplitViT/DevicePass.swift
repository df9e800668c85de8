import Datasets
import Randomness

/// One device's way through its samples in one round: which ones each step takes, mirrored or not, and the numbers that
/// rounding draws.
///
/// Each epoch visits all samples once, in an order drawn from the stream `.batches(round, device)`, or in the partition's
/// order; its last mini-batch is what is left.
struct DevicePass {
  /// One sample of a step.
  struct Visit {
    /// Its place in the device's list of samples.
    var place: Int
    /// Its number in the training set.
    var sample: Int
    /// Whether it is mirrored.
    var isFlipped: Bool
  }

  /// r, from 1.
  let round: Int
  /// n, from 0.
  let device: Int
  /// q_n.
  let bits: Int
  /// The device's samples.
  let samples: [Int32]
  /// Whether the samples are several devices' in one place.
  let isPooled: Bool
  /// Steps taken.
  private(set) var stepsTaken = 0
  /// Where rounding draws from.
  var quantization: RandomStream

  /// Epoch after epoch, places in ``samples``.
  private let order: [Int32]
  private let batch: Int
  private var flips: RandomStream?

  /// The pass of `device` in `round`, over `pooled` where the data of several devices lies in one place.
  init(_ settings: TrainerSettings, round: Int, device: Int, bits: Int, pooled: [Int32]? = nil, epochs: Int? = nil) {
    self.round = round
    self.device = device
    self.bits = bits
    samples = pooled ?? settings.partition.samples[device]
    isPooled = pooled != nil
    batch = settings.batch
    quantization = settings.seed.stream(.quantization, round, device)
    flips = settings.augmentation == .flip ? settings.seed.stream(.augmentation, round, device) : nil
    var batches = settings.seed.stream(.batches, round, device)
    var order: [Int32] = []
    for _ in 0..<(epochs ?? settings.localEpochs) {
      var epoch = (0..<Int32(self.samples.count)).map { $0 }
      if settings.shuffles { batches.shuffle(&epoch) }
      order += epoch
    }
    self.order = order
  }

  /// Mini-batches of an epoch, ⌈D_n / b⌉.
  static func steps(samples: Int, batch: Int) -> Int { (samples + batch - 1) / batch }

  /// s_n = E ⌈D_n / b⌉.
  var steps: Int {
    samples.isEmpty ? 0 : order.count / samples.count * Self.steps(samples: samples.count, batch: batch)
  }

  /// Where the pass stands, as messages say it.
  var description: String { "round \(round)\(isPooled ? "" : ", device \(device)"), step \(stepsTaken)" }

  /// Gives each sample of the next step, and returns how many there are: 0 behind the last step.
  mutating func next(_ body: (Int, Visit) -> Void) -> Int {
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
