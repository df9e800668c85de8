import ArgumentParser
import Reports
import Trace

/// `airsplit report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes one HTML page of a run, of a sweep, or of several runs side by side.",
    discussion: """
      The page needs no network and no other file: parameters with their sources, key figures, charts with their 95 % \
      intervals and the figures they show, what is missing and what failed. A run or sweep that has not finished is \
      shown as far as it has come.

        airsplit report results/quickstart
        airsplit report results/sflam results/sfl --out both.html
        airsplit report results/study-sweep --metric objective,step_energy_j --out study.html
      """)

  @Argument(
    help: ArgumentHelp(
      "Folder of a run or a sweep; several folders of runs are compared on one page.", valueName: "folder"),
    completion: .directory)
  var folders: [String]

  @Option(
    help: ArgumentHelp(
      "The page. (default: report.html in the folder; of several runs, in the current one)", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var out: String?

  @Option(help: ArgumentHelp("The page's title. (default: the scenario's name)", valueName: "text"))
  var title: String?

  @Option(
    help: ArgumentHelp(
      "Metrics of a sweep to chart, commas between them; 'airsplit list metrics' shows all.",
      valueName: "names"))
  var metric: String?

  func run() throws {
    let paths = folders.map(FileSystem.withoutSlash)
    guard let path = paths.first, !paths.contains("") else {
      throw CommandError.badInput("'' is no folder; name that of a run or a sweep")
    }
    guard out != "" else { throw CommandError.badInput("--out is ''; name a file") }
    let metrics = (metric ?? "").split(separator: ",").map(String.init)
    if paths.count > 1, let sweep = paths.first(where: Report.isSweep) {
      throw CommandError.badInput(
        "several folders are compared run by run, and \(sweep) holds a sweep; give it alone, or the runs that it kept")
    }
    if metric != nil, !Report.isSweep(path) {
      throw CommandError.badInput("--metric chooses a sweep's charts, and \(path) holds no sweep; leave it out")
    }
    let page: String
    do {
      page =
        try paths.count == 1
        ? Report.html(of: path, title: title, metrics: metrics) : Report.html(comparing: paths, title: title)
    } catch ReportError.unknownMetric(let name, let among) {
      throw CommandError.badInput("--metric: " + unknown("metric", name, among: among))
    } catch let error as ReportError {
      if case .nothing = error { throw CommandError.badInput("\(error)") }
      throw CommandError(status: .notEnoughData, messages: ["\(error)"])
    } catch let error where ExitStatus(error) == .failure {
      throw CommandError.badInput("\(error)")
    }
    let target = out ?? (paths.count == 1 ? "\(path)/report.html" : "report.html")
    let isInFolder = out == nil && paths.count == 1
    try AtomicFile.write(Array(page.utf8), to: target, origin: isInFolder ? .folder : .named)
    StandardStreams.note("The report is in \(target).")
  }
}
