import ArgumentParser
import EventKernel
import External
import Randomness
import Scenario
import Simulation
import Trace
import Training
import Units

/// `airsplit run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Simulates a scenario and writes its traces.",
    discussion: """
      The folder of results gets the resolved scenario, rounds.csv, devices.csv and, at the end, manifest.json. Options \
      win over the same keys of the scenario.

        airsplit run scenarios/quickstart.yaml
        airsplit run scenarios/paper.yaml --policy bcd --out /tmp/bcd

      Ctrl-C, TERM, HUP or USR1 ends a run after its round, with a checkpoint; Ctrl-C or TERM again, a second later, at \
      once. A run that was stopped or killed resumes with --resume and ends with the same files. A finished run goes on to \
      more rounds, or gives its weights, while its folder checkpoint/ is there.

        airsplit run --resume results/long
        airsplit run --resume results/long --rounds 400
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String?

  @Option(parsing: .unconditional, help: "Root of all random numbers.")
  var seed: String?

  @Option(parsing: .unconditional, help: "Training rounds.")
  var rounds: String?

  @Option(help: ArgumentHelp("Who decides; 'airsplit list policies' shows all.", valueName: "name"))
  var policy: String?

  @Option(help: ArgumentHelp("What is trained how: 'airsplit list frameworks'.", valueName: "name"))
  var framework: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Which draw of the seed, as a sweep counts them. (default: 0)", valueName: "n"))
  var repetition: Int?

  @OptionGroup var overrides: Overrides

  @Option(help: ArgumentHelp("Folder of the results. (default: results/<name>)", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Traces to write, commas between them: \(TraceSelection.words.map(\.word).joined(separator: ", ")). "
        + "(default: rounds,devices)",
      valueName: "names"),
    transform: traces)
  var trace: TraceSelection?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save every so many rounds or '1000000 events'.",
      valueName: "rounds"),
    transform: interval)
  var checkpointEvery: CheckpointInterval?

  @Option(
    help: ArgumentHelp(
      "Go on with the run in this folder; --rounds may make it longer, finished or not.", valueName: "folder"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp("Write the weights to this file, as safetensors.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var saveWeights: String?

  @Option(
    help: ArgumentHelp("Which weights: the last round's, or the best on the test set. (default: last)"))
  var save: WeightsChoice?

  @Option(
    help: ArgumentHelp("Write the last adapters here, as peft saves them.", valueName: "folder"),
    completion: .directory)
  var saveAdapters: String?

  @OptionGroup var threads: Threads

  @OptionGroup var programs: ExternalPrograms

  @Option(help: "How to print the summary. (default: table)")
  var format: OutputFormat?

  @Flag(help: "Compute the optimum too, even of very large problems.")
  var optimum = false

  @Flag(help: "Overwrite a finished run, or a checkpoint.")
  var force = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    if let repetition, !(0..<Int(Seed.repetitionLimit)).contains(repetition) {
      throw ValidationError("--repetition is \(repetition); it may be from 0 to \(Seed.repetitionLimit - 1)")
    }
    guard resume != nil else {
      guard path != nil else { throw ValidationError("Missing expected argument '<scenario>', or --resume <folder>") }
      return
    }
    if save != nil, saveWeights == nil {
      throw ValidationError("--save says which weights --resume gives; add --save-weights <file>")
    }
    let given = [
      ("a scenario", path != nil), ("--seed", seed != nil), ("--policy", policy != nil),
      ("--framework", framework != nil), ("--repetition", repetition != nil),
      ("--set of anything but \(Self.target)", overrides.settings.contains { !$0.hasPrefix(Self.target + "=") }),
      ("--out", out != nil),
      ("--trace", trace != nil), ("--optimum", optimum), ("--force", force),
    ].filter(\.1).map(\.0)
    if !given.isEmpty {
      throw ValidationError(
        "--resume goes on with what the run began with; leave out \(given.joined(separator: ", "))")
    }
  }

  /// The key that a run may go on with another value of, beside `rounds`.
  private static let target = "training.stop_at_accuracy"

  func run() throws {
    if let resume { try goOn(resume) } else if let path { try begin(path) }
  }

  /// Begins the run of a scenario.
  private func begin(_ path: String) throws {
    let reading = try overrides.read(
      path,
      with: [
        ScenarioOverride("seed", seed), ScenarioOverride("rounds", rounds), ScenarioOverride("policy", policy),
        ScenarioOverride("framework", framework),
      ].compactMap(\.self))
    let scenario = reading.scenario
    let weights = try weightsFile(of: scenario)
    try checkAdapters(of: scenario)
    try programs.check([scenario])
    let companions = ExternalProcessPool()
    let policy = try rejectingInput { try ResolvedPolicy(scenario, companions: companions) }
    let world = try rejectingInput { try World(scenario, repetition: UInt32(clamping: repetition ?? 0)) }
    let deadlineWarnings = world.warnings(for: policy.policy)
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    if reading.sweep != nil {
      StandardStreams.note("note: the scenario has a sweep, which 'run' leaves out; 'airsplit sweep' does all of it")
    }
    for warning in deadlineWarnings { StandardStreams.note("warning: \(warning)") }
    if let note = policy.note { StandardStreams.note("note: \(note)") }

    let trainer = try trainer(of: world, threads: threads.threads, companions)
    let options = RunOptions(
      traces: trace ?? .standard, computesOptimum: optimum, checkpointEvery: checkpointEvery, saveWeights: weights,
      keepsBest: save == .best, threads: threads.threads, format: format ?? .table, isQuiet: quiet)
    var run = try rejectingInput { try Run(world, policy: policy.policy, trainer: trainer, options: options.ofRun) }
    var recorder: Recorder
    do {
      recorder = try rejectingInput {
        try Recorder(
          path: out ?? "results/\(scenario.name)", run: run, policy: policy, selection: options.traces,
          warnings: reading.warnings.map(\.message) + deadlineWarnings, options: options.json,
          keepsBest: options.keepsBest, force: force)
      }
    } catch TraceError.unfinished(let folder) {
      throw CommandError.badInput(
        "\(folder): holds an unfinished run and its checkpoint; go on with: \(commandLine(resuming: folder)); "
          + "or start over with: \(Self.commandLineWithForce)")
    }
    if recorder.folder.replacesKilledRun {
      StandardStreams.note(
        "note: \(recorder.folder.path) held a run that was killed before its first checkpoint; this one takes its place"
      )
    }
    try finish(&run, &recorder, options)
  }

  /// Goes on with the run in a folder.
  private func goOn(_ path: String) throws {
    switch try rejectingInput({ try RunFolder.resume(path, version: Recorder.version) }) {
    case .finished(let folder, let manifest):
      if isTold || saveWeights != nil || saveAdapters != nil {
        let (begun, beginning) = try folder.kept(version: Recorder.version)
        let scenario = try scenario(of: folder)
        if scenario.isChanged { return try goOn(folder, begun, beginning, scenario) }
        if let file = try weightsFile(of: scenario.new) {
          let options = try options(of: beginning, in: folder)
          try writeWeights(to: file, of: scenario.new, folder, repetition: manifest.repetition, options)
        }
        try writeAdapters(of: scenario.new, folder, repetition: manifest.repetition)
      }
      if !quiet { StandardStreams.note("the run in \(path) has finished") }
      try show(manifest, folder: path, format: format ?? .table)
    case .unfinished(let folder, let manifest, let beginning):
      try goOn(folder, manifest, beginning, scenario(of: folder))
    }
  }

  /// Whether the run is to go on with other values than it began with.
  private var isTold: Bool { rounds != nil || !overrides.settings.isEmpty }

  /// The scenario of the run in a folder under the values that it is to go on with.
  private func scenario(of folder: RunFolder) throws -> (new: Scenario, isChanged: Bool) {
    let file = "\(folder.path)/\(RunFolder.scenarioName)"
    let old = try ScenarioReader.read(path: file).scenario
    guard isTold else { return (old, false) }
    let new = try overrides.read(file, with: [ScenarioOverride("rounds", rounds)].compactMap(\.self)).scenario
    if new.rounds != old.rounds, old.training.trainer != .none, old.training.optimizer.schedule.kind == .cosine {
      throw CommandError.badInput(
        "--rounds: training.optimizer.schedule is 'cosine', which reaches over all rounds: the first of \(new.rounds) "
          + "are others than those of \(old.rounds), so the run cannot go on; begin a new one")
    }
    return (new, new.keptResolved != old.keptResolved)
  }

  /// What the run in a folder was begun with, which must have kept what is asked for now.
  private func options(of beginning: RunBeginning, in folder: RunFolder) throws -> RunOptions {
    guard let options = RunOptions(json: beginning.options) else {
      throw CommandError.badInput("\(folder.path): was begun in a way that this command does not know; begin a new run")
    }
    try checkWeights(options, in: folder.path)
    return options
  }

  private func goOn(
    _ folder: RunFolder, _ manifest: Manifest, _ beginning: RunBeginning, _ scenario: (new: Scenario, isChanged: Bool)
  ) throws {
    var options = try options(of: beginning, in: folder)
    options.checkpointEvery = checkpointEvery ?? options.checkpointEvery
    options.threads = threads.threads ?? options.threads
    options.format = format ?? options.format
    options.isQuiet = quiet || options.isQuiet
    let (scenario, isChanged) = scenario
    options.saveWeights = try weightsFile(of: scenario)
    try checkAdapters(of: scenario)
    try programs.check([scenario])
    let world = try rejectingInput { try World(scenario, repetition: UInt32(clamping: manifest.repetition)) }
    let companions = ExternalProcessPool()
    let policy = try rejectingInput { try ResolvedPolicy(scenario, companions: companions) }
    let trainer = try trainer(of: world, threads: options.threads, companions)
    var run = try rejectingInput { try Run(world, policy: policy.policy, trainer: trainer, options: options.ofRun) }
    var recorder = try Recorder(
      resuming: folder, manifest: manifest, beginning: beginning, run: &run, selection: options.traces,
      keepsBest: options.keepsBest, isChanged: isChanged)
    for warning in recorder.manifest.warnings.dropFirst(manifest.warnings.count) {
      StandardStreams.note("warning: \(warning)")
    }
    if !options.isQuiet {
      StandardStreams.note(
        run.isInRound
          ? "the run goes on in round \(run.round + 1), after \(counted(Int(clamping: run.fingerprint.count), "event"))"
          : run.round == 0 ? "the run starts over: no checkpoint was saved" : "the run goes on after round \(run.round)"
      )
    }
    try finish(&run, &recorder, options)
  }

  /// What trains the scenario's model; what it has to say goes to standard error.
  func trainer(of world: World, threads: Int?, _ companions: ExternalProcessPool) throws -> (any Trainer)? {
    let trainer = try rejectingInput {
      try world.makeTrainer(threads: threads ?? Threads.perCore, companions: companions)
    }
    for note in trainer?.notes ?? [] { StandardStreams.note("note: \(note)") }
    return trainer
  }

  private static func interval(_ text: String) throws -> CheckpointInterval {
    guard let interval = CheckpointInterval(argument: text) else {
      throw ValidationError("it must be a number of rounds from 1, as in 10, or of events, as in '1000000 events'")
    }
    return interval
  }

  private static func traces(_ list: String) throws -> TraceSelection {
    var selection: TraceSelection = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let trace = TraceSelection(word: String(word)) else {
        throw ValidationError(unknown("trace", String(word), among: TraceSelection.words.map(\.word)))
      }
      selection.insert(trace)
    }
    return selection
  }
}
