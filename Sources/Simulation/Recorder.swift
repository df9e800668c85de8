import Allocation
import JSON
import Randomness
import Scenario
import Trace
import Training
import Units
import Wireless

/// Which trace files a run writes.
public struct TraceSelection: OptionSet, Sendable, Hashable {
  /// The set as bits.
  public let rawValue: Int

  /// A set from bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// `rounds.csv`.
  public static let rounds = TraceSelection(rawValue: 1)
  /// `devices.csv`.
  public static let devices = TraceSelection(rawValue: 2)
  /// `events.csv`.
  public static let events = TraceSelection(rawValue: 4)
  /// `bcd.csv`.
  public static let bcd = TraceSelection(rawValue: 8)
  /// `timeline.json`.
  public static let timeline = TraceSelection(rawValue: 16)
  /// `gains.csv`.
  public static let gains = TraceSelection(rawValue: 32)
  /// `tensors.csv`.
  public static let tensors = TraceSelection(rawValue: 64)

  /// Whether a run must keep its events for these traces.
  public var needsEvents: Bool { contains(.events) || contains(.timeline) }

  /// What is written unless something else is asked for.
  public static let standard: TraceSelection = [.rounds, .devices]

  /// The words of `--trace` with what they select, in order.
  public static let words: [(word: String, selection: TraceSelection)] = Array(
    zip(ScenarioReader.traceWords, [.rounds, .devices, .events, .bcd, .timeline, .gains, .tensors]))

  /// The trace that a word of `--trace` selects; `nil` for any other.
  public init?(word: String) {
    guard let known = Self.words.first(where: { $0.word == word }) else { return nil }
    self = known.selection
  }

  /// The selected words, in order.
  public var words: [String] { Self.words.filter { contains($0.selection) }.map(\.word) }
}

/// Writes a run's folder as it grows: the resolved scenario first, rows after each round, the manifest at the end.
public struct Recorder {
  /// The folder.
  public let folder: RunFolder
  /// The version that the manifest names.
  public static let version = "0.1.0"

  /// What the run was and, once it has finished, what came out.
  public internal(set) var manifest: Manifest
  /// How the run began.
  let beginning: RunBeginning
  let traces: OpenTraces
  /// What checkpoints know the scenario by, as ``Scenario/Scenario/identity`` has it.
  let identity: String
  /// The last round as it were in a run of more rounds, where it was evaluated only because it is the last.
  var lastOfLonger: LastOfLonger?
  /// The last round that had ended at the checkpoint.
  public internal(set) var savedRound = 0
  /// How many events had happened there.
  public internal(set) var savedEvents: UInt64 = 0
  /// Whether it lies between two events of the next round.
  public internal(set) var isSavedInRound = false
  /// The trainer's file of that round.
  var savedTrainer: FileMark?
  /// Whether the weights of the best round are kept.
  let keepsBest: Bool
  /// The best round so far.
  var best: BestRound?
  /// The best round that the checkpoint names.
  var savedBest: BestRound?

  /// Opens the files of a new run at `path`.
  ///
  /// - Parameters:
  ///   - options: What a command keeps in the folder for resuming the run.
  ///   - keepsBest: Whether the weights of the best round are kept in the folder.
  ///   - keepsInputs: Whether the files that the scenario reads are kept in it, too.
  /// - Throws: `TraceError` where the folder cannot be written or holds a finished run and `force` is not set.
  public init(
    path: String, run: borrowing Run, policy: ResolvedPolicy, selection: TraceSelection = .standard,
    warnings: [String] = [], options: JSONValue = [:], keepsBest: Bool = false, keepsInputs: Bool = true,
    force: Bool = false
  ) throws {
    self.keepsBest = keepsBest
    let world = run.world.scenario
    let resolved = world.keptResolved
    identity = world.identity
    let told = RunBeginning(
      scenario: resolved.yaml,
      inputs: keepsInputs ? world.inputFiles.map { RunBeginning.Input(name: $0.keptName, source: $0.path) } : [],
      options: options)
    manifest = Manifest(
      version: Self.version, name: world.name, seed: world.seed, framework: world.framework.rawValue,
      policy: policy.name, scenario: JSONValue(resolved),
      provenance: JSONValue(world.provenance),
      warnings: (policy.note.map { [$0] } ?? []) + warnings)
    manifest.repetition = Int(run.world.seed.repetition)
    manifest.traces = selection.words.map { $0 + (TraceSelection(word: $0) == .timeline ? ".json" : ".csv") }
    if run.world.holdings != nil { manifest.traces.append(PartitionTable.fileName) }
    folder = try RunFolder(creating: path, manifest: manifest, beginning: told, force: force)
    beginning = folder.beginning ?? told
    traces = try OpenTraces(folder, selection, of: run)
  }

  /// Writes the rows of a round and hands them to the system: what was recorded stays, whatever happens next.
  ///
  /// - Throws: `TraceError`, or what a trainer throws whose best weights are kept.
  public mutating func record(_ report: RoundReport, of run: borrowing Run) throws {
    if let totals = run.totalsOfLonger, run.isEvaluatedAsLast(report) {
      lastOfLonger = LastOfLonger(
        totals: totals, traces: traces.tails(report.withoutEvaluation), best: best)
    }
    try keepWeights(of: report, of: run)
    try traces.record(report)
  }

  /// Marks the run as finished.
  ///
  /// - Parameter options: What a command keeps in the folder for going on with the finished run, which then keeps its
  ///   checkpoint; `nil`: nothing is kept.
  /// - Returns: Why the checkpoint could not be kept, which does not keep the run from finishing: a full disk, say, or a
  ///   trainer that is a program and saves nothing.
  @discardableResult
  public mutating func finish(_ run: borrowing Run, keeping options: JSONValue? = nil) throws -> (any Error)? {
    var failure: (any Error)?
    if let options {
      var beginning = beginning
      beginning.options = options
      do {
        try save(run, isLast: true)
        try folder.keep(manifest, beginning)
      } catch {
        failure = error
      }
    }
    try traces.finish(run)
    let summary = run.summary
    manifest.events = Int(clamping: summary.events)
    manifest.fingerprint = "\(run.fingerprint)"
    manifest.summary = summary.json
    manifest.warnings += run.closingWarnings
    manifest.finished = true
    try folder.finish(manifest)
    return failure
  }
}

extension Run {
  /// The optional columns that this run fills.
  public var features: TraceFeatures {
    let traits = world.workload.traits
    var features: TraceFeatures = [.totals]
    if traits.hasStepOnAir { features.insert(.stepOnAir) }
    if traits.upload != .nothing { features.insert(.uplink) }
    if deadline != nil { features.insert(.deadline) }
    if world.server.power != nil { features.insert(.serverEnergy) }
    if world.availability != nil { features.insert(.availability) }
    if world.batteries != nil { features.insert(.battery) }
    if world.scenario.aggregation.mode != .synchronous { features.insert(.merging) }
    if world.scenario.aggregation.carries { features.insert(.carrying) }
    if world.countsAccelerators { features.insert(.accelerators) }
    if world.downlink != nil { features.insert(.downlink) }
    if world.scenario.devices.radioSleep != nil { features.insert(.sleep) }
    if knowsOptimum { features.insert(.optimum) }
    if knowsClairvoyant { features.insert(.clairvoyant) }
    if world.clockScales.count > 1 { features.insert(.clockChoice) }
    if world.cuts.count > 1 { features.insert(.cutChoice) }
    if world.scenario.hasAdapterRanks { features.insert(.adapterRanks) }
    if policy.violationRule != .error { features.insert(.violations) }
    if trainer != nil {
      features.insert(.training)
      if world.scenario.training.evaluatesLocal, traits.style == .averaged { features.insert(.localEvaluation) }
    }
    if world.scenario.devices.names != nil { features.insert(.names) }
    if world.fleet.distance.contains(where: { $0 != nil }) { features.insert(.distances) }
    return features
  }
}

extension RunSummary {
  /// The summary as JSON, keys with their units.
  public var json: JSONValue {
    .object(
      figures.map { figure in
        guard let value = figure.value else { return .init(figure.key, .null) }
        return .init(figure.key, figure.isCount ? .integer(Int(value)) : .number(value))
      })
  }
}

extension JSONValue {
  /// Where a scenario's values come from, as manifests have it.
  init(_ provenance: [String: Scenario.Provenance]) {
    self = .object(provenance.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value.rawValue)) })
  }

  /// A resolved scenario as JSON, keys in the same order.
  public init(_ node: ResolvedNode) {
    switch node {
    case .scalar(.text(let text)): self = .string(text)
    case .scalar(.integer(let number)): self = UInt64(exactly: number).map(JSONValue.init) ?? .integer(number)
    case .scalar(.number(let number)): self = .number(number)
    case .scalar(.bool(let value)): self = .bool(value)
    case .scalar(.null): self = .null
    case .list(let items): self = .array(items.map(JSONValue.init))
    case .map(let entries): self = .object(entries.map { .init($0.key, JSONValue($0.value)) })
    }
  }
}
