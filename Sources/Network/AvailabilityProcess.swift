import Randomness
import Synchronization
import Units

/// The comings and goings of all devices in a run.
///
/// Span `r` of a device is drawn from the stream (purpose, device, r), and spans add up from 0 on: who is there does not depend on
/// who looks. What is kept is where each device was last; a look back before that begins anew.
public final class AvailabilityProcess: Sendable {
  private let availability: Availability
  private let seed: Seed
  private let purpose: Purpose
  private let count: Int
  private let current: Mutex<[Span]>

  /// A span of a device under a law.
  private struct Span {
    var number: UInt32
    var isThere: Bool
    var start: Double
    var end: Double
  }

  /// The shortest span, in seconds: what is drawn shorter is as long.
  public static let shortest = 1e-3

  /// The comings and goings of `count` devices, or of what else `purpose` draws them for.
  public init(_ availability: Availability, count: Int, seed: Seed, purpose: Purpose = .availability) {
    (self.availability, self.count, self.seed, self.purpose) = (availability, count, seed, purpose)
    current = Mutex([])
  }

  /// Whether a device is there, and until when that is so.
  public func presence(of device: Int, at time: Seconds) -> Presence {
    switch availability {
    case .table(let table): table.presence(of: device, at: time.value)
    case .law(let on, let off):
      current.withLock { spans in
        if spans.isEmpty { spans = (0..<count).map { first(of: $0, on, off) } }
        return advance(&spans[device], device, to: time.value, on, off)
      }
    }
  }

  /// For each device whether it is there.
  public func areThere(at time: Seconds) -> [Bool] { (0..<count).map { presence(of: $0, at: time).isThere } }

  /// When the next device comes of those that are not there; infinite where none ever does.
  public func nextArrival(after time: Seconds) -> Seconds {
    Seconds(
      (0..<count).reduce(.infinity) { least, device in
        let presence = presence(of: device, at: time)
        return presence.isThere ? least : min(least, presence.until)
      })
  }

  private func advance(_ span: inout Span, _ device: Int, to time: Double, _ on: Distribution, _ off: Distribution)
    -> Presence
  {
    if time < span.start { span = first(of: device, on, off) }
    while time >= span.end, span.number < UInt32.max {
      var stream = seed.stream(purpose, device, Int(span.number) + 1)
      let length = (try? (span.isThere ? off : on).draw(index: device, from: &stream)) ?? .infinity
      span = Span(
        number: span.number + 1, isThere: !span.isThere, start: span.end, end: span.end + max(Self.shortest, length))
    }
    return Presence(isThere: span.isThere, until: span.end)
  }

  /// The span that is under way at time 0 in the stationary law: of either kind with its share of the time, and of one that is
  /// drawn weighted by its length, what is left.
  private func first(of device: Int, _ on: Distribution, _ off: Distribution) -> Span {
    var stream = seed.stream(purpose, device, 0)
    let isThere = stream.uniform() * (on.mean + off.mean) < on.mean
    return Span(
      number: 0, isThere: isThere, start: 0, end: max(Self.shortest, (isThere ? on : off).residual(from: &stream)))
  }
}
