import Units
import Wireless

/// One round's allocation problem, Eq. (22): who takes part, on which block, with which power and option.
///
/// A device picks one *option*: a quantisation level of ``levels``, with it a cut of ``cuts``, and a clock of
/// ``clockScales``. Nothing couples devices but the blocks, so the best option of a (device, block) pair is the weight of
/// an edge and one maximum-weight matching is the optimum.
public struct Problem: Sendable {
  /// Constants of each device in this round.
  public var devices: [DeviceConstants]
  /// The quantisation levels a device may choose from, cut after cut, in each bits ascending; never empty.
  public var levels: [QuantizationLevel]
  /// Where the model may be cut, never empty; one cut that changes nothing where there is no choice.
  public var cuts: [CutOption]
  /// The clocks a device may choose from, as shares of its own clock, ascending in (0, 1]; `[1]` where the clock is fixed.
  public var clockScales: [Double]
  /// Bandwidth B of a block.
  public var bandwidth: Hertz
  /// Noise power N0 in a block.
  public var noise: Watts
  /// T_max, Eq. (22a); infinite where a policy knows no deadline.
  public var deadline: Seconds
  /// What is maximised, Eq. (21).
  public var objective: Objective
  /// Channel power gains h_{n,k}.
  public var gains: any GainSource
  /// What comes down; `nil` where it is neglected, as in the paper.
  public var downlink: Downlink?
  /// What a block carries at a signal-to-noise ratio; the paper's is Eq. (12).
  public var link: Link

  /// A problem; `devices` and `gains` must agree in N.
  public init(
    devices: [DeviceConstants], levels: [QuantizationLevel], cuts: [CutOption] = [CutOption()],
    clockScales: [Double] = [1], bandwidth: Hertz, noise: Watts, deadline: Seconds, objective: Objective,
    gains: any GainSource, downlink: Downlink? = nil,
    link: Link = .ideal
  ) {
    precondition(devices.count == gains.deviceCount, "a row of gains for every device")
    precondition(!levels.isEmpty && !cuts.isEmpty && !clockScales.isEmpty, "every device has an option")
    precondition(levels.allSatisfy { cuts.indices.contains($0.cut) }, "a level is one of a cut")
    precondition(cuts[0].addsNothing, "the devices' constants are those of the first cut")
    self.devices = devices
    self.levels = levels
    self.cuts = cuts
    self.clockScales = clockScales
    self.bandwidth = bandwidth
    self.noise = noise
    self.deadline = deadline
    self.objective = objective
    self.gains = gains
    self.downlink = downlink
    self.link = link
  }

  /// The problem as `policy` is to be given it: without the deadline where it does not plan with one.
  public func given(to policy: any Policy) -> Problem {
    var problem = self
    if !policy.observesDeadline { problem.deadline = .infinity }
    return problem
  }

  /// Resource blocks K.
  public var blockCount: Int { gains.blockCount }

  /// The constants of a device that trains its part before the cut of that index, Eq. (9)–(11) and what (22a) counts.
  @inlinable
  public func constants(of device: Int, cut: Int) -> DeviceConstants {
    cut == 0 ? devices[device] : cuts[cut].applied(to: devices[device])
  }

  /// Whether the device has the memory for that cut.
  @inlinable
  public func allows(cut: Int, of device: Int) -> Bool { devices[device].fits(cuts[cut]) }

  /// Indices of the cuts that a device has the memory for.
  public func openCuts(of device: Int) -> [Int] { cuts.indices.filter { allows(cut: $0, of: device) } }

  /// What comes down with that cut; `nil` where it is neglected.
  @inlinable
  public func downlink(cut: Int) -> Downlink? {
    guard var downlink else { return nil }
    downlink.gradient = downlink.gradient + cuts[cut].addedGradient
    return downlink
  }

  /// Indices of the clocks that a device may choose: all of them, or only its own where its clock is fixed.
  public func clocks(of terms: DeviceConstants) -> Range<Int> {
    let first = clockScales.firstIndex { $0 >= terms.leastClockScale } ?? clockScales.count - 1
    return first..<clockScales.count
  }

  /// Relative tolerance of every deadline and power test: the least feasible power puts T_n exactly on T_max.
  public static let tolerance = PowerControl.tolerance
}

/// What Eq. (22) needs to know of one device in one round.
public struct DeviceConstants: Sendable, Hashable {
  /// rho_n = D_n / sum of all devices' samples.
  public var dataShare: Double
  /// Least transmit power p_min,n.
  public var powerMin: Watts
  /// Largest transmit power p_max,n.
  public var powerMax: Watts
  /// Power of the radio's circuits while it transmits.
  public var circuitPower: Watts
  /// Radiated over drawn power, in (0, 1].
  public var amplifierEfficiency: Double
  /// What the radio draws; the two before are those of its amplifier.
  public var radio = RadioEnergy.amplifier
  /// T_n^dev at the device's own clock, Eq. (9); at the share s of it, T_n^dev / s.
  public var computeTime: Seconds
  /// E_n^dev at the device's own clock, Eq. (10); at the share s of it, E_n^dev s².
  public var computeEnergy: Joules
  /// T^srv of this device's step, Eq. (11).
  public var serverTime: Seconds
  /// Steps that the deadline counts: 1, or s_n where it counts the whole round.
  public var deadlineSteps: Double
  /// Data that the deadline counts beside the steps' payloads: 0, or the model upload where it counts the whole round.
  public var deadlineUpload: Bits
  /// Power of the radio's circuits while it receives.
  public var receivePower: Watts
  /// Data that comes down on the device's block once and that the deadline counts: 0, or the model where it counts the whole
  /// round and each device is sent its own.
  public var deadlineDownload: Bits
  /// Time that the deadline counts once, on whatever block: 0, or that of the model's broadcast where it counts the whole
  /// round.
  public var deadlineBroadcast: Seconds
  /// The least share of its clock that the device may choose; 1 where its clock is fixed.
  public var leastClockScale: Double
  /// What it has for its part of the model and that part's training; infinite where nothing limits it.
  public var memory = Bits.infinity
  /// What it needs of that beside ``CutOption/memory``; less than 0 where it trains less than others.
  public var addedMemory = Bits.zero

  /// Whether it has the memory for that cut.
  @inlinable
  public func fits(_ cut: CutOption) -> Bool { cut.memory + addedMemory <= memory }

  /// The constants of one device; an ideal radio and a deadline of one step unless said otherwise.
  public init(
    dataShare: Double, powerMin: Watts, powerMax: Watts, computeTime: Seconds, computeEnergy: Joules,
    serverTime: Seconds, circuitPower: Watts = .zero, amplifierEfficiency: Double = 1, deadlineSteps: Double = 1,
    deadlineUpload: Bits = .zero, receivePower: Watts = .zero, deadlineDownload: Bits = .zero,
    deadlineBroadcast: Seconds = .zero, leastClockScale: Double = 0
  ) {
    self.dataShare = dataShare
    self.powerMin = powerMin
    self.powerMax = powerMax
    self.circuitPower = circuitPower
    self.amplifierEfficiency = amplifierEfficiency
    self.computeTime = computeTime
    self.computeEnergy = computeEnergy
    self.serverTime = serverTime
    self.deadlineSteps = deadlineSteps
    self.deadlineUpload = deadlineUpload
    self.receivePower = receivePower
    self.deadlineDownload = deadlineDownload
    self.deadlineBroadcast = deadlineBroadcast
    self.leastClockScale = leastClockScale
  }
}

/// One choice of q_n at one cut: bits, what they put on the air and what they are worth.
public struct QuantizationLevel: Sendable, Hashable {
  /// q.
  public var bits: Int
  /// S(q) of one step, by the one payload rule that policies, events and trainer share.
  public var payload: Bits
  /// log2(1 + q), the concave gain of Eq. (20).
  public var information: Double
  /// Index of the cut in ``Problem/cuts``.
  public var cut: Int

  /// The level of `bits` bits at a cut, the first unless said otherwise.
  public init(bits: Int, payload: Bits, cut: Int = 0) {
    self.bits = bits
    self.payload = payload
    self.cut = cut
    self.information = Objective.information(bits: bits)
  }
}
