import ArgumentParser
import Experiments
import Foundation
import Scenario
import Trace

/// Who starts the shards of a sweep.
enum Launcher: String, ExpressibleByArgument, CaseIterable {
  /// An array of Slurm tasks.
  case slurm
}

/// How many tasks an array has, as Slurm writes it: `20`, or `20%5` where only five may run at the same time.
struct ArraySize: CustomStringConvertible {
  /// Most tasks.
  static let most = 100_000

  var tasks: Int
  var atOnce: Int?

  init(tasks: Int, atOnce: Int?) {
    self.tasks = tasks
    self.atOnce = atOnce
  }

  /// Reads it; `nil` where it is no size.
  init?(_ text: String) {
    let numbers = text.split(separator: "%", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard (1...2).contains(numbers.count), numbers.allSatisfy({ (1...Self.most).contains($0) }) else { return nil }
    self.init(tasks: numbers[0], atOnce: numbers.dropFirst().first)
  }

  var description: String { "\(tasks)" + (atOnce.map { "%\($0)" } ?? "") }
}

/// The options of `--launcher slurm`.
struct SlurmOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tasks of the array, one shard each, at most one per missing run; 20%5 runs five of 20 at a time. (default: 50)",
      valueName: "n"))
  var array: String?

  @Option(help: ArgumentHelp("Partition to submit to.", valueName: "name"))
  var partition: String?

  @Option(help: ArgumentHelp("Longest time of a task, as Slurm writes it.", valueName: "time"))
  var time: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Another option of sbatch, as --sbatch-arg=--mem=2G; may be repeated.", valueName: "option"))
  var sbatchArg: [String] = []

  /// The size of the array that is asked for.
  var size: ArraySize? { array.flatMap(ArraySize.init) }

  /// The options as they would be given again, with an array of `tasks`.
  func words(tasks: Int?) -> [String] {
    let array = tasks.map { "\(ArraySize(tasks: $0, atOnce: size?.atOnce))" } ?? array
    let named = [("--array", array), ("--partition", partition), ("--time", time)]
    return named.flatMap { name, value in value.map { [name, $0] } ?? [] } + sbatchArg.map { "--sbatch-arg=\($0)" }
  }

  /// Whether any of them is given.
  var areGiven: Bool { array != nil || partition != nil || time != nil || !sbatchArg.isEmpty }

  func validate() throws {
    if let array, size == nil {
      throw ValidationError(
        "--array is '\(array)'; write the number of tasks, from 1 to \(ArraySize.most), or tasks%at-once, as in 20%5")
    }
    for text in [partition, time].compactMap(\.self) + sbatchArg
    where text.contains(where: { $0.isNewline || $0 == "\"" }) {
      throw ValidationError("'\(text)' has a quote or a line break, which no option of sbatch needs")
    }
  }
}

extension SweepCommand {
  /// Seconds that `sbatch` may take.
  private static let patience = 60.0

  /// Writes the batch script of what is missing and submits it.
  func launch() throws {
    // The folder is locked only while it is made ready: the tasks lock their shards.
    let (inventory, place) = try prepared()
    guard !FileSystem.absolute(place).contains(where: \.isNewline) else {
      throw CommandError.badInput(
        "the folder '\(place.prefix(60))' has a line break in its path, which a batch script cannot have")
    }
    let left = inventory.tasks(retrying: retry).count
    guard left > 0 else {
      return try StandardStreams.write(
        "Nothing is missing in \(place). Its tables: airsplit merge \(ShellWord.quoted(place))\n")
    }
    var script = SlurmScript(
      name: inventory.reading.base.name, folder: FileSystem.absolute(place),
      executable: FileSystem.absolute(Bundle.main.executablePath ?? CommandLine.arguments.first ?? "airsplit"),
      tasks: min(slurm.size?.tasks ?? 50, left), missing: left)
    script.atOnce = slurm.size?.atOnce
    script.checkpointEvery = checkpointEvery
    script.allowsExternal = programs.allowExternal
    (script.retriesFailed, script.partition, script.time, script.options) = (
      retry, slurm.partition, slurm.time, slurm.sbatchArg
    )
    guard !dryRun else { return try StandardStreams.write(script.text) }
    let file = "\(place)/\(SlurmScript.fileName)"
    try FileSystem.createFolder("\(place)/logs")
    try AtomicFile.write(Array(script.text.utf8), to: file)
    let submit = "sbatch \(ShellWord.quoted(file))"
    guard let sbatch = ChildProcess.path(of: "sbatch") else {
      throw CommandError.failure("there is no sbatch on PATH; where there is one, submit it with: \(submit)")
    }
    guard let outcome = try ChildProcess.run(sbatch, ["--parsable", file], within: Self.patience) else {
      throw CommandError.failure("sbatch did not answer within \(Int(Self.patience)) s; try again with: \(submit)")
    }
    guard outcome.status == 0 else {
      let reason = outcome.errors.split(separator: "\n").joined(separator: "; ")
      guard let most = Self.mostTasks(), most < script.tasks else {
        throw CommandError.failure("sbatch refused: \(reason); submit it again with: \(submit)")
      }
      throw CommandError.failure(
        "sbatch refused: \(reason); an array of this cluster has at most \(most) tasks (MaxArraySize), and this one has "
          + "\(script.tasks); submit a smaller one with: \(again(place, tasks: most))")
    }
    let job = outcome.output.split(whereSeparator: { $0 == ";" || $0.isNewline }).first ?? ""
    try StandardStreams.write(
      """
      Job \(job): \(script.tasks) tasks do \(left) missing runs.
      Follow it with:   airsplit status \(ShellWord.quoted(place))
      After losses:     \(again(place))
      At the end:       airsplit merge \(ShellWord.quoted(place))

      """)
  }

  /// What to type to submit what is missing then, in an array of so many tasks.
  private func again(_ place: String, tasks: Int? = nil) -> String {
    let words =
      ["airsplit", "sweep", "--resume", place, "--launcher", "slurm"] + slurm.words(tasks: tasks)
      + checkpointWords + (retry ? ["--retry"] : []) + (programs.allowExternal ? ["--allow-external"] : [])
    return words.map(ShellWord.quoted).joined(separator: " ")
  }

  /// Most tasks of an array from 1 on; `nil` where the cluster does not say, or has no arrays.
  private static func mostTasks() -> Int? {
    guard let scontrol = ChildProcess.path(of: "scontrol"),
      let outcome = try? ChildProcess.run(scontrol, ["show", "config"], within: patience), outcome.status == 0
    else { return nil }
    let line = outcome.output.split(whereSeparator: \.isNewline).first { $0.hasPrefix("MaxArraySize") }
    // The size is one more than the largest number of a task.
    guard let size = line?.split(separator: " ").last.flatMap({ Int($0) }), size > 1 else { return nil }
    return size - 1
  }

  private func prepared() throws -> (SweepInventory, String) {
    if let resume {
      let folder = try rejectingInput { try SweepFolder(reading: resume) }
      return (try SweepInventory(of: folder, folder.reading()), resume)
    }
    let (reading, place) = try named()
    if !dryRun {
      _ = try rejectingInput {
        try SweepFolder(beginning: place, reading, source: path ?? "", checkpointEvery: checkpointEvery)
      }
    }
    return (try inventory(reading, at: place), place)
  }
}
