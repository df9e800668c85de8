import EventKernel
import Units

/// Where devices and server stand.
extension RoundEngine {
  /// How the server serves.
  enum Service: Sendable, Hashable, Codable {
    /// Everybody at once: an end is known before it begins.
    case everybody
    case queue(isUrgent: Bool)
    case sharing

    var isQueue: Bool { if case .queue = self { true } else { false } }
    var isSharing: Bool { if case .sharing = self { true } else { false } }
  }

  /// Where a device stands. Step 0 is what comes before the first one, `steps + 1` what comes after the last one.
  struct Slot: Sendable, Hashable, Codable {
    var device: Int
    var steps: Int
    var freshSteps: Int
    /// Of ``activities``: a fresh step, a cached one, what comes after the last one.
    var fresh: Range<Int>
    var cached: Range<Int>
    var after: Range<Int>

    var step = 0
    /// The activity under way, and where those of the step end.
    var next: Int
    var end: Int
    var start = SimTime.zero
    var elapsed = Seconds.zero
    var deadline: SimTime?
    /// When the activity under way ends, as far as that is foreseen.
    var due = SimTime.zero
    /// When it came to the server that it is at.
    var arrival = SimTime.zero
    /// What it waited there.
    var waited = Seconds.zero
    var isActive = false
    var hasLeft = false
    /// What the activity under way draws from the battery.
    var load = Watts.zero
    /// When to look next whether the battery is empty.
    var batteryLook: SimTime?
    /// What the activity under way takes, where the air decides that.
    var played: Itinerary.Activity?
    /// Whether the activity under way ends with the loss of the link.
    var losesLink: Bool { played?.kind == .linkLost }

    var isInStep: Bool { step >= 1 && step <= steps }

    mutating func beginNextStep(at time: SimTime) {
      step += 1
      let range = step > steps ? after : step > freshSteps ? cached : fresh
      (next, end, start, elapsed) = (range.lowerBound, range.upperBound, time, .zero)
    }
  }
}
