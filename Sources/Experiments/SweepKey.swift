import Scenario
import Simulation
import Trace

/// What a point's figures depend on, as one hash: the resolved scenario, the files it reads, how it is measured and the
/// version of the model. A result is found again by its key, whatever sweep it was made for.
struct SweepKeys {
  /// The hash of what all keys of a sweep have in common.
  private let beginning: StableHash
  private let reader: SweepPointReader
  private var files: [String: String] = [:]

  /// The keys of points that `reader` reads.
  init(_ reader: SweepPointReader, measure: SweepPlan.Measure) {
    self.reader = reader
    beginning = StableHash(
      "\(Recorder.version) \(measure.rawValue) \(Metric.all.map(\.name).joined(separator: ","))\n")
  }

  /// The key of the point at `index`.
  ///
  /// - Throws: `ScenarioErrors`, `TraceError` where a file that the scenario reads is not there any more.
  mutating func key(at index: Int) throws -> StableHash {
    var hash = beginning
    if reader.withKnownIdentity(at: index, { hash.absorb($0) }) { return hash }
    let scenario = try reader.scenario(at: index)
    hash = beginning
    reader.withIdentity(of: scenario, at: index) { hash.absorb($0) }
    for input in scenario.inputFiles {
      hash.absorb(Array("\(input.keptName) \(try content(of: input.path))\n".utf8))
    }
    for file in scenario.commands.flatMap(\.files) {
      hash.absorb(Array("\(file) \(try content(of: file))\n".utf8))
    }
    return hash
  }

  private mutating func content(of path: String) throws -> String {
    if let known = files[path] { return known }
    var hash = StableHash()
    hash.absorb(try FileSystem.contents(of: path, origin: .named))
    files[path] = hash.text
    return hash.text
  }
}
