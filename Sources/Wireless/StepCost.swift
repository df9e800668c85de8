import Units

/// Latency and energy of one mini-batch step: one function an equation.
public enum StepCost {
  /// T_n^dev = W_n / (f_n C_n D_n^F), Eq. (9).
  @inlinable
  public static func computeTime(work: Flops, speed: FlopsPerSecond) -> Seconds {
    work / speed
  }

  /// E_n^dev = kappa_n f_n³ T_n^dev, Eq. (10).
  @inlinable
  public static func computeEnergy(kappa: WattsPerCubicHertz, clock: Hertz, time: Seconds) -> Joules {
    Joules(kappa.value * clock.value * clock.value * clock.value * time.value)
  }

  /// T^srv = W_s / (f_s C_s D_s^F), Eq. (11).
  @inlinable
  public static func serverTime(work: Flops, speed: FlopsPerSecond) -> Seconds {
    work / speed
  }

  /// R_n = B log2(1 + h p / N0), Eq. (12), of the one block that the device holds, or what `link` makes of h p / N0.
  @inlinable
  public static func rate(
    bandwidth: Hertz, gain: Double, power: Watts, noise: Watts, link: Link = .ideal
  ) -> BitsPerSecond {
    link.rate(bandwidth: bandwidth, snr: gain / noise.value * power.value)
  }

  /// T_n^com = S(q_n) / R_n, Eq. (14).
  @inlinable
  public static func uplinkTime(payload: Bits, rate: BitsPerSecond) -> Seconds {
    payload / rate
  }

  /// What the radio draws while it radiates p: p / efficiency + circuit power.
  @inlinable
  public static func drawnPower(radiating power: Watts, circuitPower: Watts, amplifierEfficiency: Double) -> Watts {
    power / amplifierEfficiency + circuitPower
  }

  /// E_n^com = p_n T_n^com, Eq. (15), with the amplifier's losses and the circuits' power where the device has them:
  /// (p / efficiency + circuit power) T_n^com.
  @inlinable
  public static func uplinkEnergy(
    power: Watts, time: Seconds, circuitPower: Watts = .zero, amplifierEfficiency: Double = 1
  ) -> Joules {
    drawnPower(radiating: power, circuitPower: circuitPower, amplifierEfficiency: amplifierEfficiency) * time
  }

  /// T_n = T_n^dev + T^srv + T_n^com, Eq. (16).
  @inlinable
  public static func latency(compute: Seconds, server: Seconds, uplink: Seconds) -> Seconds {
    compute + server + uplink
  }

  /// E_n = E_n^dev + E_n^com, Eq. (17).
  @inlinable
  public static func energy(compute: Joules, uplink: Joules) -> Joules {
    compute + uplink
  }

  /// E(t) = sum of the participants' E_n, Eq. (18).
  public static func roundEnergy(_ participants: some Sequence<Joules>) -> Joules {
    participants.reduce(.zero, +)
  }
}
