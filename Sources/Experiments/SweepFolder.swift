import Foundation
import JSON
import Scenario
import Simulation
import Trace

/// The folder of a sweep: what it is, the journals of the processes that worked on it, and the tables made from them.
///
/// Only journals hold results. They are only ever appended to, each by one process, and every line carries a checksum:
/// whatever is killed, the lines before stay. The plan holds the scenario's text until that has a file of its own: a folder
/// without a plan is no sweep yet, one with a plan is whole. The tables are written beside and renamed.
public struct SweepFolder: Sendable {
  /// Where it is.
  public let path: String
  private let locks: [FileLock]

  static let planName = "sweep.json"
  /// The plan's key for the text of a scenario that has yet to get its file.
  private static let sourceKey = "source"
  /// The plan's key for how often runs save checkpoints.
  private static let checkpointKey = "checkpoint_every"
  /// The scenario file as it was given; what was laid over it stands in the plan.
  public static let scenarioName = "scenario.yaml"
  var journals: String { "\(path)/journal" }
  private static func lockFile(_ path: String, _ name: String) -> String { "\(path)/locks/\(name)" }

  /// Makes the folder ready for a part of a sweep, for this process alone.
  ///
  /// - Parameters:
  ///   - source: The scenario file as it was named.
  ///   - checkpointEvery: How many rounds there are from one checkpoint of a run to the next, for who goes on with the sweep.
  /// - Throws: `TraceError` where the folder is something else, another process has it, or it cannot be written.
  public init(
    beginning path: String, _ reading: SweepReading, source: String, checkpointEvery: Int? = nil, shard: Shard = .whole
  ) throws(TraceError) {
    let path = FileSystem.withoutSlash(path)
    guard !path.isEmpty else { throw .folder(path: "''", reason: "is no folder; name one") }
    try Self.checkMayWrite(path, name: reading.base.name)
    try FileSystem.createFolder("\(path)/locks")
    self.path = path
    locks = try Self.locks(path, shard)
    try Self.alone(path) { () throws(TraceError) in
      // Again, for another process may have begun something else here meanwhile.
      try Self.checkMayWrite(path, name: reading.base.name)
      let plan: [JSONValue.Member] =
        [
          .init("airsplit", .string(Recorder.version)), .init("name", .string(reading.base.name)),
          .init("scenario", .string(FileSystem.absolute(source))),
          .init("settings", .array(reading.settings.map(JSONValue.string))),
          .init("points", .integer(reading.points.count)), .init("repetitions", .integer(reading.plan.repetitions)),
          .init("measure", .string(reading.plan.measure.rawValue)),
        ] + (checkpointEvery.map { [.init(Self.checkpointKey, .integer($0))] } ?? [])
      try Self.write(plan, reading.source, in: path)
    }
  }

  /// Writes plan and scenario, so that whenever it is killed the folder holds what it held before, or both.
  private static func write(_ plan: [JSONValue.Member], _ source: [UInt8], in path: String) throws(TraceError) {
    let scenario = "\(path)/\(scenarioName)"
    if (try? FileSystem.contents(of: scenario)) != source {
      let text = JSONValue.string(String(decoding: source, as: UTF8.self))
      try write(JSONValue.object(plan + [.init(sourceKey, text)]).text() + "\n", to: "\(path)/\(planName)")
      try write(source, to: scenario)
    }
    try write(JSONValue.object(plan).text() + "\n", to: "\(path)/\(planName)")
  }

  /// Opens the folder of a sweep to go on with a part of it, for this process alone.
  ///
  /// - Throws: `TraceError` where another process has it.
  public init(resuming path: String, _ reading: SweepReading, shard: Shard = .whole) throws(TraceError) {
    let folder = try SweepFolder(reading: path)
    self.path = folder.path
    try FileSystem.createFolder("\(folder.path)/locks")
    locks = try Self.locks(folder.path, shard)
  }

  /// Opens the folder of a sweep to read it, and to write its tables.
  ///
  /// - Throws: `TraceError` where there is no sweep.
  public init(reading path: String) throws(TraceError) {
    let path = FileSystem.withoutSlash(path)
    guard try FileSystem.kind(of: path) == .folder else {
      throw .folder(path: path, reason: "is no folder; name the folder of a sweep")
    }
    try Self.checkPlaces(path)
    guard try FileSystem.kind(of: "\(path)/\(Self.planName)") == .file else {
      throw .folder(path: path, reason: "holds no sweep: there is no \(Self.planName)")
    }
    self.path = path
    locks = []
  }

  /// Whether the folder at `path` is a sweep's.
  public static func isSweep(_ path: String) -> Bool {
    (try? FileSystem.kind(of: "\(path)/\(planName)")) == .file
  }

  /// How many rounds there are from one checkpoint of a run to the next, as the sweep was last begun; `nil`: runs save none.
  public var checkpointEvery: Int? {
    let plan = try? JSONValue(parsing: FileSystem.contents(of: "\(path)/\(Self.planName)", limit: Self.largestPlan))
    return plan?[Self.checkpointKey]?.integer.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The sweep as it was last begun.
  ///
  /// - Throws: `ScenarioErrors`, `TraceError` where the folder does not hold it any more.
  public func reading() throws -> SweepReading {
    let file = "\(path)/\(Self.planName)"
    guard let plan = try? JSONValue(parsing: FileSystem.contents(of: file, limit: Self.largestPlan)),
      let source = plan["scenario"]?.text,
      let settings = plan["settings"]?.elements?.compactMap(\.text)
    else { throw TraceError.folder(path: file, reason: "is damaged: it does not say how the sweep began") }
    let text = plan[Self.sourceKey]?.text.map { Array($0.utf8) }
    return try ScenarioReader.readSweep(
      bytes: text ?? FileSystem.contents(of: "\(path)/\(Self.scenarioName)"), file: source,
      overrides: settings.map(ScenarioOverride.init(setting:)))
  }

  /// Who works on the folder now: what each says of itself.
  public func workers() -> [String] { Self.workers(on: path) }

  private static func workers(on path: String) -> [String] {
    let names = (try? FileSystem.names(in: "\(path)/locks")) ?? []
    return names.compactMap { name in
      guard name != "begin" else { return nil }
      let state = FileLock.state(of: lockFile(path, name))
      return state.isHeld && !(name == "whole" && state.note.isEmpty) ? state.note : nil
    }
  }

  /// Where a run of the point of this name keeps its traces.
  public func traces(of point: String, repetition: Int) -> String {
    "\(path)/traces/\(point)/\(SweepInventory.name(ofRepetition: repetition))"
  }

  /// Where a run of the point of this name keeps its weights.
  public func weights(of point: String, repetition: Int) -> String {
    "\(path)/weights/\(point)/\(SweepInventory.name(ofRepetition: repetition)).safetensors"
  }

  /// Where runs that keep no traces keep their checkpoints.
  var unfinished: String { "\(path)/unfinished" }

  /// Removes the folders of checkpoints in which nothing is left; for who has the whole folder.
  func tidyUnfinished() {
    for name in (try? FileSystem.names(in: unfinished)) ?? [] {
      FileSystem.removeFolderIfEmpty("\(unfinished)/\(name)")
    }
    FileSystem.removeFolderIfEmpty(unfinished)
  }

  /// Where the scenario of a point is kept of which a run failed.
  public func failedScenario(of point: SweepPoint) -> String { "\(path)/failed/\(point.name).yaml" }

  /// Keeps the scenarios of points of which a run failed. They are complete: every default is written out, and every path
  /// begins at the root of the file system, so that they show the failure from anywhere.
  func keepScenarios(ofFailed points: [SweepPoint]) throws(TraceError) {
    guard !points.isEmpty else { return }
    try FileSystem.createFolder("\(path)/failed")
    try Self.alone(path) { () throws(TraceError) in
      for point in points { try Self.write(point.scenario.resolved.yaml, to: failedScenario(of: point)) }
    }
  }

  /// Bytes of a plan at most: a scenario has a million, and each setting as many.
  private static let largestPlan = 1 << 26

  /// Makes sure that links or devices stand nowhere in the folder where a sweep's own files do.
  private static func checkPlaces(_ path: String) throws(TraceError) {
    try RegularFile.check(
      folder: path, files: [planName, scenarioName],
      folders: ["journal", "locks", "traces", "weights", "unfinished", "failed"])
  }

  private static func checkMayWrite(_ path: String, name: String) throws(TraceError) {
    switch try FileSystem.kind(of: path) {
    case .nothing: return
    case .file: throw .folder(path: path, reason: "is a file; name a folder for the results")
    case .folder: break
    }
    try checkPlaces(path)
    let names = try FileSystem.names(in: path).filter { $0 != "locks" }
    guard let first = names.first else { return }
    let file = "\(path)/\(planName)"
    guard names.contains(planName) || names.allSatisfy({ $0.hasPrefix(scenarioName) || $0.hasPrefix(planName) }) else {
      throw .folder(
        path: path, reason: "holds '\(first)' and no sweep, and nothing in it is overwritten; name a new folder")
    }
    guard let bytes = try? FileSystem.contents(of: file, limit: largestPlan), let plan = try? JSONValue(parsing: bytes),
      let other = plan["name"]?.text, other != name
    else { return }
    throw .folder(path: path, reason: "holds the sweep of '\(other)'; name another folder with --out")
  }

  /// The locks of a part: the whole folder's for a whole sweep; else a share of it, and the part's own.
  private static func locks(_ path: String, _ shard: Shard) throws(TraceError) -> [FileLock] {
    let note =
      "process \(ProcessInfo.processInfo.processIdentifier) on \(ProcessInfo.processInfo.hostName), "
      + "\(shard == .whole ? "the whole sweep" : "shard \(shard)"), since \(Date().formatted(.iso8601))"
    let isWhole = shard == .whole
    if let whole = try FileLock(lockFile(path, "whole"), isShared: !isWhole, note: isWhole ? note : "") {
      if isWhole { return [whole] }
      let name = "shard-\(shard.index)-of-\(shard.count)"
      if let own = try FileLock(lockFile(path, name), note: note) { return [whole, own] }
    }
    let others = workers(on: path).joined(separator: "; ")
    throw .folder(
      path: path,
      reason:
        "another airsplit works on it (\(others.isEmpty ? "unknown" : others)); wait for its end, or name another "
        + "folder with --out")
  }

  /// Does `body` while no other process prepares the folder or writes its tables.
  static func alone(_ path: String, _ body: () throws(TraceError) -> Void) throws(TraceError) {
    guard let lock = try FileLock(lockFile(path, "begin"), patience: 10) else {
      throw .folder(path: path, reason: "another airsplit has been preparing it for ten seconds; try again")
    }
    try withExtendedLifetime(lock, body)
  }

  /// Writes a file beside its place and moves it there; one that has the same bytes already is left alone.
  static func write(_ text: String, to path: String) throws(TraceError) { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String) throws(TraceError) {
    if let present = try? FileSystem.contents(of: path), present == bytes { return }
    try AtomicFile.write(bytes, to: path, origin: .folder)
  }
}
