import Units

/// The OFDMA uplink: what every block has in common.
public struct Uplink: Sendable, Hashable {
  /// Resource blocks K.
  public var blocks: Int
  /// Bandwidth B of one block.
  public var blockBandwidth: Hertz
  /// Thermal noise density.
  public var noiseDensity: WattsPerHertz
  /// Noise figure of the base station's receiver, linear; the paper has 1.
  public var noiseFigure: PowerRatio
  /// Antenna gain of both ends together, linear; the paper has 1.
  public var antennaGain: PowerRatio
  /// Mean loss over distance.
  public var pathLoss: PathLoss
  /// Standard deviation of log-normal shadowing; the paper has 0 dB.
  public var shadowing: Decibels
  /// Small-scale fading.
  public var fading: Fading

  /// An uplink; ideal receiver and antennas and no shadowing unless said otherwise.
  public init(
    blocks: Int, blockBandwidth: Hertz, noiseDensity: WattsPerHertz, noiseFigure: PowerRatio = PowerRatio(1),
    antennaGain: PowerRatio = PowerRatio(1), pathLoss: PathLoss, shadowing: Decibels = .zero, fading: Fading
  ) {
    self.blocks = blocks
    self.blockBandwidth = blockBandwidth
    self.noiseDensity = noiseDensity
    self.noiseFigure = noiseFigure
    self.antennaGain = antennaGain
    self.pathLoss = pathLoss
    self.shadowing = shadowing
    self.fading = fading
  }

  /// N0: noise power in one block, density × bandwidth × noise figure.
  public var noise: Watts { noiseDensity * blockBandwidth * noiseFigure.value }
}
