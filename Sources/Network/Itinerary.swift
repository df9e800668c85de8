import EventKernel
import Units
import Wireless

/// What one admitted device will do in a round: the same step over and over, and what comes before the first and after the
/// last one. Where the server keeps activations, a device's first epoch has fresh steps and all that follows takes place at
/// the server.
///
/// Durations and energies are doubles by the closed form; the round turns them into event times.
public struct Itinerary: Sendable, Hashable, Codable {
  /// n.
  public var device: Int
  /// k; `nil` where the framework uses no block.
  public var block: Int?
  /// The rate on the air.
  public var rate: BitsPerSecond
  /// s_n.
  public var steps: Int
  /// The first steps of the round whose activations the server does not have: all of them unless it keeps activations.
  public var freshSteps: Int
  /// Before the first step: raw data that goes up.
  public var before: [Activity] = []
  /// Forward pass, upload, server, backward pass: those of a fresh step that take place, in order. Where the device has the
  /// head, its pass and another upload and visit to the server come between; where it trains by a loss of its own, the backward
  /// pass comes before the upload.
  public var step: [Activity]
  /// When the device leaves, counted from the run's beginning; `nil` where it stays.
  public var departure: Seconds?
  /// The device's battery as it begins; `nil` where batteries do not matter.
  public var battery: Battery?
  /// What the device's radio draws while it is asleep; `nil` where that is not counted.
  public var sleep: RadioSleep?
  /// The version of the model that it begins with: the round that began with it, from 1; 0 where all have the same.
  public var version = 0
  /// Whether computing takes more or less than ``Activity/time``.
  public var hasJitter = false
  /// After the last step: the model upload.
  public var after: [Activity] = []

  /// One stretch of a device's time that ends with an event.
  public struct Activity: Sendable, Hashable, Codable {
    /// The event at its end.
    public var kind: RoundEvent
    /// How long it takes.
    public var time: Seconds
    /// What the device spends on it.
    public var energy: Joules
    /// What it sends or receives where the channel moves; time and energy then are those of a channel that stands still.
    public var transmission: Transmission?

    /// An activity that ends with `kind`.
    public init(kind: RoundEvent, time: Seconds, energy: Joules, transmission: Transmission? = nil) {
      (self.kind, self.time, self.energy, self.transmission) = (kind, time, energy, transmission)
    }
  }

  /// The itinerary of `device`.
  public init(
    device: Int, block: Int? = nil, rate: BitsPerSecond = .zero, steps: Int, freshSteps: Int? = nil,
    before: [Activity] = [], step: [Activity], after: [Activity] = []
  ) {
    (self.device, self.block, self.rate) = (device, block, rate)
    (self.steps, self.freshSteps) = (steps, freshSteps ?? steps)
    (self.before, self.step, self.after) = (before, step, after)
  }

  /// The activities of a step whose activations the server has: its own.
  public var cachedStep: [Activity] { step.filter { $0.kind == .server } }

  /// Whether how long its activities take depends on the air.
  public var isOverMovingAir: Bool {
    func isMoving(_ activity: Activity) -> Bool { activity.transmission != nil }
    return before.contains(where: isMoving) || step.contains(where: isMoving) || after.contains(where: isMoving)
  }

  /// Whether what its steps take is not known before they begin.
  var isPlayed: Bool { hasJitter || isOverMovingAir }

  /// Why a round that has `activity` in it cannot be simulated.
  public func outlasts(_ activity: Activity) -> OutlastingActivity {
    OutlastingActivity(
      description: "device \(device): \(activity.kind.name) takes \(activity.time), and simulated time ends at "
        + "\(SimTime.distantFuture); its rate on block \(block ?? 0) is \(rate)")
  }

  /// T_n of a fresh step: the activities' sum, Eq. (16).
  public var stepLatency: Seconds { step.reduce(.zero) { $0 + $1.time } }

  /// E_n of a step, Eq. (17).
  public var stepEnergy: Joules { step.reduce(.zero) { $0 + $1.energy } }

  /// s_n T_n, the server's part alone of the steps that are not fresh, and what comes before and after.
  public var roundTime: Seconds {
    stepLatency * Double(freshSteps) + time(.server) * Double(steps - freshSteps)
      + before.reduce(.zero) { $0 + $1.time } + after.reduce(.zero) { $0 + $1.time }
  }

  /// The time that a step spends on one kind of activity, 0 where it has none.
  public func time(_ kind: RoundEvent) -> Seconds {
    step.reduce(.zero) { $1.kind == kind ? $0 + $1.time : $0 }
  }
}

/// A round with an activity that ends after simulated time does.
public struct OutlastingActivity: Error, Sendable, CustomStringConvertible {
  /// Which device, which activity, how long.
  public var description: String
}
