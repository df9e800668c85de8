extension ScenarioReader {
  /// The section `ranges` of the file at `path`, which holds nothing else: keys of a scenario with the values that each is
  /// to take, one key at a time. Values are written as those of a sweep's axis.
  ///
  /// - Throws: ``ScenarioErrors``.
  public static func ranges(path: String) throws -> [SweepPlan.Axis] {
    let bytes = try InputFile.bytes(path, limit: YAMLGuard.largestFile, kind: "a file of ranges")
    let (root, log) = try tree(bytes: bytes, file: path, overrides: [])
    guard case .map(let pairs) = root.content else { return [] }
    let section = Section(pairs, path: "", position: root.position, reading: Reading(source: path, log: log))
    let axes = axes(section, "ranges", "keys with the values that each takes alone")
    section.finish()
    if axes.isEmpty, !log.hasErrors {
      log.error(at: root.position, path: "ranges", "there are no ranges; write 'deadline: [4 s, 6 s]' lines below it")
    }
    let fixed = ["sweep", "schema", "name", "provenance", "rounds", "policy"]
    for axis in axes where fixed.contains(axis.path[0]) {
      log.error(at: axis.position, path: "ranges.\(axis.name)", "'\(axis.path[0])' cannot vary here")
    }
    guard !log.hasErrors else { throw ScenarioErrors(log.sorted(mainSource: path)) }
    return axes.map(\.plan)
  }
}
