import Randomness
import Units

/// When devices are there: outside of it, a device neither computes nor sends, and no policy can choose it.
public enum Availability: Sendable, Hashable {
  /// They come and go: spans of both kinds follow each other, each drawn anew. A run begins in the stationary law.
  case law(on: Distribution, off: Distribution)
  /// As a table has it.
  case table(AvailabilityTable)

  /// The share of time in which a device is there, in the long run; `nil` of a table.
  public var share: Double? {
    guard case .law(let on, let off) = self else { return nil }
    return on.mean / (on.mean + off.mean)
  }
}

/// The spans in which each device is there, as they were observed.
public struct AvailabilityTable: Sendable, Hashable {
  /// A span from `on` to before `off`.
  public struct Span: Sendable, Hashable {
    /// When the device comes.
    public var on: Double
    /// When it leaves.
    public var off: Double

    /// The span from `on` to before `off`, in seconds.
    public init(on: Double, off: Double) { (self.on, self.off) = (on, off) }
  }

  /// Where the table was read from.
  public var path: String
  /// Per device its spans, ascending, with time between one and the next.
  public var spans: [[Span]]
  /// After which all of it begins again; `nil`: after its last span a device never comes back.
  public var period: Seconds?

  /// A table.
  public init(path: String, spans: [[Span]], period: Seconds? = nil) {
    (self.path, self.spans, self.period) = (path, spans, period)
  }
}

/// A time in which a device is there, or is not.
public struct Presence: Sendable, Hashable {
  /// Whether it is there.
  public var isThere: Bool
  /// Until when that is so, in seconds; infinite if for ever.
  public var until: Double

  /// It never is.
  public static let never = Presence(isThere: false, until: .infinity)
}

extension AvailabilityTable {
  /// Whether a device is there at `time`, and until when that is so.
  func presence(of device: Int, at time: Double) -> Presence {
    let spans = spans[device]
    guard let period = period?.value else { return Self.presence(in: spans, at: time, next: .infinity) }
    let turn = (time / period).rounded(.down)
    let start = turn * period
    var found = Self.presence(in: spans, at: time - start, next: spans.first.map { $0.on + period } ?? .infinity)
    // A span that ends with the period goes on with the next one that begins with it.
    while found.isThere, found.until == period, let first = spans.first, first.on == 0 {
      if first.off == period { return Presence(isThere: true, until: .infinity) }
      found.until = period + first.off
    }
    return Presence(isThere: found.isThere, until: start + found.until)
  }

  private static func presence(in spans: [Span], at time: Double, next: Double) -> Presence {
    var (low, high) = (0, spans.count)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].off > time { high = middle } else { low = middle + 1 }
    }
    guard low < spans.count else { return Presence(isThere: false, until: next) }
    let span = spans[low]
    return span.on <= time ? Presence(isThere: true, until: span.off) : Presence(isThere: false, until: span.on)
  }
}
