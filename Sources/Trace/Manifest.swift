import JSON

/// What a run was and what came out, as `manifest.json` holds it.
///
/// No wall-clock time and no host stand here: the same seed gives the same bytes.
public struct Manifest: Sendable, Hashable {
  /// The version of AirSplit that ran.
  public var version: String
  /// Whether the run came to its end.
  public var finished: Bool
  /// The scenario's name.
  public var name: String
  /// Root of all randomness.
  public var seed: UInt64
  /// Which draw of the seed it is, from 0.
  public var repetition = 0
  /// The framework that was simulated.
  public var framework: String
  /// The policy that allocated, which is not the scenario's where the framework takes none.
  public var policy: String
  /// Events that were popped.
  public var events: Int
  /// Fingerprint of the popped events, hexadecimal.
  public var fingerprint: String
  /// Names of the trace files beside the manifest.
  public var traces: [String]
  /// What the person should know.
  public var warnings: [String]
  /// Totals of the run.
  public var summary: JSONValue
  /// Where the scenario's values come from, by key path.
  public var provenance: JSONValue
  /// The scenario with every default in force.
  public var scenario: JSONValue

  /// A manifest of a run that has just begun.
  public init(
    version: String, name: String, seed: UInt64, framework: String, policy: String, scenario: JSONValue,
    provenance: JSONValue = [:], warnings: [String] = []
  ) {
    self.version = version
    self.finished = false
    self.name = name
    self.seed = seed
    self.framework = framework
    self.policy = policy
    self.events = 0
    self.fingerprint = ""
    self.traces = []
    self.warnings = warnings
    self.summary = [:]
    self.provenance = provenance
    self.scenario = scenario
  }

  /// The manifest as JSON, keys in the order of the documentation.
  public var json: JSONValue {
    JSONValue(omittingNil: [
      "airsplit": .string(version), "finished": .bool(finished), "name": .string(name), "seed": JSONValue(seed),
      "repetition": repetition == 0 ? nil : .integer(repetition), "framework": .string(framework),
      "policy": .string(policy), "events": .integer(events),
      "fingerprint": .string(fingerprint), "traces": .array(traces.map(JSONValue.string)),
      "warnings": .array(warnings.map(JSONValue.string)), "summary": summary, "provenance": provenance,
      "scenario": scenario,
    ])
  }

  /// Reads what ``json`` wrote; `path` names the file in errors.
  ///
  /// - Throws: ``TraceError/folder(path:reason:)`` where a key is missing or of the wrong kind.
  public init(json: JSONValue, path: String) throws(TraceError) {
    func value<Value>(_ key: String, _ read: (JSONValue) -> Value?) throws(TraceError) -> Value {
      guard let value = json[key].flatMap(read) else {
        throw .folder(path: path, reason: "is not the manifest of a run: the key '\(key)' is missing or damaged")
      }
      return value
    }
    func texts(_ value: JSONValue) -> [String]? {
      guard let elements = value.elements else { return nil }
      let texts = elements.compactMap(\.text)
      return texts.count == elements.count ? texts : nil
    }
    version = try value("airsplit", \.text)
    finished = try value("finished", \.bool)
    name = try value("name", \.text)
    seed = try value("seed", \.whole)
    repetition = json["repetition"]?.integer ?? 0
    framework = try value("framework", \.text)
    policy = try value("policy", \.text)
    events = try value("events", \.integer)
    fingerprint = try value("fingerprint", \.text)
    traces = try value("traces", texts)
    warnings = try value("warnings", texts)
    summary = try value("summary") { $0 }
    provenance = try value("provenance") { $0 }
    scenario = try value("scenario") { $0 }
  }
}
