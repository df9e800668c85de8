/// All combinations of a sweep's values, each by its number: the grid's last axis moves fastest of the grid, the zipped axes
/// faster still.
struct SweepSpace: Sendable {
  /// Axes that move together, with their values as text.
  struct Lane: Sendable {
    var axes: [SweepAxis]
    var texts: [[String]]
    var length: Int

    init(_ axes: [SweepAxis]) {
      self.axes = axes
      texts = axes.map(\.plan.values)
      length = axes.map(\.values.count).min() ?? 0
    }
  }

  /// The scenario's tree without its sweep.
  let root: YAMLValue
  /// The lanes, the fastest last.
  let lanes: [Lane]
  /// The scenario file.
  let file: String
  /// Paths of the values that options and axes lay over the file.
  let overridden: [String]

  init(_ sweep: SweepSection, over root: YAMLValue, file: String, overridden: [String]) {
    self.root = root.without("sweep")
    lanes = (sweep.grid.map { [$0] } + (sweep.zip.isEmpty ? [] : [sweep.zip])).map(Lane.init)
    self.file = file
    self.overridden = overridden + (sweep.grid + sweep.zip).map(\.name)
  }

  /// How many combinations there are.
  var count: Int { lanes.reduce(1) { $0 * $1.length } }

  /// Which value each lane has in a combination.
  func places(of combination: Int) -> [Int] {
    var places = Array(repeating: 0, count: lanes.count)
    var rest = combination
    for lane in lanes.indices.reversed() {
      (rest, places[lane]) = rest.quotientAndRemainder(dividingBy: lanes[lane].length)
    }
    return places
  }

  /// What varies, in a combination.
  func settings(of combination: Int) -> [SweepSetting] {
    zip(lanes, places(of: combination)).flatMap { lane, place in
      zip(lane.axes, lane.texts).map { SweepSetting(path: $0.name, value: $1[place]) }
    }
  }
}

extension YAMLValue {
  /// The mapping without one key.
  fileprivate func without(_ key: String) -> YAMLValue {
    guard case .map(let pairs) = content else { return self }
    var result = self
    result.content = .map(pairs.filter { $0.key != key })
    return result
  }
}
