import Units
import Wireless

extension Assignment {
  /// Prices a choice by the closed form: the one place where an allocation's figures come from.
  ///
  /// Neither the deadline nor the power's range is tested here; a gain of 0 gives a rate of 0 and infinite times.
  public init(
    pricing problem: Problem, device: Int, block: Int, gain: Double, power: Watts, level: QuantizationLevel,
    clockScale: Double = 1
  ) {
    let terms = problem.devices[device]
    self.device = device
    self.block = block
    self.power = power
    self.bits = level.bits
    self.clockScale = clockScale
    payload = level.payload
    rate = StepCost.rate(bandwidth: problem.bandwidth, gain: gain, power: power, noise: problem.noise)
    computeTime = terms.computeTime / clockScale
    serverTime = terms.serverTime
    uplinkTime = StepCost.uplinkTime(payload: level.payload, rate: rate)
    computeEnergy = terms.computeEnergy * (clockScale * clockScale)
    uplinkEnergy = StepCost.uplinkEnergy(
      power: power, time: uplinkTime, circuitPower: terms.circuitPower,
      amplifierEfficiency: terms.amplifierEfficiency)
    let reception = problem.reception(of: terms, gain: gain)
    downlinkTime = reception.stepTime
    downlinkEnergy = reception.stepEnergy
    downloadTime = reception.onceTime
    value = problem.objective.value(
      dataShare: terms.dataShare, information: level.information,
      energy: computeEnergy + uplinkEnergy + reception.stepEnergy)
  }
}
