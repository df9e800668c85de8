import Allocation
import Network
import Randomness
import Training
import Units
import Wireless

/// A simulation, complete: every value is there, all numbers in SI. ``ScenarioReader`` makes it of a file and has checked it;
/// made or changed in Swift, it is as its author says:
///
/// ```swift
/// var cell = Scenario(name: "cell")
/// cell.devices.groups[0].count = 20
/// cell.uplink.blocks = 5
/// ```
///
/// A default that follows another value, as the policy follows the framework, follows it where the scenario is made, and is a
/// value like any other from then on.
public struct Scenario: Sendable, Hashable {
  /// What the run and its results folder are called.
  public var name: String
  /// Root of all randomness.
  public var seed: UInt64
  /// Training rounds.
  public var rounds: Int
  /// Who computes what, and what goes on the air.
  public var framework: Framework
  /// Name of the policy to use, as the registry knows it.
  public var policy: String
  /// T_max.
  public var deadline: Deadline
  /// What policies know of the channel.
  public var channelEstimate = ChannelEstimate.perfect
  /// Share of the deadline that policies leave unused.
  public var deadlineMargin = 0.0
  /// Eq. (21).
  public var objective = Objective.ratio
  /// What the policy's U is held against.
  public var optimum = Optimum.still
  /// The fleet.
  public var devices = Population()
  /// The edge server.
  public var server = ServerModel()
  /// What comes down; `nil` where it takes no time and no energy, as in the paper.
  public var downlink: Downlink?
  /// What policies expect of the server.
  public var serverForecast = ServerForecast.none
  /// The radio.
  public var uplink = Uplink()
  /// How devices move.
  public var mobility = Mobility.static
  /// Where gains come from instead of `uplink`'s path loss and fading, if given.
  public var gains: GainFile?
  /// Bits and payload.
  public var quantizer = Quantizer()
  /// The network that is trained.
  public var model = ModelProfile.paper
  /// The same network cut elsewhere, where each device has a choice; ``model`` is cut at the first place of the list.
  public var otherCuts: [ModelProfile] = []
  /// The network at every cut that a device may have, ``model`` first.
  public var models: [ModelProfile] { [model] + otherCuts }
  /// Where its weights come from; `nil`: they are drawn.
  public var weights: WeightsSource?
  /// What becomes of the head of loaded weights.
  public var head = HeadRule.keep
  /// How it is trained.
  public var training = TrainingPlan()
  /// When the devices' models merge, and how.
  public var aggregation = AggregationRule()
  /// What policies are set to by name and key, where that is not their default.
  public var policySettings: [String: [String: PolicySettings.Value]] = [:]
  /// The policy that is a program of its own, where one is described.
  public var externalPolicy: ExternalCommand?
  /// What becomes of a round in which that program's answer breaks a constraint.
  public var externalPolicyRule = ViolationRule.error
  /// How `sl` uses the band.
  public var band = Band.oneBlock
  /// Where values come from, by key path.
  public var provenance: [String: Provenance] = [:]
  /// Where the values stand that the file or an option gives.
  public var places = Places()

  /// The paper's cell, but for what is said.
  ///
  /// - Parameter policy: `nil`: the framework's usual one.
  public init(
    name: String, seed: UInt64 = 20_250_412, rounds: Int = 100, framework: Framework = .sflam, policy: String? = nil,
    deadline: Deadline = Deadline(value: Seconds(5))
  ) {
    self.name = name
    self.seed = seed
    self.rounds = rounds
    self.framework = framework
    self.policy = policy ?? framework.defaultPolicy
    self.deadline = deadline
  }

  /// Where a scenario's values come from. It is no part of what the scenario says: all places are equal.
  public struct Places: Sendable, Hashable {
    /// By key path.
    var positions = KeyPlaces()
    /// The marks of provenance in the order of the file.
    var marks: [String] = []

    /// Where the value at a key path stands; `nil` where no file or option gives it.
    public subscript(path: String) -> Diagnostic.Position? { positions[path] }

    /// Always.
    public static func == (_: Places, _: Places) -> Bool { true }

    /// Nothing, since all are equal.
    public func hash(into _: inout Hasher) {}
  }

  /// T_max, Eq. (22a), and what it bounds.
  public struct Deadline: Sendable, Hashable {
    /// What must end within the deadline.
    public enum Span: String, Sendable, Hashable, CaseIterable {
      /// One mini-batch step.
      case step
      /// All steps of a round and the upload of the device-side model.
      case round
    }

    /// T_max.
    public var value: Seconds
    /// What it bounds.
    public var per: Span

    /// A deadline.
    public init(value: Seconds, per: Span = .step) {
      self.value = value
      self.per = per
    }
  }

  /// Gains read from a file: h[round][device][block]; rounds beyond the last repeat from the first.
  public struct GainFile: Sendable, Hashable {
    /// The file.
    public var path: String
    /// One matrix per round.
    public var rounds: [GainMatrix]

    /// The gains of the file at `path`.
    public init(path: String, rounds: [GainMatrix]) {
      self.path = path
      self.rounds = rounds
    }
  }

  /// Levels of quantisation.
  public struct Quantizer: Sendable, Hashable {
    /// q_min.
    public var bitsMin: Int
    /// q_max.
    public var bitsMax: Int
    /// Eq. (13) or Eq. (8).
    public var payload: PayloadRule

    /// Levels from 4 to 32 bits and Eq. (13) unless said otherwise.
    public init(bitsMin: Int = 4, bitsMax: Int = 32, payload: PayloadRule = .approximate) {
      self.bitsMin = bitsMin
      self.bitsMax = bitsMax
      self.payload = payload
    }
  }

  /// How sequential split learning uses the blocks.
  public enum Band: String, Sendable, Hashable, CaseIterable {
    /// The device's own block, as the paper's figure has it.
    case oneBlock = "one-block"
    /// Every block: the fair version, since nobody else transmits.
    case all
  }

  /// Where a value comes from.
  public enum Provenance: String, Sendable, Hashable, CaseIterable {
    /// The paper's text or tables.
    case paper
    /// The authors' code release.
    case release
    /// Chosen here; the scenario's comment says why.
    case assumed
  }
}
