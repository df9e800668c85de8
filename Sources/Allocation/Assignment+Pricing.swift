import Units
import Wireless

extension Assignment {
  /// Prices a choice by the closed form: the one place where an allocation's figures come from.
  ///
  /// Neither the deadline nor the power's range is tested here; a gain of 0 gives a rate of 0 and infinite times.
  public init(
    pricing problem: borrowing Problem, device: Int, block: Int, gain: Double, power: Watts, level: QuantizationLevel,
    clockScale: Double = 1
  ) {
    let price = StepPrice(problem, device: device, clockScale: clockScale, cut: level.cut)
    self.device = device
    self.block = block
    self.power = power
    self.bits = level.bits
    self.cut = level.cut
    self.clockScale = clockScale
    payload = level.payload
    rate = price.rate(power: power, gain: gain)
    computeTime = price.computeTime
    serverTime = price.device.serverTime
    (uplinkTime, uplinkEnergy) = price.device.sending(level.payload, power: power, rate: rate)
    computeEnergy = price.computeEnergy
    let reception = price.reception(gain: gain)
    downlinkTime = reception.stepTime
    downlinkEnergy = reception.stepEnergy
    downloadTime = reception.onceTime
    value = price.value(level, energy: price.energy(uplink: uplinkEnergy, reception))
  }
}
