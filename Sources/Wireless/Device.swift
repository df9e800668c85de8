import Units

/// The attributes of one device: drawn once per run, constant over rounds.
public struct Device: Sendable, Hashable {
  /// Distance to the base station; `nil` where nobody knows it, which only measured gains allow.
  public var distance: Meters?
  /// GPU clock f_n.
  public var clock: Hertz
  /// GPU cores C_n.
  public var cores: Double
  /// FLOP per cycle and core D_n^F.
  public var flopsPerCycle: Double
  /// Power coefficient kappa_n of P = kappa f³.
  public var kappa: WattsPerCubicHertz
  /// Least transmit power p_min,n.
  public var powerMin: Watts
  /// Largest transmit power p_max,n.
  public var powerMax: Watts
  /// Local samples D_n.
  public var samples: Int
  /// Power of the radio's circuits while it transmits; the paper has none (0 W).
  public var circuitPower: Watts
  /// Radiated over drawn power of the amplifier, in (0, 1]; the paper has 1.
  public var amplifierEfficiency: Double
  /// Power of the radio's circuits while it receives; the paper has no downlink.
  public var receivePower: Watts
  /// Memory for its part of the model and that part's training; infinite where nothing limits it.
  public var memory: Bits
  /// Rank of the adapters that stand on it; `nil`: that of all adapters.
  public var adapterRank: Int?

  /// A device with every attribute given; the radio is ideal unless said otherwise.
  public init(
    distance: Meters?, clock: Hertz, cores: Double, flopsPerCycle: Double, kappa: WattsPerCubicHertz,
    powerMin: Watts, powerMax: Watts, samples: Int, circuitPower: Watts = .zero, amplifierEfficiency: Double = 1,
    receivePower: Watts = .zero, memory: Bits = .infinity, adapterRank: Int? = nil
  ) {
    self.distance = distance
    self.clock = clock
    self.cores = cores
    self.flopsPerCycle = flopsPerCycle
    self.kappa = kappa
    self.powerMin = powerMin
    self.powerMax = powerMax
    self.samples = samples
    self.circuitPower = circuitPower
    self.amplifierEfficiency = amplifierEfficiency
    self.receivePower = receivePower
    self.memory = memory
    self.adapterRank = adapterRank
  }

  /// f_n C_n D_n^F.
  public var speed: FlopsPerSecond { FlopsPerSecond(clock.value * cores * flopsPerCycle) }
}
