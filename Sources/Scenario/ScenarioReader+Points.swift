extension ScenarioReader {
  /// Reads the file at `path` and all points of its sweep, with `overrides` laid over it in order; an override may also
  /// give or change the sweep itself, `sweep.repetitions=10`. Where both an override and the sweep have a key, the sweep
  /// has it, and a warning says so.
  ///
  /// - Throws: ``ScenarioErrors`` with everything that is wrong, the values of a sweep at their place in the file.
  public static func readSweep(path: String, overrides: [ScenarioOverride] = []) throws -> SweepReading {
    let bytes = try InputFile.bytes(path, limit: YAMLGuard.largestFile, kind: "a scenario")
    return try readSweep(bytes: bytes, file: path, overrides: overrides)
  }

  /// Reads a sweep from bytes as if they stood in `file`, whose folder is where other files' paths begin.
  ///
  /// - Throws: ``ScenarioErrors``.
  public static func readSweep(bytes: [UInt8], file: String, overrides: [ScenarioOverride] = []) throws -> SweepReading
  {
    try read(bytes: bytes, file: file, overrides: overrides) { $0 }
  }

  /// The points of `plan` over the file at `path`, whatever sweep the file itself has.
  ///
  /// - Throws: ``ScenarioErrors``.
  public static func read(
    path: String, sweeping plan: SweepPlan, overrides: [ScenarioOverride] = []
  ) throws -> SweepReading {
    let section = try SweepSection(plan)
    let bytes = try InputFile.bytes(path, limit: YAMLGuard.largestFile, kind: "a scenario")
    return try read(bytes: bytes, file: path, overrides: overrides) { _ in section }
  }

  private static func read(
    bytes: [UInt8], file path: String, overrides: [ScenarioOverride],
    choosing choose: (SweepSection?) -> SweepSection?
  ) throws -> SweepReading {
    let (root, log) = try tree(bytes: bytes, file: path, overrides: overrides)
    let overridden = overrides.map(\.dottedPath)
    let reading = Reading(source: path, overridden: overridden, log: log)
    let (base, own) = try scenario(of: root, reading: reading)
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: path)) }
    let sweep = choose(own) ?? SweepSection(position: root.position)
    for axis in sweep.grid + sweep.zip where overridden.contains(axis.name) {
      log.warning(
        at: axis.position, path: axis.name, "the sweep varies this key; the value that --set gives it is left out")
    }
    let space = SweepSpace(sweep, over: root, file: path, overridden: overridden)
    let survey = try SweepSurvey(sweep, in: space, base: base, log: log)
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: path)) }
    guard survey.count > 0 else {
      throw ScenarioErrors(at: sweep.position, path: "sweep.where", "no point of the sweep meets this condition")
    }
    var result = SweepReading(
      base: base, plan: sweep.plan, resolved: base.resolved.with(sweep.plan), points: SweepPoints(survey),
      warnings: log.sorted(mainSource: path))
    result.source = bytes
    result.settings = overrides.map { "\($0.dottedPath)=\($0.value)" }
    return result
  }
}

extension SweepSection {
  /// A plan that stands in no file.
  init(_ plan: SweepPlan) throws {
    let position = Diagnostic.Position("sweep")
    func axes(_ axes: [SweepPlan.Axis]) throws -> [SweepAxis] {
      try axes.map { axis in
        let place = Diagnostic.Position(axis.path)
        let values = try axis.values.map { text in
          try YAMLLoader.root(
            of: YAMLGuard.text(of: Array(text.utf8), source: axis.path), source: axis.path, fixedPosition: place)
            ?? YAMLValue(content: .scalar("", isPlain: true), position: place)
        }
        return SweepAxis(
          path: axis.path.split(separator: ".", omittingEmptySubsequences: false).map(String.init), position: place,
          values: values)
      }
    }
    self.init(
      plan: plan, grid: try axes(plan.grid), zip: try axes(plan.zip), condition: nil, position: position)
    do {
      condition = try plan.condition.map { try SweepCondition($0) }
    } catch {
      throw ScenarioErrors(at: position, path: "where", "\(error)")
    }
  }
}
