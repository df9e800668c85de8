import Units

/// Where devices are at some times; between them they go straight and steadily, after the last they stand.
public struct PositionTable: Sendable, Hashable {
  /// The file it came from.
  public var path: String
  /// The rows of device n are those of `starts[n]..<starts[n + 1]`.
  private let starts: [Int]
  /// By device, then rising.
  private let times: [Double]
  private let places: [Position]
  /// The largest speed between two rows of a device.
  public let topSpeed: MetersPerSecond

  /// The table of `rows`, one list per device, each with at least one row and rising times.
  public init(path: String, rows: [[(time: Seconds, position: Position)]]) {
    self.init(
      path: path, counts: rows.map(\.count), times: rows.flatMap { $0.map(\.time.value) },
      places: rows.flatMap { $0.map(\.position) })
  }

  /// The table of rows by device, then time.
  public init(path: String, counts: [Int], times: [Double], places: [Position]) {
    self.path = path
    self.times = times
    self.places = places
    var (starts, top) = ([0], 0.0)
    for count in counts {
      let start = starts[starts.count - 1]
      for row in start..<start + count where row > start {
        let (from, to) = (places[row - 1], places[row])
        let length = Position(x: to.x - from.x, y: to.y - from.y).distance.value
        top = max(top, length / (times[row] - times[row - 1]))
      }
      starts.append(start + count)
    }
    self.starts = starts
    topSpeed = MetersPerSecond(top)
  }

  /// Devices in the table.
  public var deviceCount: Int { starts.count - 1 }

  /// Where a device is at a time; before its first row where that says.
  public func position(of device: Int, at time: Seconds) -> Position {
    let (first, last) = (starts[device], starts[device + 1] - 1)
    if time.value <= times[first] { return places[first] }
    if time.value >= times[last] { return places[last] }
    var (low, high) = (first, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= time.value { low = middle } else { high = middle }
    }
    let share = (time.value - times[low]) / (times[high] - times[low])
    let (from, to) = (places[low], places[high])
    return Position(x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share)
  }
}
