import Units

/// What the length of activities depends on that is not known before they begin: a channel that changes while data is under way,
/// how fast a device happens to compute, and when it charges.
public protocol Air: Sendable {
  /// What becomes of `transmission`, which begins at `start`, counted from the run's beginning.
  ///
  /// - Parameters:
  ///   - step: The step of the device's round, 0 before the first.
  ///   - limit: After which the answer is of no interest.
  func delivery(
    of transmission: Transmission, kind: RoundEvent, device: Int, block: Int?, step: Int, from start: Seconds,
    within limit: Seconds
  ) -> Delivery

  /// How long computing takes in a step over what is planned, where ``Itinerary/hasJitter`` says so; energy likewise.
  ///
  /// - Parameter version: ``Itinerary/version``.
  func slowness(device: Int, step: Int, version: Int) -> Double

  /// Whether a device's charger is there at a time, counted from the run's beginning, and until when that is so.
  func charger(of device: Int, at time: Seconds) -> Presence
}

extension Air {
  /// Never.
  public func charger(of device: Int, at time: Seconds) -> Presence { .never }

  /// As planned.
  public func slowness(device: Int, step: Int, version: Int) -> Double { 1 }
}

/// What goes through the air in one activity.
public struct Transmission: Sendable, Hashable, Codable {
  /// How much.
  public var data: Bits
  /// The radiated power.
  public var power: Watts
  /// What the device spends per second of it.
  public var drawnPower: Watts
  /// Which one of its kind it is in its step, from 1; `nil` where it is the only one.
  public var turn: Int?

  /// `data` at `power`.
  public init(data: Bits, power: Watts, drawnPower: Watts, turn: Int? = nil) {
    (self.data, self.power, self.drawnPower, self.turn) = (data, power, drawnPower, turn)
  }
}

/// What becomes of a transmission.
public enum Delivery: Sendable, Hashable {
  /// All of it is through after this time.
  case after(Seconds)
  /// The link is given up after this time.
  case lost(Seconds)
  /// Neither before the limit.
  case beyondLimit
}
