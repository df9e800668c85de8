import Allocation
import Units

/// The policies that a command line names, with the settings it gives them.
struct PolicySelection {
  private let entries: [(entry: PolicyEntry, settings: [String: PolicySettings.Value])]

  /// Reads `exact,bcd` and settings such as `bcd.tolerance=1e-6`.
  ///
  /// - Throws: ``CommandError`` for a name, a key or a value that is not known.
  init(names list: String, settings: [String]) throws {
    var entries: [(entry: PolicyEntry, settings: [String: PolicySettings.Value])] = []
    for name in list.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let entry = PolicyRegistry.entry(named: name) else {
        throw CommandError.badInput("--policy: " + unknown("policy", name, among: PolicyRegistry.all.map(\.name)))
      }
      guard !entries.contains(where: { $0.entry.name == name }) else {
        throw CommandError.badInput("--policy: '\(name)' stands twice")
      }
      entries.append((entry, [:]))
    }
    for setting in settings {
      let sides = setting.split(separator: "=", maxSplits: 1).map(String.init)
      let path = (sides.first ?? "").split(separator: ".", maxSplits: 1).map(String.init)
      guard sides.count == 2, path.count == 2 else {
        throw CommandError.badInput("--set: '\(setting.prefix(60))' is not of the form policy.key=value")
      }
      guard let index = entries.firstIndex(where: { $0.entry.name == path[0] }) else {
        throw CommandError.badInput("--set: '\(path[0].prefix(60))' is not among the policies of --policy")
      }
      let options = entries[index].entry.options
      guard let option = options.first(where: { $0.key == path[1] }) else {
        let problem =
          options.isEmpty ? "it has no settings" : unknown("setting", path[1], among: options.map(\.key))
        throw CommandError.badInput("--set: policy '\(path[0])': \(problem)")
      }
      do {
        entries[index].settings[option.key] = try option.value(parsing: sides[1])
      } catch {
        throw CommandError.badInput("--set: \(path[0]).\(error)")
      }
    }
    self.entries = entries
  }

  /// What every policy answers to `instance`: settings of the command line before those of the instance.
  ///
  /// - Throws: `PolicyError` where a policy cannot answer.
  func allocations(for instance: Instance) throws -> [(policy: String, allocation: Allocation)] {
    try entries.map { entry, settings in
      let given = instance.settings(for: entry.name).merging(settings) { $1 }
      let policy = try entry.make(PolicySettings(options: entry.options, given: given))
      return (entry.name, try policy.allocate(instance.problem.given(to: policy), in: instance.context()))
    }
  }
}
