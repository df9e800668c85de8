import Charts
import Scenario

/// What varies in a sweep, as a chart uses it.
struct SweepAxes {
  /// A key that varies, with the values it has.
  struct Axis {
    /// The key path; of keys that move together, the first.
    var path: String
    /// The values in order, each once.
    var values: [String]
    /// The values as numbers of one unit, where they are.
    var numbers: [Double]?
    /// Their unit.
    var unit = ""
    /// Keys that move with it.
    var companions: [String] = []

    /// What people call the values: a word says of itself what it is, a number does not.
    var names: [String] = []
    /// What the values' looks are chosen by.
    var identities: [String] = []

    /// What people call the key.
    var name: String { SeriesName.key(path) }
  }

  /// The axes with more than one value, in the order of the sweep.
  var axes: [Axis] = []
  /// By point, the place of its value on each axis.
  private(set) var places: [[Int]]
  /// The axis that charts run along: the numeric one with the most values, else the one with the most.
  private(set) var main: Int?
  /// The axis that has a line or a bar for each value: the policy where it varies, else the first with few values.
  private(set) var lines: Int?

  init(_ points: [[SweepSetting]]) {
    places = points.map { _ in [] }
    for path in points.first?.map(\.path) ?? [] {
      let texts = points.map { point in point.first { $0.path == path }?.value ?? "" }
      var values: [String] = []
      var indices: [String: Int] = [:]
      let own = texts.map { text in
        if let index = indices[text] { return index }
        indices[text] = values.count
        values.append(text)
        return values.count - 1
      }
      guard values.count > 1 else { continue }
      if let twin = axes.indices.first(where: { index in places.map { $0[index] } == own }) {
        axes[twin].companions.append(path)
        continue
      }
      let quantities = values.map(Self.quantity)
      let units = Set(quantities.map { $0?.unit })
      let isNumeric = units.count == 1 && quantities.allSatisfy { $0 != nil }
      axes.append(
        Axis(
          path: path, values: values, numbers: isNumeric ? quantities.compactMap { $0?.number } : nil,
          unit: isNumeric ? quantities.first??.unit ?? "" : "",
          names: values.map { SeriesName.of($0, key: path) }.map { $0.isEmpty ? "as usual" : $0 }, identities: values))
      for point in places.indices { places[point].append(own[point]) }
    }
    mergeWords()
    main = longest
    lines = telling
  }

  /// Makes one axis of those of words where not every combination of them is there: they moved together.
  private mutating func mergeWords() {
    let words = axes.indices.filter { axes[$0].numbers == nil }
    var tuples: [[Int]] = []
    var own: [Int] = []
    for place in places {
      let tuple = words.map { place[$0] }
      own.append(tuples.firstIndex(of: tuple) ?? tuples.count)
      if own.last == tuples.count { tuples.append(tuple) }
    }
    let all = words.reduce(1) { $0.multipliedReportingOverflow(by: axes[$1].values.count).partialValue }
    guard words.count > 1, tuples.count < all else { return }
    func joined(_ text: (Axis, Int) -> String) -> [String] {
      tuples.map { tuple in
        zip(words, tuple).map { text(axes[$0], $1) }.filter { !$0.isEmpty }.joined(separator: ", ")
      }
    }
    var merged = Axis(path: axes[words[0]].path, values: joined { $0.values[$1] }, numbers: nil)
    merged.names = joined { SeriesName.of($0.values[$1], key: $0.path) }
    merged.identities = joined { axis, value in
      SeriesName.of(axis.values[value], key: axis.path).isEmpty ? "" : axis.values[value]
    }
    merged.companions = words.dropFirst().map { axes[$0].path }
    if words.contains(where: { axes[$0].path == "framework" }) { merged.path = "framework" }
    let rest = axes.indices.filter { !words.contains($0) }
    places = places.indices.map { point in [own[point]] + rest.map { places[point][$0] } }
    axes = [merged] + rest.map { axes[$0] }
  }

  private var longest: Int? {
    let numeric = axes.indices.filter { axes[$0].numbers != nil }
    return (numeric.isEmpty ? Array(axes.indices) : numeric).max { one, other in
      axes[one].values.count == axes[other].values.count
        ? one > other : axes[one].values.count < axes[other].values.count
    }
  }

  private var telling: Int? {
    let rest = axes.indices.filter { $0 != main }
    return rest.first { axes[$0].path == "policy" } ?? rest.first { axes[$0].path == "framework" }
      ?? rest.first { axes[$0].values.count <= 8 } ?? rest.first
  }

  /// `3.6 s` as 3.6 and `s`.
  static func quantity(_ text: String) -> (number: Double, unit: String)? {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard let first = parts.first, let number = Double(first), number.isFinite else { return nil }
    return (number, parts.count == 2 ? String(parts[1]) : "")
  }
}
