import Units
import Wireless

/// What one step costs a device at one clock on a block of any gain: Eq. (9)–(17), (21) and (22a), with the downlink where
/// there is one.
///
/// The value of an edge, what the descent offers and the figures of an allocation are all made of it; `PairValuation` is
/// the same in a form that is fast for most problems.
public struct StepPrice: Sendable {
  /// Whose step it is.
  public let device: DeviceConstants
  /// T_n^dev, Eq. (9).
  public let computeTime: Seconds
  /// E_n^dev, Eq. (10).
  public let computeEnergy: Joules
  @usableFromInline let bandwidth: Hertz
  @usableFromInline let noise: Watts
  @usableFromInline let deadline: Seconds
  @usableFromInline let objective: Objective
  @usableFromInline let downlink: Downlink?
  @usableFromInline let link: Link

  /// The price for `device` of `problem` at the share `clockScale` of its clock, with the cut of that index.
  @inlinable
  public init(_ problem: borrowing Problem, device: Int, clockScale: Double, cut: Int = 0) {
    self.device = problem.constants(of: device, cut: cut)
    (computeTime, computeEnergy) = self.device.computing(at: clockScale)
    (bandwidth, noise, deadline) = (problem.bandwidth, problem.noise, problem.deadline)
    (objective, downlink, link) = (problem.objective, problem.downlink(cut: cut), problem.link)
  }

  /// R_n, Eq. (12), over the problem's link.
  @inlinable
  public func rate(power: Watts, gain: Double) -> BitsPerSecond {
    StepCost.rate(bandwidth: bandwidth, gain: gain, power: power, noise: noise, link: link)
  }

  /// What is received on a block of this gain; nothing without a downlink. All of it falls as the gain grows.
  @inlinable
  public func reception(gain: Double) -> Reception {
    guard let downlink else { return .none }
    let rate = downlink.rate(bandwidth: bandwidth, gain: gain)
    let time = downlink.gradient == .zero ? .zero : downlink.gradient / rate
    let once = device.deadlineDownload == .zero ? .zero : device.deadlineDownload / rate
    return Reception(
      stepTime: time, stepEnergy: device.receivePower == .zero ? .zero : device.receivePower * time,
      onceTime: device.deadlineBroadcast + once)
  }

  /// tau_n: what computing and receiving leave of the deadline for the uplink, T_max − m (T_dev + T_srv + T_down) −
  /// T_once, where the deadline counts m steps; not above 0 where they leave nothing.
  @inlinable
  public func timeLeft(_ reception: Reception = .none) -> Seconds {
    deadline - device.deadlineSteps * (computeTime + device.serverTime + reception.stepTime) - reception.onceTime
  }

  /// The data that the deadline counts: m S(q) and the model upload.
  @inlinable
  public func countedData(_ payload: Bits) -> Bits { device.deadlineSteps * payload + device.deadlineUpload }

  /// The least rate that keeps Eq. (22a): the counted data over the time that is left. 0 without a deadline; `nil` if no
  /// time is left.
  @inlinable
  public func requiredRate(_ payload: Bits, _ reception: Reception = .none) -> BitsPerSecond? {
    let left = timeLeft(reception)
    return left > .zero ? countedData(payload) / left : nil
  }

  /// Whether a step at this rate keeps Eq. (22a).
  @inlinable
  public func meetsDeadline(_ payload: Bits, rate: BitsPerSecond, _ reception: Reception) -> Bool {
    let left = timeLeft(reception)
    return left > .zero && rate > .zero && countedData(payload) / rate <= left * (1 + Problem.tolerance)
  }

  /// P1, Eq. (23), (24): the power with which the counted data goes up in the time that is left.
  @inlinable
  public func powerControl(_ payload: Bits, gain: Double, _ reception: Reception) -> PowerControl {
    PowerControl(
      payload: countedData(payload), time: timeLeft(reception), bandwidth: bandwidth,
      normalizedGain: gain / noise.value, powerMin: device.powerMin, powerMax: device.powerMax,
      circuitPower: device.circuitPower, amplifierEfficiency: device.amplifierEfficiency, radio: device.radio,
      link: link)
  }

  /// E_n, Eq. (17), with the downlink where there is one.
  @inlinable
  public func energy(_ payload: Bits, power: Watts, rate: BitsPerSecond, _ reception: Reception) -> Joules {
    energy(uplink: device.sending(payload, power: power, rate: rate).energy, reception)
  }

  /// E_n, Eq. (17), of what the upload takes.
  @inlinable
  public func energy(uplink: Joules, _ reception: Reception) -> Joules {
    StepCost.energy(compute: computeEnergy, uplink: uplink) + reception.stepEnergy
  }

  /// What the device adds to U(t), Eq. (21).
  @inlinable
  public func value(_ level: QuantizationLevel, energy: Joules) -> Double {
    objective.value(dataShare: device.dataShare, information: level.information, energy: energy)
  }
}

extension DeviceConstants {
  /// T_n^dev / s and E_n^dev s² at the share s of its clock, Eq. (9), (10).
  @inlinable
  public func computing(at clockScale: Double) -> (time: Seconds, energy: Joules) {
    (computeTime / clockScale, computeEnergy * (clockScale * clockScale))
  }

  /// What the radio draws while it radiates `power`.
  public func drawnPower(_ power: Watts) -> Watts {
    radio.drawnPower(radiating: power, circuitPower: circuitPower, amplifierEfficiency: amplifierEfficiency)
  }

  /// What it takes to send `data`, Eq. (14), (15).
  @inlinable
  public func sending(_ data: Bits, power: Watts, rate: BitsPerSecond) -> (time: Seconds, energy: Joules) {
    let time = StepCost.uplinkTime(payload: data, rate: rate)
    guard radio == .amplifier else { return (time, drawnPower(power) * time) }
    let energy = StepCost.uplinkEnergy(
      power: power, time: time, circuitPower: circuitPower, amplifierEfficiency: amplifierEfficiency)
    return (time, energy)
  }
}
