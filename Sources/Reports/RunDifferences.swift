import Charts
import JSON
import Trace

/// What tells runs apart.
enum RunDifferences {
  /// Keys that all runs have, with other values; what follows from the draw alone is not among them.
  static func find(_ manifests: [Manifest]) -> [(path: String, values: [String])] {
    let tables = manifests.map { manifest in
      ParameterTable(manifest.scenario, provenance: .null, policies: [manifest.policy]).rows
        .reduce(into: [String: String]()) { $0[$1.path] = $1.value }
    }
    guard let first = manifests.first, let values = tables.first else { return [] }
    // In the order of the scenario, what people compare before anything else.
    let order = ParameterTable(first.scenario, provenance: .null, policies: [first.policy]).rows.map(\.path)
    let paths =
      ["framework", "policy"].filter { values[$0] != nil } + order.filter { !["framework", "policy"].contains($0) }
    var found: [(path: String, values: [String])] = paths.compactMap { path in
      guard !["seed", "name"].contains(path) else { return nil }
      let own = tables.compactMap { $0[path] }
      return own.count == tables.count && Set(own).count > 1 ? (path, own) : nil
    }
    // The policy that ran may be that of the framework where the scenario names none.
    if !found.contains(where: { $0.path == "policy" }), Set(manifests.map(\.policy)).count > 1 {
      found.insert(("policy", manifests.map(\.policy)), at: 0)
    }
    return found
  }

  /// What each run is called, and by what its look is chosen: what differs in words, the folder where nothing does. Runs
  /// that differ in their seed alone have one name.
  static func names(
    folders: [String], _ manifests: [Manifest], _ differences: [(path: String, values: [String])]
  ) -> (texts: [String], identities: [String]) {
    guard !differences.isEmpty else {
      let isSeeds = Set(manifests.map(\.seed)).count == manifests.count
      let names = isSeeds ? manifests.map { "seed \($0.seed)" } : folders.map { last($0) }
      return (names, names)
    }
    // As few keys as tell apart what all of them tell apart.
    let whole = Set(manifests.indices.map { run in differences.map { $0.values[run] } }).count
    var chosen: [(path: String, values: [String])] = []
    for difference in differences {
      let before = Set(manifests.indices.map { run in chosen.map { $0.values[run] } }).count
      let after = Set(manifests.indices.map { run in (chosen + [difference]).map { $0.values[run] } }).count
      if after > before { chosen.append(difference) }
      if after == whole { break }
    }
    let words = ["framework", "policy"]
    let texts = manifests.indices.map { run in
      chosen.map { difference in
        let value = SeriesName.of(difference.values[run])
        return words.contains(difference.path) ? value : "\(SeriesName.key(difference.path)) \(value)"
      }.joined(separator: ", ")
    }
    let identities = manifests.indices.map { run in
      chosen.map { difference in
        words.contains(difference.path) ? difference.values[run] : "\(difference.path) \(difference.values[run])"
      }.joined(separator: ", ")
    }
    return (texts, identities)
  }

  private static func last(_ folder: String) -> String { folder.split(separator: "/").last.map(String.init) ?? folder }
}
