import Units

/// A device's battery: what is in it, what it has taken in and given since the run began.
///
/// Its charge moves in straight lines. Beside what its work draws, a device that is on draws its idle power, also while it works;
/// a charger, while it is there, brings in its power. A full battery takes in no more than the device draws. An empty one gives
/// what comes in at once, as much of it as the device asks for. At any time
/// `first charge + charged = spent + charge`.
public struct Battery: Sendable, Hashable, Codable {
  /// What it holds at most.
  public let capacity: Joules
  /// What its device draws whether it works or not.
  public let idlePower: Watts
  /// What its charger brings in while it is there.
  public let chargingPower: Watts
  /// What is in it at ``time``.
  public private(set) var charge: Joules
  /// As of when, from the run's beginning.
  public private(set) var time = Seconds.zero
  /// What has come in until then.
  public private(set) var charged = Joules.zero
  /// What the device has drawn until then, for its work and beside it.
  public private(set) var spent = Joules.zero

  /// A battery as a run finds it.
  public init(capacity: Joules, charge: Joules, idlePower: Watts = .zero, chargingPower: Watts = .zero) {
    (self.capacity, self.charge) = (capacity, min(charge, capacity))
    (self.idlePower, self.chargingPower) = (idlePower, chargingPower)
  }

  /// Lets time pass in which the device's work draws `load`.
  ///
  /// - Parameter charger: Whether the charger is there at a time, and until when that is so.
  /// - Complexity: O(comings and goings of the charger in between).
  public mutating func advance(to end: Seconds, drawing load: Watts = .zero, charger: (Seconds) -> Presence) {
    while time < end {
      let supply = supply(at: time, charger)
      pass(until: max(time, min(end, supply.until)), bringing: supply.power, drawing: idlePower + load)
    }
  }

  /// Takes energy out at once, as much as there is.
  mutating func take(_ energy: Joules) {
    let given = min(energy, charge)
    charge = charge - given
    spent += given
  }

  /// When it is next known whether it is empty: when it runs empty, where that comes before its charger comes or goes, or else
  /// then. Infinite where neither ever happens.
  func nextLook(drawing load: Watts, charger: (Seconds) -> Presence) -> Seconds {
    let supply = supply(at: time, charger)
    let drain = idlePower + load - supply.power
    return drain > .zero ? min(supply.until, time + charge / drain) : supply.until
  }

  /// When it holds `level` or more again, if its device does nothing; infinite where that is not within `most` comings of its
  /// charger.
  public func time(reaching level: Joules, most: Int = 1000, charger: (Seconds) -> Presence) -> Seconds {
    var battery = self
    for _ in 0..<2 * most where battery.charge < level || battery.charge == .zero {
      let supply = supply(at: battery.time, charger)
      let gain = supply.power - idlePower
      let rise = gain > .zero ? max(level - battery.charge, .zero) / gain : Seconds(.infinity)
      // A tick more, so that rounding does not leave it short of the level.
      if battery.time + rise < supply.until { return battery.time + rise + Seconds(1e-9) }
      guard supply.until.isFinite else { return Seconds(.infinity) }
      battery.pass(until: supply.until, bringing: supply.power, drawing: idlePower)
    }
    return battery.charge >= level && battery.charge > .zero ? battery.time : Seconds(.infinity)
  }

  /// Whether a run may have come to it at `now` that began with `first`.
  public func canFollow(_ first: Battery, at now: Seconds) -> Bool {
    capacity == first.capacity && idlePower == first.idlePower && chargingPower == first.chargingPower
      && charge >= .zero && charge <= capacity && time >= .zero && time <= now && charged.isFinite && spent.isFinite
      && charged >= .zero && spent >= .zero
  }

  private func supply(at time: Seconds, _ charger: (Seconds) -> Presence) -> (power: Watts, until: Seconds) {
    guard chargingPower > .zero else { return (.zero, Seconds(.infinity)) }
    let presence = charger(time)
    return (presence.isThere ? chargingPower : .zero, Seconds(presence.until))
  }

  /// Lets time pass in which nothing changes.
  private mutating func pass(until end: Seconds, bringing supply: Watts, drawing demand: Watts) {
    let span = end - time
    time = end
    if supply >= demand {
      let taken = min((supply - demand) * span, capacity - charge)
      charge = min(charge + taken, capacity)
      charged += taken + demand * span
      spent += demand * span
    } else {
      let given = min((demand - supply) * span, charge)
      charge = charge - given
      charged += supply * span
      spent += given + supply * span
    }
  }
}
