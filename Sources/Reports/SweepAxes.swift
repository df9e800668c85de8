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
  }

  /// The axes with more than one value, in the order of the sweep.
  var axes: [Axis] = []
  /// By point, the place of its value on each axis.
  private(set) var places: [[Int]]

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
          unit: isNumeric ? quantities.first??.unit ?? "" : ""))
      for point in places.indices { places[point].append(own[point]) }
    }
  }

  /// The axis that charts run along: the numeric one with the most values, else the one with the most.
  var main: Int? {
    let numeric = axes.indices.filter { axes[$0].numbers != nil }
    return (numeric.isEmpty ? Array(axes.indices) : numeric).max { one, other in
      axes[one].values.count == axes[other].values.count
        ? one > other : axes[one].values.count < axes[other].values.count
    }
  }

  /// The axis that has a line or a bar for each value: the policy where it varies, else the first with few values.
  var lines: Int? {
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
