/// How one symbol of a unit reads: linear (`km`, factor 1000) or in decibels (`dBm`, reference 1 mW).
public struct UnitSpelling: Sendable, Hashable {
  /// The scale of the number before the symbol.
  public enum Scale: Sendable, Hashable {
    /// SI value = number × factor.
    case linear(factor: Double)

    /// SI value = reference × 10^(number / 10).
    case decibel(reference: Double)
  }

  /// The symbol as it stands in text, `"MHz"`.
  public var symbol: String

  /// What the number before it means.
  public var scale: Scale

  /// A symbol whose SI value is the number times `factor`.
  public init(_ symbol: String, _ factor: Double) {
    self.symbol = symbol
    self.scale = .linear(factor: factor)
  }

  /// A symbol whose SI value is `reference` × 10^(number / 10).
  public init(_ symbol: String, decibelsOver reference: Double) {
    self.symbol = symbol
    self.scale = .decibel(reference: reference)
  }
}

/// The watt: transmit power p_n.
public enum Watt: UnitOfMeasure {
  /// `W`.
  public static let symbol = "W"
  /// `W`, `kW`, `mW`, `uW`, `dBm`, `dBW`.
  public static let spellings = [
    UnitSpelling("W", 1), UnitSpelling("mW", 1e-3), UnitSpelling("uW", 1e-6), UnitSpelling("kW", 1e3),
    UnitSpelling("dBm", decibelsOver: 1e-3), UnitSpelling("dBW", decibelsOver: 1),
  ]
}

/// The joule: energy E_n.
public enum Joule: UnitOfMeasure {
  /// `J`.
  public static let symbol = "J"
  /// `J`, `mJ`, `kJ`, `Wh`.
  public static let spellings = [
    UnitSpelling("J", 1), UnitSpelling("mJ", 1e-3), UnitSpelling("uJ", 1e-6), UnitSpelling("kJ", 1e3),
    UnitSpelling("MJ", 1e6), UnitSpelling("Wh", 3600),
  ]
}

/// The second: latency T_n.
public enum Second: UnitOfMeasure {
  /// `s`.
  public static let symbol = "s"
  /// `s`, `ms`, `us`, `ns`, `min`, `h`.
  public static let spellings = [
    UnitSpelling("s", 1), UnitSpelling("ms", 1e-3), UnitSpelling("us", 1e-6), UnitSpelling("ns", 1e-9),
    UnitSpelling("min", 60), UnitSpelling("h", 3600),
  ]
}

/// The hertz: bandwidth B, clock f_n, carrier.
public enum HertzUnit: UnitOfMeasure {
  /// `Hz`.
  public static let symbol = "Hz"
  /// `Hz`, `kHz`, `MHz`, `GHz`.
  public static let spellings = [
    UnitSpelling("Hz", 1), UnitSpelling("kHz", 1e3), UnitSpelling("MHz", 1e6), UnitSpelling("GHz", 1e9),
  ]
}

/// The metre: distance of a device, height of an antenna.
public enum Meter: UnitOfMeasure {
  /// `m`.
  public static let symbol = "m"
  /// `m`, `km`, `cm`.
  public static let spellings = [UnitSpelling("m", 1), UnitSpelling("km", 1e3), UnitSpelling("cm", 1e-2)]
}

/// The metre per second: speed of a device.
public enum MeterPerSecond: UnitOfMeasure {
  /// `m/s`.
  public static let symbol = "m/s"
  /// `m/s`, `km/h`.
  public static let spellings = [UnitSpelling("m/s", 1), UnitSpelling("km/h", 1 / 3.6)]
}

/// The bit: payload S(q).
public enum Bit: UnitOfMeasure {
  /// `bit`.
  public static let symbol = "bit"
  /// `bit`, `kbit`, `Mbit`, `Gbit`, and bytes `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`.
  public static let spellings = [
    UnitSpelling("bit", 1), UnitSpelling("kbit", 1e3), UnitSpelling("Mbit", 1e6), UnitSpelling("Gbit", 1e9),
    UnitSpelling("B", 8), UnitSpelling("kB", 8e3), UnitSpelling("MB", 8e6), UnitSpelling("GB", 8e9),
    UnitSpelling("KiB", 8 * 1024), UnitSpelling("MiB", 8 * 1_048_576), UnitSpelling("GiB", 8 * 1_073_741_824),
  ]
}

/// The bit per second: rate R_n.
public enum BitPerSecond: UnitOfMeasure {
  /// `bit/s`.
  public static let symbol = "bit/s"
  /// `bit/s`, `kbit/s`, `Mbit/s`, `Gbit/s`.
  public static let spellings = [
    UnitSpelling("bit/s", 1), UnitSpelling("kbit/s", 1e3), UnitSpelling("Mbit/s", 1e6), UnitSpelling("Gbit/s", 1e9),
  ]
}

/// The floating-point operation: work W_n.
public enum Flop: UnitOfMeasure {
  /// `FLOP`.
  public static let symbol = "FLOP"
  /// `FLOP`, `MFLOP`, `GFLOP`, `TFLOP`.
  public static let spellings = [
    UnitSpelling("FLOP", 1), UnitSpelling("MFLOP", 1e6), UnitSpelling("GFLOP", 1e9), UnitSpelling("TFLOP", 1e12),
  ]
}

/// The floating-point operation per second: throughput f C D^F.
public enum FlopPerSecond: UnitOfMeasure {
  /// `FLOP/s`.
  public static let symbol = "FLOP/s"
  /// `FLOP/s`, `GFLOP/s`, `TFLOP/s`.
  public static let spellings = [
    UnitSpelling("FLOP/s", 1), UnitSpelling("GFLOP/s", 1e9), UnitSpelling("TFLOP/s", 1e12),
  ]
}

/// The watt per hertz: noise density.
public enum WattPerHertz: UnitOfMeasure {
  /// `W/Hz`.
  public static let symbol = "W/Hz"
  /// `W/Hz`, `dBm/Hz`, `dBW/Hz`.
  public static let spellings = [
    UnitSpelling("W/Hz", 1), UnitSpelling("dBm/Hz", decibelsOver: 1e-3), UnitSpelling("dBW/Hz", decibelsOver: 1),
  ]
}

/// The watt per cubed hertz: power coefficient kappa of P = kappa f^3.
public enum WattPerCubicHertz: UnitOfMeasure {
  /// `W/Hz^3`.
  public static let symbol = "W/Hz^3"
  /// A bare number, `W/Hz^3` or `W/(cycle/s)^3`.
  public static let spellings = [
    UnitSpelling("", 1), UnitSpelling("W/Hz^3", 1), UnitSpelling("W/(cycle/s)^3", 1),
  ]
}

/// A plain number: a count, an exponent, a share.
public enum One: UnitOfMeasure {
  /// Nothing.
  public static let symbol = ""
  /// A bare number.
  public static let spellings = [UnitSpelling("", 1)]
}

/// A part of a whole: an error, a margin.
public enum Share: UnitOfMeasure {
  /// Nothing.
  public static let symbol = ""
  /// A bare number, or `%`.
  public static let spellings = [UnitSpelling("", 1), UnitSpelling("%", 0.01)]
}

/// A ratio of powers: antenna gain, noise figure, the K factor of Rician fading. Stored linear.
public enum PowerRatioUnit: UnitOfMeasure {
  /// Nothing: 3 dB is stored and printed as 1.995….
  public static let symbol = ""
  /// A bare (linear) number, `dB` or `dBi`.
  public static let spellings = [
    UnitSpelling("", 1), UnitSpelling("dB", decibelsOver: 1), UnitSpelling("dBi", decibelsOver: 1),
  ]
}

/// A level in decibels that stays in decibels: the standard deviation of log-normal shadowing.
public enum DecibelUnit: UnitOfMeasure {
  /// `dB`.
  public static let symbol = "dB"
  /// `dB`.
  public static let spellings = [UnitSpelling("dB", 1)]
}

/// Power.
public typealias Watts = Quantity<Watt>
/// Energy.
public typealias Joules = Quantity<Joule>
/// Time.
public typealias Seconds = Quantity<Second>
/// Frequency.
public typealias Hertz = Quantity<HertzUnit>
/// Length.
public typealias Meters = Quantity<Meter>
/// Speed.
public typealias MetersPerSecond = Quantity<MeterPerSecond>
/// Amount of data.
public typealias Bits = Quantity<Bit>
/// Data rate.
public typealias BitsPerSecond = Quantity<BitPerSecond>
/// Computing work.
public typealias Flops = Quantity<Flop>
/// Computing speed.
public typealias FlopsPerSecond = Quantity<FlopPerSecond>
/// Spectral density of power.
public typealias WattsPerHertz = Quantity<WattPerHertz>
/// Power coefficient kappa of a clocked chip.
public typealias WattsPerCubicHertz = Quantity<WattPerCubicHertz>
/// A linear ratio of powers that text may give in decibels.
public typealias PowerRatio = Quantity<PowerRatioUnit>
/// A level in decibels.
public typealias Decibels = Quantity<DecibelUnit>
