import Units

/// The edge server's accelerator.
public struct Server: Sendable, Hashable {
  /// How devices that are served in one round share it.
  public enum Sharing: String, Sendable, Hashable, CaseIterable {
    /// Every device is served as if alone, Eq. (11).
    case none
    /// A device admitted on one of K blocks gets 1/K of the speed, however many take part.
    case equal
  }

  /// GPU clock f_s.
  public var clock: Hertz
  /// GPU cores C_s.
  public var cores: Double
  /// FLOP per cycle and core D_s^F.
  public var flopsPerCycle: Double
  /// How it is shared.
  public var sharing: Sharing
  /// Power while busy, where given: reported beside the devices' energy, never part of Eq. (17).
  public var power: Watts?
  /// Power while it serves nobody.
  public var idlePower: Watts

  /// A server; unshared and without a power figure unless said otherwise.
  public init(
    clock: Hertz, cores: Double, flopsPerCycle: Double, sharing: Sharing = .none, power: Watts? = nil,
    idlePower: Watts = .zero
  ) {
    self.clock = clock
    self.cores = cores
    self.flopsPerCycle = flopsPerCycle
    self.sharing = sharing
    self.power = power
    self.idlePower = idlePower
  }

  /// The speed that one device on one of `blocks` blocks sees: f_s C_s D_s^F, divided by K where shared equally.
  public func speed(blocks: Int) -> FlopsPerSecond {
    let whole = clock.value * cores * flopsPerCycle
    return FlopsPerSecond(sharing == .equal ? whole / Double(blocks) : whole)
  }
}
