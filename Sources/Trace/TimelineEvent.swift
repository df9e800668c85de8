import EventKernel
import JSON

/// One entry of a timeline.
public enum TimelineEvent: Sendable, Hashable {
  /// A row of a timeline. Perfetto takes a row for a thread of a process: the numbers of all rows differ from each other
  /// and from those of all groups, or rows would be merged.
  public struct Track: Sendable, Hashable {
    /// The group that the row stands in, from 1.
    public var group: Int
    /// The number of the row.
    public var number: Int

    /// A row.
    public init(group: Int, number: Int) {
      self.group = group
      self.number = number
    }
  }

  /// What a group of rows is called; groups stand in the order of their numbers.
  case group(Int, name: String)
  /// What a row is called; rows stand in the order of their numbers.
  case track(Track, name: String)
  /// Something that takes time.
  case slice(Track, name: String, start: SimTime, end: SimTime, arguments: JSONValue)
  /// A moment, marked through all rows.
  case moment(Track, name: String, time: SimTime)
  /// A value from now on, drawn as a curve of its own, which is called after both names.
  case counter(group: Int, name: String, series: String, time: SimTime, value: Double)

  /// The entry as one object of Chrome's Trace Event Format. Times are microseconds with three decimals: nanoseconds, exactly.
  public var json: String {
    switch self {
    case .group(let group, let name):
      Self.metadata("process_name", group, nil, "name", .string(name)) + ",\n"
        + Self.metadata("process_sort_index", group, nil, "sort_index", .integer(group))
    case .track(let track, let name):
      Self.metadata("thread_name", track.group, track.number, "name", .string(name)) + ",\n"
        + Self.metadata("thread_sort_index", track.group, track.number, "sort_index", .integer(track.number))
    case .slice(let track, let name, let start, let end, let arguments):
      "{\"ph\":\"X\",\"name\":\(Self.quoted(name)),\"pid\":\(track.group),\"tid\":\(track.number),\"ts\":\(Self.microseconds(start)),"
        + "\"dur\":\(Self.microseconds(end - start)),\"args\":\(arguments.text(.line))}"
    case .moment(let track, let name, let time):
      "{\"ph\":\"i\",\"name\":\(Self.quoted(name)),\"pid\":\(track.group),\"tid\":\(track.number),\"ts\":\(Self.microseconds(time)),"
        + "\"s\":\"g\"}"
    case .counter(let group, let name, let series, let time, let value):
      "{\"ph\":\"C\",\"name\":\(Self.quoted(name)),\"pid\":\(group),\"ts\":\(Self.microseconds(time)),\"args\":{\(Self.quoted(series)):\(value)}}"
    }
  }

  private static func metadata(_ kind: String, _ group: Int, _ track: Int?, _ key: String, _ value: JSONValue) -> String
  {
    "{\"ph\":\"M\",\"name\":\"\(kind)\",\"pid\":\(group),\(track.map { "\"tid\":\($0)," } ?? "")\"args\":{\"\(key)\":\(value.text(.line))}}"
  }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).text(.line) }

  private static func microseconds(_ time: SimTime) -> String {
    let (whole, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1000)
    let digits = "\(rest)"
    return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
