import Randomness
import Units
import Wireless

/// One allocation problem as a file states it: what `airsplit solve` reads and `airsplit draw` writes.
///
/// An instance says what ``Problem`` says in the quantities that one measures (clocks, cores, work) instead of the
/// times and energies that follow from them, and with it what the policies were given: powers, bits, first blocks.
public struct Instance: Sendable, Hashable {
  /// What the instance is called; may be empty.
  public var name: String
  /// The devices, n from 0.
  public var devices: [Device]
  /// The edge server.
  public var server: Server
  /// Bandwidth B of a block.
  public var blockBandwidth: Hertz
  /// Noise power N0 in a block.
  public var noise: Watts
  /// Channel power gains h_{n,k}, a row a device.
  public var gains: GainMatrix
  /// T_max, Eq. (22a).
  public var deadline: Seconds
  /// q_min.
  public var bitsMin: Int
  /// q_max.
  public var bitsMax: Int
  /// delta: the payload at 32 bits. S(q) = delta q / 32, Eq. (13), unless ``payloads`` says otherwise.
  public var payloadAt32: Bits
  /// S(q) from q_min to q_max where Eq. (13) does not hold, as under Eq. (8).
  public var payloads: [Bits]?
  /// Clocks that a device may choose from, as shares of its own.
  public var clockScales: [Double]
  /// What comes down; `nil` where it is neglected.
  public var downlink: Downlink?
  /// What is maximised, Eq. (21).
  public var objective: Objective
  /// The power that `ep` transmits with, where given.
  public var equalPower: Watts?
  /// The bits that `nq` sends, where given.
  public var unquantizedBits: Int?
  /// The device on each block (−1: none) for `rb`, where given.
  public var deviceOnBlock: [Int]?
  /// The reference block of each device that `bcd` begins with, where given.
  public var initialBlocks: [Int]?

  /// One device of an instance.
  public struct Device: Sendable, Hashable {
    /// f_n.
    public var clock: Hertz
    /// C_n.
    public var cores: Double
    /// D_n^F: FLOP a cycle and core.
    public var flopsPerCycle: Double
    /// kappa_n.
    public var kappa: WattsPerCubicHertz
    /// W_n, forward and backward, of one mini-batch step.
    public var work: Flops
    /// p_min,n.
    public var powerMin: Watts
    /// p_max,n.
    public var powerMax: Watts
    /// rho_n.
    public var dataShare: Double
    /// Power of the radio's circuits while it transmits.
    public var circuitPower = Watts.zero
    /// Radiated over drawn power, in (0, 1].
    public var amplifierEfficiency = 1.0
    /// Steps that the deadline counts.
    public var deadlineSteps = 1.0
    /// Data that the deadline counts beside the steps' payloads.
    public var deadlineUpload = Bits.zero
    /// Power of the radio's circuits while it receives.
    public var receivePower = Watts.zero
    /// Data that comes down on its block once and that the deadline counts.
    public var deadlineDownload = Bits.zero
    /// Time that the deadline counts once on whatever block, for what is broadcast.
    public var deadlineBroadcast = Seconds.zero
    /// The least of ``Instance/clockScales`` that it may choose; 1 where its clock is fixed.
    public var leastClockScale = 0.0
  }

  /// The edge server of an instance: its speed is the one that every device sees.
  public struct Server: Sendable, Hashable {
    /// f_s.
    public var clock: Hertz
    /// C_s.
    public var cores: Double
    /// D_s^F: FLOP a cycle and core.
    public var flopsPerCycle: Double
    /// W_s, of one device's mini-batch step.
    public var work: Flops
  }
}
