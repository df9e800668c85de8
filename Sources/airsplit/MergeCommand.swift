import ArgumentParser
import Experiments
import Scenario
import Units

/// `airsplit merge`.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Makes the tables of a sweep from what its shards have left.",
    discussion: """
      Writes points.csv, runs.csv, summary.csv and failures.csv of all that is there, and ends with 3 where runs are \
      missing, with 1 where some failed. Shards that ran elsewhere are brought in by copying their files of 'journal' into \
      the folder's.

        airsplit merge results/study
      """)

  @Argument(help: ArgumentHelp("Folder of a sweep.", valueName: "folder"), completion: .directory)
  var folder: String

  func run() throws {
    let sweep = try rejectingInput { try SweepFolder(reading: folder) }
    let inventory = try rejectingInput { try SweepInventory(of: sweep, try sweep.reading()) }
    if inventory.damaged > 0 {
      StandardStreams.note("warning: ignored in \(folder)/journal: " + counted(inventory.damaged, "damaged line"))
    }
    try inventory.writeTables(to: sweep)
    try StandardStreams.write(
      "\(inventory.reading.base.name): \(inventory.done) of \(counted(inventory.count, "run")) done, \(inventory.failed) failed, "
        + "\(inventory.missing) missing\nThe results are in \(folder).\n")
    if inventory.missing > 0 {
      throw CommandError(
        status: .notEnoughData,
        messages: [
          "missing: \(counted(inventory.missing, "run")); do what is missing with: airsplit sweep --resume \(ShellWord.quoted(folder))"
        ])
    }
    if inventory.failed > 0 {
      throw CommandError.failure(
        "\(counted(inventory.failed, "run")) failed; \(folder)/\(SweepInventory.failuresName) says why")
    }
    try Draws.requireDifferent(inventory.repeatedPoints(), draws: inventory.reading.plan.repetitions)
  }
}
