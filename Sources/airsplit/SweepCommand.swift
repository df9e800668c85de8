import ArgumentParser
import Experiments
import Foundation
import Scenario
import Simulation
import Trace
import Units

/// `airsplit sweep`.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Does every run of a scenario's sweep, on all cores, and continues one that was stopped.",
    discussion: """
      The scenario's section 'sweep' says which keys vary and how often each point is drawn. A second call into the same \
      folder does only what is missing: after a stop, or with more values or repetitions. The folder gets points.csv, \
      runs.csv and summary.csv, the same bytes for any number of jobs or shards. Ctrl-C, and the signals TERM, HUP, \
      USR1 and USR2 of cluster managers, end it once the runs under way have ended, or, with --checkpoint-every, after \
      their round.

        airsplit sweep scenarios/paper.yaml --set sweep.grid.policy='[exact, bcd]' --set sweep.repetitions=200
        airsplit sweep study.yaml --jobs 8 --out results/study
        airsplit sweep study.yaml --shard 3/50      # a part of it, by any engine; 'airsplit merge' at the end
        airsplit sweep --resume results/study --retry
        airsplit sweep study.yaml --launcher slurm --array 50 --time 1:00:00
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String?

  @OptionGroup var overrides: Overrides

  @Option(help: ArgumentHelp("Folder of the results. (default: results/<name>-sweep)", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("Go on with the sweep in this folder.", valueName: "folder"), completion: .directory)
  var resume: String?

  @OptionGroup var jobs: Jobs

  @Option(
    help: ArgumentHelp("Do the i-th of n parts. (default: all of it)", valueName: "i/n"))
  var shard: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save a checkpoint of each run every so many rounds; a signal then ends runs after their round.",
      valueName: "rounds"))
  var checkpointEvery: Int?

  @Option(help: "Hand the shards to a batch system.")
  var launcher: Launcher?

  @OptionGroup(title: "Slurm") var slurm: SlurmOptions

  @OptionGroup var programs: ExternalPrograms

  @Flag(help: "Do runs that failed again.")
  var retry = false

  @Flag(help: "End with the first run that fails.")
  var failFast = false

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    guard (path == nil) != (resume == nil) else {
      throw ValidationError(
        path == nil
          ? "Missing expected argument '<scenario>', or --resume <folder>" : "name a scenario or --resume, not both")
    }
    if let checkpointEvery, checkpointEvery < 1 {
      throw ValidationError("--checkpoint-every is \(checkpointEvery); it must be at least 1")
    }
    if resume != nil, !overrides.settings.isEmpty || out != nil {
      throw ValidationError("--resume goes on with what the sweep began with; leave out --set and --out")
    }
    if launcher == nil, slurm.areGiven {
      throw ValidationError("--array, --partition, --time and --sbatch-arg go with --launcher slurm")
    }
    if launcher != nil, shard != nil || failFast || jobs.jobs != nil {
      throw ValidationError("--shard, --jobs and --fail-fast are the tasks' own; leave them out with --launcher")
    }
    if let shard, Shard(shard) == nil {
      throw ValidationError("--shard is '\(shard)'; write i/n, as in 3/50, i from 1 to n")
    }
  }

  func run() throws {
    if launcher != nil { return try launch() }
    let part = try part()
    let (reading, folder) = try begin(part)
    guard let folder else { return }
    if checkpointEvery != nil, reading.plan.measure == .allocation {
      StandardStreams.note(
        "note: --checkpoint-every changes nothing here: runs under 'measure: allocation' take too little time to save any"
      )
    }
    var options = Sweep.Options()
    (options.jobs, options.shard) = (jobs.count, part)
    options.checkpointEvery = checkpointEvery ?? (resume == nil ? nil : folder.checkpointEvery)
    options.isStopping = { Interruption.isRequested }
    options.tell = { [quiet] in Self.say($1, of: $0, quiet: quiet) }
    (options.retriesFailed, options.failsFast) = (retry, failFast)
    var sweep = try rejectingInput { try Sweep(folder, reading, options: options) }
    if sweep.inventory.damaged > 0 {
      StandardStreams.note(
        "warning: ignored in \(folder.path)/journal: \(counted(sweep.inventory.damaged, "damaged line")); what they held is done again"
      )
    }
    if case let count = sweep.doneWithoutWeights, count > 0 {
      StandardStreams.note(
        "warning: \(counted(count, "run")) had been done before weights were asked for, and none are kept of what is done; "
          + "for all of them, name another folder with --out")
    }
    let isComplete = try work(&sweep)
    if part == .whole { try sweep.writeTables() }
    try report(sweep.inventory, in: folder, part, isComplete: isComplete)
    if part == .whole {
      try Draws.requireDifferent(sweep.inventory.repeatedPoints(), draws: sweep.inventory.reading.plan.repetitions)
    }
  }

  /// Says what became of a run's checkpoint.
  private static func say(_ news: CheckpointNews, of run: String, quiet: Bool) {
    // A line of progress may stand there.
    let start = StandardStreams.errorIsTerminal && !quiet ? "\r\u{1B}[K" : ""
    switch news {
    case .goesOn(let round):
      if !quiet { StandardStreams.note("\(start)\(run) goes on after round \(round)") }
    case .beginsAnew(let reason):
      StandardStreams.note("\(start)warning: \(run) begins anew, since its checkpoint cannot be used: \(reason)")
    case .savesNone(let reason):
      StandardStreams.note("\(start)warning: \(run) saves no checkpoint and has to begin anew: \(reason)")
    }
  }

  /// The option as it was typed.
  var checkpointWords: [String] { checkpointEvery.map { ["--checkpoint-every", "\($0)"] } ?? [] }

  /// Which part of the sweep is this process's.
  private func part() throws -> Shard {
    if let shard = shard.flatMap(Shard.init) { return shard }
    if let task = ProcessInfo.processInfo.environment["SLURM_ARRAY_TASK_ID"] {
      StandardStreams.note(
        "note: this is task \(task) of a Slurm array and does the whole sweep, since no part is asked for; for one part "
          + "of n: --shard \"$SLURM_ARRAY_TASK_ID/n\"")
    }
    return .whole
  }

  /// Reads the sweep and makes its folder ready; no folder where nothing is to be done.
  private func begin(_ part: Shard) throws -> (SweepReading, SweepFolder?) {
    if let resume {
      let folder = try rejectingInput { try SweepFolder(reading: resume) }
      let reading = try folder.reading()
      guard !dryRun else { return (reading, try plan(reading, resume)) }
      try programs.check(reading.points)
      return (reading, try rejectingInput { try SweepFolder(resuming: resume, reading, shard: part) })
    }
    let (reading, place) = try named()
    guard !dryRun else { return (reading, try plan(reading, place)) }
    try programs.check(reading.points)
    let folder = try rejectingInput {
      try SweepFolder(beginning: place, reading, source: path ?? "", checkpointEvery: checkpointEvery, shard: part)
    }
    return (reading, folder)
  }

  /// The sweep of the scenario, and where its folder is.
  func named() throws -> (SweepReading, String) {
    let reading = try ScenarioReader.readSweep(
      path: ShippedScenarios.file(path ?? ""), overrides: overrides.settings.map(ScenarioOverride.init(setting:)))
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    return (reading, out ?? "results/\(reading.base.name)-sweep")
  }

  /// What of a sweep is in the folder at `place`, whether or not there is one.
  func inventory(_ reading: SweepReading, at place: String) throws -> SweepInventory {
    guard SweepFolder.isSweep(place) else { return try SweepInventory(reading) }
    return try SweepInventory(of: SweepFolder(reading: place), reading)
  }

  /// Says what there is to do.
  private func plan(_ reading: SweepReading, _ place: String) throws -> SweepFolder? {
    let inventory = try inventory(reading, at: place)
    var table = TextTable([.words("point"), .numbers("runs"), .numbers("done"), .numbers("failed")])
    for (name, done, failed) in inventory.points {
      table.append([name, "\(reading.plan.repetitions)", "\(done)", "\(failed)"])
    }
    try StandardStreams.write(
      table.text
        + "\n\(counted(reading.points.count, "point")), \(counted(inventory.count, "run")), of which \(inventory.done) are done, "
        + "\(inventory.failed) failed and \(inventory.missing) missing in \(place)\n")
    return nil
  }

  /// Does the runs; whether the part is complete.
  private func work(_ sweep: inout Sweep) throws -> Bool {
    Interruption.listen()
    let tasks = sweep.tasks
    var progress = CountReport(of: tasks.count, quiet: quiet)
    var failures = 0
    let points = sweep.inventory.reading.points
    defer { progress.end() }
    return try sweep.run(tasks) { count, outcome in
      if case .failure(let error) = outcome.result {
        failures += 1
        if failures <= 3 {
          progress.end()
          StandardStreams.note(
            "warning: \(points.name(at: outcome.task.point))/\(SweepInventory.name(ofRepetition: outcome.task.repetition)) failed: "
              + "\(error)")
        }
      }
      progress.update(count, failed: failures)
      return !Interruption.isRequested
    }
  }

  private func report(
    _ inventory: SweepInventory, in folder: SweepFolder, _ part: Shard, isComplete: Bool
  ) throws {
    let name = inventory.reading.base.name
    let again =
      [CommandLine.arguments.first ?? "airsplit", "sweep", "--resume", folder.path]
      + (part == .whole ? [] : ["--shard", "\(part)"]) + checkpointWords
      + (programs.allowExternal ? ["--allow-external"] : [])
    let command = again.map(ShellWord.quoted).joined(separator: " ")
    if !isComplete {
      let reason =
        if Interruption.isRequested {
          "interrupted"
        } else if failFast, inventory.failed > 0 {
          "ended with the first failure"
        } else {
          "left what another airsplit is in the middle of"
        }
      throw CommandError.failure("\(reason), with \(counted(inventory.missing, "run")) missing; go on with: \(command)")
    }
    let rest = part == .whole ? "" : " after shard \(part)"
    try StandardStreams.write(
      "\(name): \(counted(inventory.reading.points.count, "point")), \(counted(inventory.count, "run"))\(rest): \(inventory.done) done, "
        + "\(inventory.failed) failed, \(inventory.missing) missing\n"
        + (part == .whole
          ? "The results are in \(folder.path).\n"
          : "When all shards are done: airsplit merge \(ShellWord.quoted(folder.path))\n"))
    if inventory.failed > 0 {
      throw CommandError.failure(
        "\(counted(inventory.failed, "run")) failed; \(part == .whole ? "\(folder.path)/\(SweepInventory.failuresName) says why" : "merge says why"); try them again with: \(command) --retry"
      )
    }
  }
}

/// The option `--jobs`.
struct Jobs: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Runs side by side; no result depends on it. (default: one per core)", valueName: "n"))
  var jobs: Int?

  /// As many as were asked for, or one per core.
  var count: Int { jobs ?? Threads.perCore }

  func validate() throws {
    guard let jobs, !(1...Threads.most).contains(jobs) else { return }
    throw ValidationError("--jobs is \(jobs); it may be from 1 to \(Threads.most)")
  }
}
