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
  /// Standard deviation of log-normal shadowing; the paper has 0 dB. Not used under ``SpatialLaw/report``.
  public var shadowing: Decibels
  /// Where line of sight and shadowing come from.
  public var spatialLaw = SpatialLaw.perDevice
  /// What the walls around devices cost.
  public var penetration = Penetration.none
  /// Small-scale fading.
  public var fading: Fading
  /// How it changes in time; the paper's stands still for a round.
  public var fadingMotion = FadingMotion.perRound
  /// What a block carries at a signal-to-noise ratio; the paper's is Eq. (12).
  public var link = Link.ideal
  /// Neighbouring cells on the same blocks; `nil` where there are none, as in the paper.
  public var interference: Interference?
  /// A link that carries less at its device's largest power is in outage: it is not there.
  public var outageRate: BitsPerSecond

  /// The outage of an uplink of which nothing else is said, in bit/s per Hz of a block's bandwidth: 10 kbit/s on 20 MHz,
  /// an SNR of -34.6 dB, far below what any cellular receiver detects. The paper knows no outage; this choice is ours.
  public static let outageEfficiency = 5e-4

  /// An uplink: 10 blocks of 20 MHz, -174 dBm/Hz, the 3GPP macro cell, Rayleigh fading, ideal receiver and antennas, no
  /// shadowing and an outage of ``outageEfficiency`` unless said otherwise.
  public init(
    blocks: Int = 10, blockBandwidth: Hertz = Hertz(20e6),
    noiseDensity: WattsPerHertz = WattsPerHertz(UnitSpelling.Scale.decibel(reference: 1e-3).siValue(of: -174)),
    noiseFigure: PowerRatio = PowerRatio(1),
    antennaGain: PowerRatio = PowerRatio(1), pathLoss: PathLoss = .macro3GPP, shadowing: Decibels = .zero,
    fading: Fading = .rayleigh,
    outageRate: BitsPerSecond? = nil
  ) {
    self.blocks = blocks
    self.blockBandwidth = blockBandwidth
    self.noiseDensity = noiseDensity
    self.noiseFigure = noiseFigure
    self.antennaGain = antennaGain
    self.pathLoss = pathLoss
    self.shadowing = shadowing
    self.fading = fading
    self.outageRate = outageRate ?? BitsPerSecond(Self.outageEfficiency * blockBandwidth.value)
  }

  /// N0: noise power in one block, density × bandwidth × noise figure.
  public var noise: Watts { noiseDensity * blockBandwidth * noiseFigure.value }

  /// The gain at which a block carries ``outageRate`` at the power p, Eq. (12) turned round:
  /// (2^(R/B) − 1) N0 / p, or what ``link`` needs. A link of a smaller gain is in outage.
  public func leastGain(power: Watts) -> Double { leastGain(power: power, noise: noise) }

  /// The same where the noise is another than N0.
  public func leastGain(power: Watts, noise: Watts) -> Double {
    link.leastSignalToNoise(rate: outageRate, bandwidth: blockBandwidth) * noise.value / power.value
  }
}
