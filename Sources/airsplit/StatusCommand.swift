import ArgumentParser
import Experiments
import JSON
import Scenario
import Units

/// `airsplit status`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Counts the runs of a sweep that are done, running, failed and missing.",
    discussion: """
      All of it is read from the sweep's folder; no scheduler is asked. The last line of a table is 'missing: N'.

        airsplit status results/study
      """)

  @Argument(help: ArgumentHelp("Folder of a sweep.", valueName: "folder"), completion: .directory)
  var folder: String

  @Option(help: "How to print.")
  var format = OutputFormat.table

  func run() throws {
    let sweep = try rejectingInput { try SweepFolder(reading: folder) }
    let inventory = try rejectingInput { try SweepInventory(of: sweep, try sweep.reading()) }
    let workers = sweep.workers()
    let left = inventory.secondsPerRun.map { $0 * Double(inventory.missing) / Double(max(1, workers.count)) }
    switch format {
    case .json:
      try StandardStreams.write(
        JSONValue(omittingNil: [
          "name": .string(inventory.reading.base.name), "points": .integer(inventory.reading.points.count),
          "runs": .integer(inventory.count), "done": .integer(inventory.done), "failed": .integer(inventory.failed),
          "missing": .integer(inventory.missing), "damaged_lines": .integer(inventory.damaged),
          "running": .array(workers.map(JSONValue.string)), "left_s": left.map(JSONValue.number),
        ]))
    case .table:
      var lines = [
        "\(inventory.reading.base.name): " + counted(inventory.reading.points.count, "point") + ", "
          + counted(inventory.count, "run"),
        "done: \(inventory.done)", "failed: \(inventory.failed)",
        "running: " + counted(workers.count, "process", plural: "processes"),
      ]
      lines += workers.map { "  \($0)" }
      if inventory.damaged > 0 { lines.append("damaged lines, ignored: \(inventory.damaged)") }
      if let left, inventory.missing > 0 {
        lines.append("left: about \(ProgressReport.time(left)) of one thread in each process")
      }
      lines.append("missing: \(inventory.missing)")
      try StandardStreams.write(lines.joined(separator: "\n") + "\n")
    }
  }
}
