import Allocation
import Training
import Units
import Wireless

/// A scenario that can be run, with what its author may want to look at again.
public struct ScenarioReading: Sendable {
  /// The scenario.
  public var scenario: Scenario
  /// Its sweep; `nil` where the file has none.
  public var sweep: SweepPlan?
  /// The scenario with its sweep, every default written out.
  public var resolved: ResolvedNode { scenario.resolved.with(sweep) }
  /// What looks wrong, in the order of the file.
  public var warnings: [Diagnostic]
}

/// Reads scenario files: YAML in, a checked ``Scenario`` out, or everything that is wrong with the file at once.
///
/// A syntax error or a duplicate key ends the list, since nothing can be said about what follows it.
public enum ScenarioReader {
  /// The version of the files that this reader knows, the value of `schema`.
  public static let schema = 1

  /// Reads the file at `path`, with `overrides` laid over it in order.
  ///
  /// - Throws: ``ScenarioErrors``.
  public static func read(path: String, overrides: [ScenarioOverride] = []) throws -> ScenarioReading {
    let bytes = try InputFile.bytes(path, limit: YAMLGuard.largestFile, kind: "a scenario")
    return try read(bytes: bytes, file: path, overrides: overrides)
  }

  /// Reads `text` as if it stood in `file`, whose folder is where other files' paths begin.
  ///
  /// - Throws: ``ScenarioErrors``.
  public static func read(
    text: String, file: String, overrides: [ScenarioOverride] = []
  ) throws -> ScenarioReading {
    try read(bytes: Array(text.utf8), file: file, overrides: overrides)
  }

  /// Every key with one line on what it means and its default, in the order of a resolved scenario.
  public static func documentation() -> [KeyDocumentation] {
    let reading = Reading(.documenting, source: "defaults")
    _ = scenario(Section(over: reading), .standard)
    return reading.documentation.filter { !$0.summary.isEmpty }
  }

  static func read(bytes: [UInt8], file: String, overrides: [ScenarioOverride]) throws -> ScenarioReading {
    let (root, log) = try tree(bytes: bytes, file: file, overrides: overrides)
    let reading = Reading(source: file, overridden: overrides.map(\.dottedPath), log: log)
    let (scenario, sweep) = try scenario(of: root, reading: reading)
    let diagnostics = reading.log.sorted(mainSource: file)
    guard !reading.log.hasErrors else { throw ScenarioErrors(diagnostics) }
    return ScenarioReading(scenario: scenario, sweep: sweep?.plan, warnings: diagnostics)
  }

  /// The file's tree with the overrides in it, and what is wrong with those.
  ///
  /// - Throws: ``ScenarioErrors`` where there is no tree.
  static func tree(
    bytes: [UInt8], file: String, overrides: [ScenarioOverride]
  ) throws -> (root: YAMLValue, log: DiagnosticLog) {
    let text = try YAMLGuard.text(of: bytes, source: file)
    let start = Diagnostic.Position(file, line: 1, column: 1)
    guard var root = try YAMLLoader.root(of: text, source: file) else {
      throw ScenarioErrors(
        at: start, "the file is empty; a scenario needs schema, name, devices, server, uplink and model")
    }
    guard case .map = root.content else {
      throw ScenarioErrors(
        at: root.position, "\(root.shown) is no scenario; a scenario is a mapping, 'key: value' lines")
    }
    root = root.withExternalPolicyAside
    let log = DiagnosticLog()
    for override in overrides {
      do { try override.apply(to: &root) } catch let errors as ScenarioErrors { log.add(errors) }
    }
    return (root, log)
  }

  /// Reads a tree; what is wrong is in the log of `reading`.
  static func scenario(of root: YAMLValue, reading: Reading) throws -> (Scenario, SweepSection?) {
    guard case .map(let pairs) = root.withExternalPolicyAside.content else {
      throw ScenarioErrors(at: Diagnostic.Position(reading.source, line: 1, column: 1), "the file is no scenario")
    }
    return scenario(Section(pairs, path: "", position: root.position, reading: reading), .standard)
  }

  /// The whole schema, in the order in which a resolved scenario shows it: `standard`, with what the file gives in its place.
  static func scenario(_ root: Section, _ standard: Scenario) -> (Scenario, SweepSection?) {
    var scenario = standard
    root.step(.schema, &scenario, \.nothing) { _ in schema(root) }
    root.step(.name, &scenario, \.name) { name(root, &$0.name) }
    root.step(.seed, &scenario, \.seed) { seed(root, &$0.seed) }
    root.step(.rounds, &scenario, \.rounds) {
      root.integer("rounds", "training rounds", in: 1...10_000_000, &$0.rounds)
    }
    root.step(.framework, &scenario, \.framework) {
      root.choice("framework", "who computes what and what goes on the air", &$0.framework)
    }
    if scenario.framework != standard.framework { scenario.policy = scenario.framework.defaultPolicy }
    var inline = Section([], path: "policy", position: root.position, reading: root.reading)
    root.step(.policy, &scenario, \.policy) { inline = policy(root, &$0.policy) }
    root.step(.deadline, &scenario, \.deadline) { deadline(root, &$0.deadline) }
    root.step(.knowledge, &scenario, \.knowledge) { knowledge(root, &$0) }
    root.step(.objective, &scenario, \.objective) { objective(root, &$0.objective) }
    root.step(.devices, &scenario, \.devices) { population(root, &$0.devices, training: standard.training) }
    root.step(.server, &scenario, \.server) { server(root, &$0.server) }
    root.step(.uplink, &scenario, \.radio) { uplink(root, &$0) }
    root.step(.mobility, &scenario, \.mobility) { mobility(root, &$0) }
    root.step(.downlink, &scenario, \.downlink) { downlink(root, &$0.downlink) }
    checkInterference(of: scenario, root)
    root.step(.quantizer, &scenario, \.quantizer) { quantizer(root, &$0.quantizer) }
    root.step(.model, &scenario, \.network) { model(root, &$0) }
    root.step(.training, &scenario, \.training) {
      training(root, &$0.training, model: $0.model, devices: $0.devices, framework: $0.framework)
    }
    root.step(.aggregation, &scenario, \.aggregation) { aggregation(root, &$0.aggregation) }
    root.step(.band, &scenario, \.band) {
      root.choice("band", "how sl uses the blocks: the device's own, or every one", &$0.band)
    }
    root.step(.policies, &scenario, \.choices) { policies(root, &$0, inline: inline) }
    root.step(.bits, &scenario, \.nothing) { checkBits(of: $0, root) }
    checkOptimum(of: scenario, root)
    checkCuts(of: scenario, root)
    checkAdapters(of: scenario, root)
    checkAggregation(of: scenario, root)
    var sweep: SweepSection?
    if root.reading.purpose != .printing { root.step(.sweep, &scenario, \.nothing) { _ in sweep = self.sweep(root) } }
    provenance(root, &scenario)
    root.finish()
    warnOfForecast(scenario, in: root)
    if scenario.gains == nil, !root.reading.log.hasErrors {
      warnOfPathLoss(scenario.uplink.pathLoss, in: root)
      warnOfDistances(scenario, in: root)
    }
    scenario.places.positions = root.reading.places
    return (scenario, sweep)
  }

  private static func schema(_ root: Section) {
    let key = "schema"
    root.note(key, .scalar(.integer(schema)))
    guard let value = root.declare(key, "version of the file's shape", default: nil) else {
      root.reading.log.error(at: root.position, path: key, "this key is required; write 'schema: \(schema)'")
      return
    }
    if value.text != String(schema) {
      root.fail(key, value, "\(value.shown) is not a known version; this program reads schema \(schema)")
    }
  }

  private static func name(_ root: Section, _ name: inout String) {
    let key = "name"
    defer { root.note(key, .scalar(.text(name))) }
    let summary = "what the run and its results folder are called"
    guard root.has(key) else {
      _ = root.declare(key, summary, default: nil)
      root.reading.log.error(at: root.position, path: key, "this key is required; write 'name: my-scenario'")
      return
    }
    guard let (text, value) = root.text(key, summary) else { return }
    let letters = text.unicodeScalars
    let isSafe = letters.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || ["-", "_", "."].contains($0)
    }
    guard isSafe, (1...100).contains(letters.count), let first = letters.first, !["-", "."].contains(first) else {
      root.fail(
        key, value,
        "\(value.shown) cannot name a folder; use up to 100 letters, digits, '_', '-' and '.', none of the last two first"
      )
      return
    }
    name = text
  }

  private static func seed(_ root: Section, _ seed: inout UInt64) {
    if let (text, value) = root.text("seed", "root of all random numbers", default: "\(seed)") {
      if let given = UInt64(text) {
        seed = given
      } else {
        root.fail("seed", value, "\(value.shown) is not a whole number from 0 to \(UInt64.max)")
      }
    }
    root.note("seed", Int(exactly: seed).map { .scalar(.integer($0)) } ?? .scalar(.text("\(seed)")))
  }
}

extension Scenario {
  /// The scenario of which a file says what is different.
  static let standard = Scenario(name: "unnamed")

  /// Every key with the value in force, in the order of the documentation: what a file would have to say to be this scenario.
  /// Made anew at each call.
  public var resolved: ResolvedNode {
    print(Reading(.printing, source: "")).resolved
  }

  /// Prints what no scenario of the same sweep has printed before; what each step prints is in `memory`.
  func print(remembering memory: StepMemory) {
    let reading = Reading(.printing, source: "")
    reading.memory = memory
    _ = print(reading)
  }

  private func print(_ reading: Reading) -> Section {
    reading.places = places.positions
    let root = Section(over: reading)
    _ = ScenarioReader.scenario(root, self)
    return root
  }
}

extension Scenario {
  /// Reads what the scenario prints, so that one made in Swift is checked as a file is; places are lines of the printed form.
  ///
  /// - Returns: What looks wrong.
  /// - Throws: ``ScenarioErrors`` with everything that is wrong.
  @discardableResult
  public func check() throws -> [Diagnostic] {
    try ScenarioReader.read(text: resolved.yaml, file: "\(name).yaml").warnings
  }
}

extension Section {
  /// The root of a scenario that no file says anything of.
  fileprivate convenience init(over reading: Reading) {
    self.init([], path: "", position: Diagnostic.Position(reading.source), reading: reading)
  }
}
