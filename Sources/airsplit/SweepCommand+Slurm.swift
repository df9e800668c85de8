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

/// The options of `--launcher slurm`.
struct SlurmOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Tasks of the array, one shard each; at most one a missing run. (default: 50)", valueName: "n"))
  var array: Int?

  @Option(help: ArgumentHelp("Partition to submit to.", valueName: "name"))
  var partition: String?

  @Option(help: ArgumentHelp("Longest time of a task, as Slurm writes it.", valueName: "time"))
  var time: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Another option of sbatch, as --sbatch-arg=--mem=2G; may be repeated.", valueName: "option"))
  var sbatchArg: [String] = []

  /// Whether any of them is given.
  var areGiven: Bool { array != nil || partition != nil || time != nil || !sbatchArg.isEmpty }

  func validate() throws {
    if let array, !(1...100_000).contains(array) {
      throw ValidationError("--array is \(array); it may be from 1 to 100000")
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
        "the folder '\(place.prefix(60))' has a line break in its path, which no batch script can bear")
    }
    let left = inventory.tasks(retrying: retry).count
    guard left > 0 else {
      return try StandardStreams.write(
        "Nothing is missing in \(place). Its tables: airsplit merge \(ShellWord.quoted(place))\n")
    }
    var script = SlurmScript(
      name: inventory.reading.base.name, folder: FileSystem.absolute(place),
      executable: FileSystem.absolute(Bundle.main.executablePath ?? CommandLine.arguments.first ?? "airsplit"),
      tasks: min(slurm.array ?? 50, left), missing: left)
    script.allowsExternal = programs.allowExternal
    (script.retriesFailed, script.partition, script.time, script.options) = (
      retry, slurm.partition, slurm.time, slurm.sbatchArg
    )
    guard !dryRun else { return try StandardStreams.write(script.text) }
    let file = "\(place)/\(SlurmScript.fileName)"
    try FileSystem.createFolder("\(place)/logs")
    try WholeFile.write(Array(script.text.utf8), to: file)
    let submit = "sbatch \(ShellWord.quoted(file))"
    guard let sbatch = ChildProcess.path(of: "sbatch") else {
      throw CommandError.failure("there is no sbatch on PATH; where there is one, submit it with: \(submit)")
    }
    guard let outcome = try ChildProcess.run(sbatch, ["--parsable", file], within: Self.patience) else {
      throw CommandError.failure("sbatch did not answer within \(Int(Self.patience)) s; try again with: \(submit)")
    }
    guard outcome.status == 0 else {
      let reason = outcome.errors.split(separator: "\n").joined(separator: "; ")
      throw CommandError.failure("sbatch refused: \(reason); submit it again with: \(submit)")
    }
    let job = outcome.output.split(whereSeparator: { $0 == ";" || $0.isNewline }).first ?? ""
    try StandardStreams.write(
      """
      Job \(job): \(script.tasks) tasks do \(left) missing runs.
      Follow it with:   airsplit status \(ShellWord.quoted(place))
      After losses:     airsplit sweep --resume \(ShellWord.quoted(place)) --launcher slurm\(programs.allowExternal ? " --allow-external" : "")
      At the end:       airsplit merge \(ShellWord.quoted(place))

      """)
  }

  private func prepared() throws -> (SweepInventory, String) {
    if let resume {
      let folder = try rejectingInput { try SweepFolder(reading: resume) }
      return (try SweepInventory(of: folder, folder.reading()), resume)
    }
    let (reading, place) = try named()
    if !dryRun { _ = try rejectingInput { try SweepFolder(beginning: place, reading, source: path ?? "") } }
    return (try inventory(reading, at: place), place)
  }
}
