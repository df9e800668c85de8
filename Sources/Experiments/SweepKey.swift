import JSON
import Scenario
import Simulation
import Trace

/// What a point's figures depend on, as one hash: the resolved scenario, the files it reads, how it is measured and the
/// version of the model. A result is found again by its key, whatever sweep it was made for.
struct SweepKeys {
  private var files: [String: String] = [:]

  /// Names that change no figure.
  private static let unread: Set = ["name", "provenance"]

  /// The key of a point.
  ///
  /// - Throws: `TraceError` where a file that the scenario reads is not there any more.
  mutating func key(of point: SweepPoint, measure: SweepPlan.Measure) throws -> String {
    guard case .map(let entries) = point.scenario.keptResolved else { return "" }
    var hash = StableHash(
      "\(Recorder.version) \(measure.rawValue) \(Metric.all.map(\.name).joined(separator: ","))\n")
    hash.absorb(Array(ResolvedNode.map(entries.filter { !Self.unread.contains($0.key) }).yaml.utf8)[...])
    for input in point.scenario.inputFiles {
      hash.absorb(Array("\(input.keptName) \(try content(of: input.path))\n".utf8)[...])
    }
    for file in point.scenario.commands.flatMap(\.files) {
      hash.absorb(Array("\(file) \(try content(of: file))\n".utf8)[...])
    }
    return hash.text
  }

  private mutating func content(of path: String) throws -> String {
    if let known = files[path] { return known }
    var hash = StableHash()
    hash.absorb(try FileSystem.contents(of: path, origin: .named)[...])
    files[path] = hash.text
    return hash.text
  }
}
