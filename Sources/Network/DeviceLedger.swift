import Units
import Wireless

/// Seconds and joules that events gave to one admitted device in one round.
public struct DeviceLedger: Sendable, Hashable, Codable {
  /// What it set out to do.
  public var itinerary: Itinerary
  /// Steps completed.
  public var steps = 0
  /// Whether it missed a deadline and left the round.
  public var isLate = false
  /// Whether its link was given up, upon which it left the round; it then is late as well.
  public var hasLostLink = false
  /// Whether it was away before its round was done; it then is late as well.
  public var hasLeft = false
  /// Whether its battery ran empty before its round was done; it then is late as well.
  public var isEmpty = false
  /// Whether it was stopped when others merged; it then is late as well.
  public var isWithdrawn = false
  /// Whether it was done, but on too old a version of the model; it then is late as well.
  public var isStale = false
  /// Its battery when its part ended, or when its last activity did that has ended; `nil` where batteries do not matter.
  public internal(set) var battery: Battery?
  /// What its steps took where the channel moves or computing varies, also one that it did not end.
  public var played: PlayedSteps?
  /// Time from the round's start to the device's own end; a sum of doubles, not of ticks.
  public var time = Seconds.zero
  /// Time spent computing.
  public var computeTime = Seconds.zero
  /// Time spent sending.
  public var uplinkTime = Seconds.zero
  /// Time in which the server served it, in seconds of one accelerator.
  public var serverTime = Seconds.zero
  /// Time spent at the server beyond that: in line, or while others had a part of its accelerator.
  public var waitTime = Seconds.zero
  /// Time spent receiving.
  public var downlinkTime = Seconds.zero
  /// Energy spent computing.
  public var computeEnergy = Joules.zero
  /// Energy spent sending.
  public var uplinkEnergy = Joules.zero
  /// Energy spent receiving.
  public var downlinkEnergy = Joules.zero

  /// Energy of a radio that was asleep while the device was at work; 0 where that is not counted.
  public var sleepEnergy = Joules.zero
  /// The time at which it was last on the air.
  private var airTime = Seconds.zero

  /// All that it spent.
  public var energy: Joules { computeEnergy + uplinkEnergy + downlinkEnergy + sleepEnergy }

  /// The ledger of a device that has done nothing yet.
  public init(_ itinerary: Itinerary) {
    self.itinerary = itinerary
    battery = itinerary.battery
  }

  /// The ledger of a device that has done all of its itinerary, in closed form.
  public init(completing itinerary: Itinerary) {
    self.init(itinerary)
    steps = itinerary.steps
    if itinerary.sleep != nil {
      enterAll()
      return
    }
    for activity in itinerary.step {
      enter(activity, times: activity.kind == .server ? itinerary.steps : itinerary.freshSteps)
    }
    for activity in itinerary.before { enter(activity) }
    for activity in itinerary.after { enter(activity) }
  }

  /// Enters all activities in their order, on which it depends how long a radio sleeps.
  private mutating func enterAll() {
    for activity in itinerary.before { enter(activity) }
    for step in 0..<itinerary.steps {
      for activity in step < itinerary.freshSteps ? itinerary.step : itinerary.cachedStep { enter(activity) }
    }
    for activity in itinerary.after { enter(activity) }
    fallAsleep()
  }

  /// Lets the radio sleep since it was last on the air; also where the device's part ends.
  mutating func fallAsleep() {
    guard let sleep = itinerary.sleep else { return }
    let energy = sleep.energy(of: time - airTime)
    airTime = time
    sleepEnergy += energy
    battery?.take(energy)
  }

  /// n, from 0.
  public var device: Int { itinerary.device }

  /// Enters an activity that has just ended, or several alike.
  mutating func enter(_ activity: Itinerary.Activity, times count: Int = 1) {
    let (duration, energy) = (activity.time * Double(count), activity.energy * Double(count))
    let isOnAir = activity.kind == .uplink || activity.kind == .modelUpload || activity.kind == .downlink
    if isOnAir { fallAsleep() }
    time += duration
    if isOnAir { airTime = time }
    switch activity.kind {
    case .forward, .backward:
      computeTime += duration
      computeEnergy += energy
    case .uplink, .modelUpload:
      uplinkTime += duration
      uplinkEnergy += energy
    case .server:
      serverTime += duration
    case .downlink:
      downlinkTime += duration
      downlinkEnergy += energy
    case .deadline, .aggregated, .linkLost, .left, .decision, .withdrawn, .empty:
      break
    }
  }

  /// What the steps of a device took, as far as that is not known before they begin.
  public struct PlayedSteps: Sendable, Hashable, Codable {
    /// Energy of all steps.
    public var energy = Joules.zero
    /// Time in which they computed.
    public var computeTime = Seconds.zero
    /// Time in which they sent.
    public var uplinkTime = Seconds.zero
    /// Time in which they received.
    public var downlinkTime = Seconds.zero

    /// Adds an activity of a step.
    mutating func add(_ activity: Itinerary.Activity) {
      energy += activity.energy
      if activity.kind == .forward || activity.kind == .backward { computeTime += activity.time }
      if activity.kind == .uplink { uplinkTime += activity.time }
      if activity.kind == .downlink { downlinkTime += activity.time }
    }
  }

  /// Enters time spent waiting.
  mutating func wait(_ span: Seconds) {
    time += span
    waitTime += span
  }
}
