import Trace

/// What trains the model while the network is simulated: one call a round, joined at the event `aggregated`.
///
/// A trainer never changes an event's time. What it draws comes from streams named by round and device, so that two
/// policies of one seed see the same partition, batches and weights.
public protocol Trainer: AnyObject {
  /// What beginning came to, a sentence each: a head of loaded weights that was replaced, say.
  var notes: [String] { get }

  /// Whether it lists what goes over the air where ``RoundWork/listsTensors`` asks for it.
  var listsTensors: Bool { get }

  /// Trains one round on the devices that took part, aggregates, Eq. (6), and evaluates where it is due.
  ///
  /// - Throws: ``TrainingError`` that names device, round and step, where a loss is no number.
  func train(_ work: RoundWork) throws -> RoundLearning

  /// Hears in round `round`, where work is carried over, who is at work or waits for a merge, those first who are expected to merge
  /// first: what may be trained before ``train(_:)`` asks for it. Who is not among them any more never merges. Results do not depend
  /// on it.
  func expect(_ contributions: [RoundWork.Participant], round: Int)

  /// Writes all that the next round depends on, beside the seed and the round's number, to a new file.
  ///
  /// - Throws: An error of the file system.
  func save(to file: OutputFile) throws

  /// Takes up what ``save(to:)`` wrote.
  ///
  /// - Throws: ``TrainingError`` or an error of the file system, where the file is not what a trainer of this scenario
  ///   wrote.
  func restore(from path: String) throws

  /// Writes the model as it stands to a new file in safetensors format, in timm's names.
  ///
  /// - Throws: An error of the file system.
  func writeWeights(to file: OutputFile) throws
}

/// What the network lets the trainer do in one round.
public struct RoundWork: Sendable, Hashable {
  /// One device that was admitted.
  public struct Participant: Sendable, Hashable {
    /// n, from 0.
    public var device: Int
    /// q_n: 32 where activations are not quantised.
    public var bits: Int
    /// Mini-batch steps that its events completed.
    public var steps: Int
    /// How many of the first ``steps`` had the device compute and send activations; in the others the server used those
    /// that it kept. All of them, unless the device's part is frozen.
    public var freshSteps: Int
    /// Whether it missed the deadline: it is left out of aggregation, and its training is lost.
    public var isLate: Bool
    /// The version of the model that it began with, that of round r being r; 0 where all begin with the model as it stands.
    public var version: Int
    /// The place of its cut among those that devices may choose, the scenario's list.
    public var cut = 0

    /// A participant; all its steps are fresh unless `freshSteps` says otherwise.
    public init(
      device: Int, bits: Int, steps: Int, freshSteps: Int? = nil, isLate: Bool = false, version: Int = 0
    ) {
      self.device = device
      self.bits = bits
      self.steps = steps
      self.freshSteps = freshSteps ?? steps
      self.isLate = isLate
      self.version = version
    }
  }

  /// How participants merge that may have begun with different versions.
  public struct Merge: Sendable, Hashable {
    /// The scenario's rule.
    public var rule: AggregationRule
    /// Versions that somebody has begun with who merges in a later round; ascending. Others need not be kept.
    public var versionsInUse: [Int]

    /// A merge.
    public init(rule: AggregationRule, versionsInUse: [Int]) {
      self.rule = rule
      self.versionsInUse = versionsInUse
    }
  }

  /// The round, from 1.
  public var round: Int
  /// Those admitted, devices ascending.
  public var participants: [Participant]
  /// The participants' places in ``participants``, one entry per step, in the order in which the server ended the steps: the
  /// order of one shared server model. Empty where the framework has no such model.
  public var serverOrder: [Int]
  /// Whether the model is evaluated whatever the round's number: the last round.
  public var isLast: Bool
  /// How participants merge that may have begun with different versions; `nil`: they all began with the model as it stands, and
  /// become its mean by data, Eq. (6).
  public var merge: Merge?
  /// Whether ``RoundLearning/tensors`` are asked for.
  public var listsTensors = false

  /// The work of a round.
  public init(round: Int, participants: [Participant], serverOrder: [Int] = [], isLast: Bool = false) {
    self.round = round
    self.participants = participants
    self.serverOrder = serverOrder
    self.isLast = isLast
  }

  /// Whether the model is evaluated after this round, where it is every `period` rounds and at the end.
  public func isEvaluated(every period: Int) -> Bool { isLast || round % max(1, period) == 0 }
}

/// What a round of training came to; a figure is absent where it was not asked for or nobody took part.
public struct RoundLearning: Sendable, Hashable {
  /// Mean loss over all samples of all steps.
  public var trainLoss: Double?
  /// Mean loss on the test set, after aggregation.
  public var testLoss: Double?
  /// Share of the test set that is classified right, after aggregation.
  public var testAccuracy: Double?
  /// The participants' mean accuracy, each with the model that it had before aggregation.
  public var testAccuracyLocal: Double?
  /// Every tensor that went over the air, devices ascending, where they are asked for.
  public var tensors: [TensorRecord] = []

  /// Nothing learned.
  public init() {}
}

/// Why training cannot go on.
public struct TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence for the person who trains.
  public var description: String

  /// An error that reads as `description`.
  public init(_ description: String) { self.description = description }
}

extension Trainer {
  /// Nothing to say.
  public var notes: [String] { [] }
  /// Nothing is listed.
  public var listsTensors: Bool { false }
  /// Nothing is trained before its time.
  public func expect(_ contributions: [RoundWork.Participant], round: Int) {}

  /// Writes the model as it stands to the file `path`, which appears whole or not at all.
  ///
  /// - Throws: What ``writeWeights(to:)-(OutputFile)`` throws.
  public func writeWeights(to path: String) throws {
    try AtomicFile.write(to: path) { try writeWeights(to: $0) }
  }
}
