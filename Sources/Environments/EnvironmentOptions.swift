import Allocation
import JSON
import Simulation
import Units

/// How worlds are opened and played.
public struct EnvironmentOptions: Sendable, Hashable {
  /// Worlds that are played side by side.
  public var worlds = 1
  /// The repetition of the first.
  public var first = 0
  /// Threads that play them; no result depends on it.
  public var threads = 1
  /// Whether a round's events are simulated, or its figures had in closed form where that is known.
  public var simulatesEvents = true
  /// Whether each round comes with U*.
  public var computesOptimum = true
  /// Whether the scenario's own policy decides, and nobody outside.
  public var asksPolicy = false
  /// What becomes of a round whose action breaks a constraint.
  public var violationRule = ViolationRule.error
  /// What an observation's gain is where there is no link, in dB.
  public var noLink = -Float.infinity
  /// The figures that a round's outcome has, in order.
  public var figures = RoundReport.figureNames
  /// Where the run is written; nowhere if `nil`.
  public var out: String?
  /// What is written there.
  public var traces = TraceSelection.standard
  /// Whether a finished run that lies there is overwritten.
  public var force = false
  /// What the run's manifest calls the policy.
  public var policyName = "outside"

  /// One world.
  public init() {}

  /// The most worlds; each has a run of its own in memory.
  public static let mostWorlds = 1_000_000
}

/// What to open, as a program says it.
public struct EnvironmentRequest: Sendable {
  /// A scenario's file, or its text with the file that it is read as if it stood in.
  public enum Source: Sendable, Hashable {
    /// A file.
    case file(String)
    /// A text.
    case text(String, file: String)
  }

  /// The scenario.
  public var source: Source
  /// Settings as `--set` has them.
  public var overrides: [String] = []
  /// How it is played.
  public var options = EnvironmentOptions()

  /// A request for one world, as its scenario stands.
  public init(source: Source) { self.source = source }

  /// Reads a request: an object of JSON, whose keys the header `airsplit.h` documents.
  ///
  /// - Throws: ``EnvironmentError`` that names the key, its value and what is allowed.
  public init(json text: String) throws {
    let json: JSONValue
    do { json = try JSONValue(parsing: text) } catch { throw EnvironmentError("the options are no JSON: \(error)") }
    let reader = try RequestReader(json)
    switch (try reader.text("scenario"), try reader.text("text")) {
    case (let path?, nil): source = .file(path)
    case (nil, let text?): source = .text(text, file: try reader.text("file") ?? "scenario")
    default: throw EnvironmentError("one of 'scenario', a path, and 'text' is needed")
    }
    overrides = try reader.texts("overrides") ?? []
    options.worlds = try reader.whole("worlds", in: 1...EnvironmentOptions.mostWorlds) ?? options.worlds
    options.first = try reader.whole("first", in: 0...Int(UInt32.max)) ?? options.first
    options.threads = try reader.whole("threads", in: 1...1024) ?? options.threads
    options.simulatesEvents = try reader.bool("events") ?? options.simulatesEvents
    options.computesOptimum = try reader.bool("optimum") ?? options.computesOptimum
    options.asksPolicy = try reader.choice("decides", ["caller", "scenario"]) == "scenario"
    let rules = ViolationRule.allCases.map(\.rawValue)
    options.violationRule =
      try reader.choice("on_violation", rules).flatMap(ViolationRule.init) ?? options.violationRule
    options.noLink = try reader.number("no_link_db").map { Float($0) } ?? options.noLink
    options.figures =
      try reader.texts("figures", among: RoundReport.figureNames) ?? options.figures
    options.out = try reader.text("out")
    let traces = TraceSelection.words.map(\.word)
    options.traces =
      try reader.texts("traces", among: traces)?.compactMap(TraceSelection.init(word:)).reduce(into: []) {
        $0.formUnion($1)
      } ?? options.traces
    options.force = try reader.bool("force") ?? options.force
    options.policyName = try reader.text("policy_name") ?? options.policyName
    if options.out != nil, options.worlds > 1 {
      throw EnvironmentError(
        "'out' is the folder of one run, and 'worlds' is \(options.worlds); only one can be written")
    }
  }
}

/// What cannot be opened or played.
public struct EnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A sentence for the person who wrote the program.
  public var description: String

  /// An error that reads as `description`.
  public init(_ description: String) { self.description = description }
}

/// The members of an object of which each may be given once.
private struct RequestReader {
  private let json: JSONValue

  private static let known = [
    "scenario", "text", "file", "overrides", "worlds", "first", "threads", "events", "optimum", "on_violation",
    "decides", "no_link_db", "figures", "out", "traces", "force", "policy_name",
  ]

  init(_ json: JSONValue) throws {
    guard let members = json.members else { throw EnvironmentError("the options are no object of JSON") }
    for member in members where !Self.known.contains(member.key) {
      throw EnvironmentError("unknown option '\(member.key.prefix(60))'; \(Self.hint(member.key, Self.known))")
    }
    self.json = json
  }

  private static func hint(_ word: String, _ names: [String]) -> String {
    Spelling.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
      ?? "there are \(names.joined(separator: ", "))"
  }

  private func value<Value>(_ key: String, _ allowed: String, _ read: (JSONValue) -> Value?) throws -> Value? {
    guard let node = json[key], node != .null else { return nil }
    guard let value = read(node) else {
      throw EnvironmentError("'\(key)' is \(node.text(.line).prefix(200)); \(allowed) is allowed")
    }
    return value
  }

  func text(_ key: String) throws -> String? { try value(key, "a text") { $0.text } }
  func bool(_ key: String) throws -> Bool? { try value(key, "true or false") { $0.bool } }
  func number(_ key: String) throws -> Double? { try value(key, "a number") { $0.double } }

  func whole(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    try value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { node in
      node.integer.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func choice(_ key: String, _ names: [String]) throws -> String? {
    try value(key, "one of \(names.joined(separator: ", "))") { node in
      node.text.flatMap { names.contains($0) ? $0 : nil }
    }
  }

  func texts(_ key: String, among names: [String]? = nil) throws -> [String]? {
    let texts = try value(key, "a list of texts") { node in
      node.elements.flatMap { elements in
        let texts = elements.compactMap(\.text)
        return texts.count == elements.count ? texts : nil
      }
    }
    for text in texts ?? [] {
      if let names, !names.contains(text) {
        throw EnvironmentError("'\(key)' has '\(text.prefix(60))'; \(Self.hint(text, names))")
      }
    }
    return texts
  }
}
