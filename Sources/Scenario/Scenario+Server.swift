import Network
import Randomness
import Units
import Wireless

extension Scenario {
  /// The server's accelerator, drawn once per run.
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

    /// A server, the paper's unless said otherwise.
    public init(
      clock: Distribution = .constant(3e9), cores: Distribution = .integer(low: 2560, high: 5120),
      flopsPerCycle: Distribution = .choice([1, 2]), sharing: Server.Sharing = .none, power: Watts? = nil,
      accelerators: Accelerators? = nil, idlePower: Watts? = nil
    ) {
      self.clock = clock
      self.cores = cores
      self.flopsPerCycle = flopsPerCycle
      self.sharing = sharing
      self.power = power
      self.accelerators = accelerators
      self.idlePower = idlePower
    }
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

    /// A downlink: 46 dBm, a noise figure of 9 dB, 32 bits and a broadcast unless said otherwise.
    public init(
      power: Watts = Watts(UnitSpelling.Scale.decibel(reference: 1e-3).siValue(of: 46)),
      noiseFigure: PowerRatio = PowerRatio(Decibel.ratio(9)), gradientBits: Int = 32, model: Model = .broadcast
    ) {
      self.power = power
      self.noiseFigure = noiseFigure
      self.gradientBits = gradientBits
      self.model = model
    }
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
}
