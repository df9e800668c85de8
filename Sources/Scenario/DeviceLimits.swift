/// What each attribute of a device may be, in SI units: the limits of a scenario's values, and of what is drawn.
///
/// The limits are wide; they keep absurd values, and with them infinities, out of the equations.
public enum DeviceLimits {
  /// Metres to the base station.
  public static let distance = 1e-3...1e8
  /// Hertz.
  public static let clock = 1...1e15
  /// Cores.
  public static let cores = 1...1_000_000_000
  /// FLOP per cycle and core.
  public static let flopsPerCycle = 1e-6...1e9
  /// W/Hz³.
  public static let kappa = 1e-60...1e-3
  /// Watts on the air, least or largest.
  public static let power = 1e-12...1e9
  /// Samples of a device.
  public static let samples = 1...1_000_000_000
  /// Watts of the radio's circuits.
  public static let circuitPower = 0...1e9
  /// Radiated over drawn power.
  public static let amplifierEfficiency = 1e-6...1
  /// Bits of memory.
  public static let memory = 0...1e18
  /// Rank of adapters.
  public static let adapterRank = 1...4096
  /// Devices of a fleet.
  public static let count = 1...10_000_000
  /// Groups of a fleet.
  public static let groups = 1000
}
