import Allocation
import Network
import Randomness
import Training
import Units
import Wireless

/// A simulation, complete: every key given or defaulted, every value checked, all numbers in SI.
public struct Scenario: Sendable {
  /// What the run and its results folder are called.
  public var name: String
  /// Root of all randomness.
  public var seed: UInt64
  /// Training rounds.
  public var rounds: Int
  /// Who computes what, and what goes on the air.
  public var framework: Framework
  /// Name of the policy to use, as the registry knows it. `nil`: the framework's default.
  public var policy: String?
  /// T_max.
  public var deadline: Deadline
  /// Standard deviation of the gains that policies see, as a share of the true ones; 0: they see those.
  public var estimateError = 0.0
  /// Share of the deadline that policies leave unused.
  public var deadlineMargin = 0.0
  /// Eq. (21).
  public var objective: Objective
  /// The fleet.
  public var devices: Population
  /// The edge server.
  public var server: ServerModel
  /// What comes down; `nil` where it takes no time and no energy, as in the paper.
  public var downlink: Downlink?
  /// What policies expect of the server.
  public var serverForecast = ServerForecast.none
  /// The radio.
  public var uplink: Uplink
  /// Where gains come from instead of `uplink`'s path loss and fading, if given.
  public var gains: GainFile?
  /// Bits and payload.
  public var quantizer: Quantizer
  /// The network that is trained.
  public var model: ModelProfile
  /// Where its weights come from; `nil`: they are drawn.
  public var weights: WeightsSource?
  /// What becomes of the head of loaded weights.
  public var head: HeadRule
  /// How it is trained.
  public var training: TrainingPlan
  /// Checked settings of every registered policy, by name.
  public var policies: [String: PolicySettings]
  /// The policy that is a program of its own, where one is described.
  public var externalPolicy: ExternalCommand?
  /// What becomes of a round in which that program's answer breaks a constraint.
  public var externalPolicyRule = ViolationRule.error
  /// How `sl` uses the band.
  public var band: Band
  /// Where values come from, by key path.
  public var provenance: [String: Provenance]
  /// Where the values stand that the file or an option gives, by key path.
  public var places: [String: Diagnostic.Position] = [:]
  /// Every key with the value in force, in the order of the documentation.
  public var resolved: ResolvedNode

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

  /// Who there is: groups of devices.
  public struct Population: Sendable, Hashable {
    /// Groups, in order; a flat `devices:` is one group, and so is a file, whose columns give one value per device.
    public var groups: [DeviceGroup]

    /// The population of `groups`.
    public static func groups(_ groups: [DeviceGroup]) -> Population { Population(groups: groups) }

    /// Devices N.
    public var count: Int { groups.reduce(0) { $0 + $1.count } }

    /// The name of each device, where a file names them.
    public var names: [String]? { groups.count == 1 ? groups[0].deviceNames : nil }
  }

  /// Devices of one kind.
  public struct DeviceGroup: Sendable, Hashable {
    /// What it is called, if anything.
    public var name: String?
    /// What each device is called, where a file says so.
    public var deviceNames: [String]?
    /// How many.
    public var count: Int
    /// Metres to the base station; `nil` where nobody knows, and gains come from a file.
    public var distance: Distribution?
    /// GPU clock in hertz.
    public var clock: Distribution
    /// GPU cores.
    public var cores: Distribution
    /// FLOP per cycle and core.
    public var flopsPerCycle: Distribution
    /// Power coefficient in W/Hz³.
    public var kappa: Distribution
    /// Least transmit power in watts.
    public var powerMin: Distribution
    /// Largest transmit power in watts.
    public var powerMax: Distribution
    /// Local samples.
    public var samples: Distribution
    /// Circuit power in watts.
    public var circuitPower: Distribution
    /// Amplifier efficiency in (0, 1].
    public var amplifierEfficiency: Distribution
    /// Circuit power in watts while it receives.
    public var receivePower = Distribution.constant(0)
    /// Clocks a device may choose from, as levels of its own clock; 1 where the clock is fixed.
    public var clockLevels: Int
  }

  /// The server's accelerator, drawn once a run.
  public struct ServerModel: Sendable, Hashable {
    /// Clock in hertz.
    public var clock: Distribution
    /// Cores.
    public var cores: Distribution
    /// FLOP per cycle and core.
    public var flopsPerCycle: Distribution
    /// How it is shared.
    public var sharing: Server.Sharing
    /// Power while busy, if given: of each accelerator where their number is given, of the whole server otherwise.
    public var power: Watts?
    /// How many accelerators there are, and whose turn it is; `nil`: everybody is served at once.
    public var accelerators: Accelerators?
    /// Power of an accelerator, or of the whole server, that serves nobody.
    public var idlePower: Watts?
  }

  /// What the base station sends.
  public struct Downlink: Sendable, Hashable {
    /// How the model gets to the devices before a round's first step.
    public enum Model: String, Sendable, Hashable, CaseIterable {
      /// To all at once over the whole band, at the rate of the participant that hears worst.
      case broadcast
      /// To each on its own block.
      case unicast
      /// It takes neither time nor energy.
      case none
    }

    /// Radiated over the whole band, equal parts of it on each block.
    public var power: Watts
    /// Of a device's receiver.
    public var noiseFigure: PowerRatio
    /// Bits per element of the gradient of activations.
    public var gradientBits: Int
    /// How the model gets to the devices.
    public var model: Model
  }

  /// What a policy takes the wait for an accelerator to be, when it plans with the deadline.
  public enum ServerForecast: String, Sendable, Hashable, CaseIterable {
    /// Nothing, as in Eq. (11).
    case none
    /// The last round's mean over its participants' steps; nothing in the first round.
    case mean
    /// The mean-value analysis of as many devices as there are blocks, each of which fills its deadline.
    case mva
  }

  /// Gains read from a file: h[round][device][block]; rounds beyond the last repeat from the first.
  public struct GainFile: Sendable {
    /// One matrix a round.
    public var rounds: [GainMatrix]
  }

  /// Levels of quantisation.
  public struct Quantizer: Sendable, Hashable {
    /// q_min.
    public var bitsMin: Int
    /// q_max.
    public var bitsMax: Int
    /// Eq. (13) or Eq. (8).
    public var payload: PayloadRule
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
