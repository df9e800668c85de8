import Allocation
import Training
import Wireless

/// What steps of reading, or of printing, came to under the values of a sweep's axes. The points of a sweep differ in few keys:
/// a step that depends on none of those that changed takes over what it came to before.
///
/// Its size is bounded: a step remembers up to ``mostKept`` outcomes and then begins anew.
final class StepMemory {
  /// What a step came to.
  struct Outcome {
    /// Gives a scenario the step's values.
    var apply: (inout Scenario) -> Void
    /// Where the values stand that the step found given.
    var places: [String: Diagnostic.Position]
    /// The paths and the root's keys that it declared.
    var paths: [String]
    var keys: [String]
    /// What it found wrong, of which nothing is an error.
    var warnings: [Diagnostic]
    /// What it printed.
    var printed = PrintedStep()
  }

  /// Outcomes that are remembered of one step.
  static let mostKept = 1024

  /// A number for each step that differs where values differ that the step depends on.
  var marks = Array(repeating: 0, count: ReadingStep.allCases.count)
  /// The files of the scenario that is printed, which its key has under other names.
  var inputFiles: [Scenario.InputFile] = []
  /// What was printed, step by step.
  var printed: [(step: ReadingStep, text: PrintedStep)] = []
  private var kept: [[Int: Outcome]] = Array(repeating: [:], count: ReadingStep.allCases.count)

  /// What a step has come to under the values in force; `nil` where that is not known.
  subscript(step: ReadingStep) -> Outcome? {
    get { kept[step.rawValue][marks[step.rawValue]] }
    set {
      if kept[step.rawValue].count >= Self.mostKept { kept[step.rawValue].removeAll(keepingCapacity: true) }
      kept[step.rawValue][marks[step.rawValue]] = newValue
    }
  }
}

/// What a step of printing noted.
struct PrintedStep {
  /// The values.
  var entries: [ResolvedNode.Entry] = []
  /// The values as YAML, files by the names that a run keeps them by.
  var kept: [UInt8] = []
}

extension Section {
  /// Does a step of the root on `scenario`, of which it settles `part`, or takes over what it came to before.
  func step<Part>(
    _ step: ReadingStep, _ scenario: inout Scenario, _ part: WritableKeyPath<Scenario, Part>,
    _ body: (inout Scenario) -> Void
  ) {
    let isPrinting = reading.purpose == .printing
    // Printing finds no file's keys, and its log means nothing.
    guard let memory = reading.memory, isPrinting || !reading.log.hasErrors && !step.isAlwaysRead else {
      return body(&scenario)
    }
    if let outcome = memory[step] {
      if isPrinting { return memory.printed.append((step, outcome.printed)) }
      outcome.apply(&scenario)
      return take(outcome)
    }
    let (keysBefore, diagnosticsBefore, entriesBefore) = (keys.count, reading.log.count, entries.count)
    reading.begin(step)
    body(&scenario)
    let (places, paths) = reading.end()
    guard isPrinting || !reading.log.hasErrors && !reading.log.isFull else { return }
    var outcome = StepMemory.Outcome(
      apply: { _ in }, places: places, paths: paths, keys: Array(keys[keysBefore...]),
      warnings: isPrinting ? [] : reading.log.diagnostics(from: diagnosticsBefore))
    if isPrinting {
      outcome.printed = PrintedStep(Array(entries[entriesBefore...]), keeping: memory.inputFiles)
      memory.printed.append((step, outcome.printed))
    } else {
      outcome.apply = { [value = scenario[keyPath: part]] in $0[keyPath: part] = value }
    }
    memory[step] = outcome
  }
}

extension PrintedStep {
  fileprivate init(_ entries: [ResolvedNode.Entry], keeping files: [Scenario.InputFile]) {
    self.entries = entries
    kept = Array(ResolvedNode.map(entries).keeping(files).yaml.utf8)
  }
}

/// What steps settle that settle more than one value.
extension Scenario {
  var knowledge: (ChannelEstimate, Double, Optimum, ServerForecast) {
    get { (channelEstimate, deadlineMargin, optimum, serverForecast) }
    set { (channelEstimate, deadlineMargin, optimum, serverForecast) = newValue }
  }

  var radio: (Uplink, GainFile?) {
    get { (uplink, gains) }
    set { (uplink, gains) = newValue }
  }

  var network: (ModelProfile, [ModelProfile], WeightsSource?, HeadRule) {
    get { (model, otherCuts, weights, head) }
    set { (model, otherCuts, weights, head) = newValue }
  }

  var choices: ([String: [String: PolicySettings.Value]], ExternalCommand?, ViolationRule) {
    get { (policySettings, externalPolicy, externalPolicyRule) }
    set { (policySettings, externalPolicy, externalPolicyRule) = newValue }
  }

  var nothing: Void {
    get {}
    set {}
  }
}
