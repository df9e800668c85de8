extension ScenarioReader {
  /// Reads the file at `path` and all points of its sweep, with `overrides` laid over it in order; an override may also
  /// give or change the sweep itself, `sweep.repetitions=10`.
  ///
  /// - Throws: ``ScenarioErrors`` with everything that is wrong, the values of a sweep at their place in the file.
  public static func readSweep(path: String, overrides: [ScenarioOverride] = []) throws -> SweepReading {
    let reading = try read(path: path, overrides: overrides)
    let point = SweepPoint(index: 0, settings: [], scenario: reading.scenario)
    return SweepReading(base: reading.scenario, plan: SweepPlan(), points: [point], warnings: reading.warnings)
  }

  /// The points of `plan` over the file at `path`, whatever sweep the file itself has.
  ///
  /// - Throws: ``ScenarioErrors``.
  public static func read(
    path: String, sweeping plan: SweepPlan, overrides: [ScenarioOverride] = []
  ) throws -> SweepReading {
    try readSweep(path: path, overrides: overrides)
  }
}
