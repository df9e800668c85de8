import Experiments
import Trace

/// Pages that people write and whose numbers and verdicts are computed: each stands between
/// `<!-- generated: NAME -->` and `<!-- end -->`, and comes from the tables and traces that the project keeps.
package struct GeneratedPages: Sendable {
  /// The pages, from the project's folder.
  package static let paths = [
    "results/training/README.md", "results/participation/README.md",
    "Sources/Allocation/Allocation.docc/AllocatingARound.md",
  ]

  /// The project's folder; empty for the current one.
  package var root: String

  /// The pages of the project in `root`.
  package init(root: String) { self.root = root }

  /// What stands in a block.
  ///
  /// - Throws: ``ReproductionError`` where there is no such block or its data is missing, `TraceError`.
  func block(_ name: String) throws -> String {
    switch name {
    case "fig3-table": try TrainingPages.table(of: KeptTable(at: path("results/training/fig3.csv")), TrainingPages.fig3)
    case "fig6-table": try TrainingPages.table(of: KeptTable(at: path("results/training/fig6.csv")), TrainingPages.fig6)
    case "fig3-claims": try TrainingPages.claims(of: "3", in: path("results/training/fig3-rounds.csv"))
    case "fig6-claims": try TrainingPages.claims(of: "6", in: path("results/training/fig6-rounds.csv"))
    case "participation-table": try ParticipationPage(at: path("results/participation")).table
    case "participation-findings": try ParticipationPage(at: path("results/participation")).findings
    case "descent": try descent
    case "never-selected": try neverSelected
    default: throw ReproductionError("there is no generated block '\(name)'")
    }
  }

  /// A page with its blocks made anew.
  ///
  /// - Throws: ``ReproductionError`` for a block that does not end or that there is not.
  func refreshed(_ page: String) throws -> String {
    let (begin, end) = ("<!-- generated: ", "<!-- end -->")
    var lines: [Substring] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix(begin), line.hasSuffix(" -->") {
        guard !isInside else { throw ReproductionError("a generated block begins within another: \(line)") }
        lines.append(line)
        lines += try block(String(line.dropFirst(begin.count).dropLast(4))).split(
          separator: "\n", omittingEmptySubsequences: false)
        isInside = true
      } else if line == end {
        lines.append(line)
        isInside = false
      } else if !isInside {
        lines.append(line)
      }
    }
    guard !isInside else { throw ReproductionError("a generated block does not end with \(end)") }
    return lines.joined(separator: "\n")
  }

  /// Makes the blocks of all pages anew, and the comparison behind the page on participation.
  ///
  /// - Returns: The files.
  /// - Throws: ``ReproductionError``, `TraceError`.
  package func refresh() throws -> [String] {
    let comparison = path("results/participation/compare.csv")
    try AtomicFile.write(try ParticipationPage(at: path("results/participation")).comparison.csv, to: comparison)
    return try [comparison]
      + Self.paths.map { name in
        let page = String(decoding: try FileSystem.contents(of: path(name)), as: UTF8.self)
        try AtomicFile.write(Array(refreshed(page).utf8), to: path(name))
        return path(name)
      }
  }

  /// What the descent leaves on the table, and how often it falls.
  private var descent: String {
    get throws {
      let table = try KeptTable(at: path("results/paper/gap-deadline.csv")).rows.filter { $0["policy"] == "bcd" }
      let gaps = table.filter { $0["metric"] == "optimality_gap" }
      let steady = table.filter { $0["metric"] == "objective_never_falls" }
      func mean(_ row: [String: String]) -> Double { row["mean"].flatMap(Double.init) ?? .nan }
      func at(_ row: [String: String]?) -> String { Figures.short(row?["deadline_s"].flatMap(Double.init)) + " s" }
      guard let least = gaps.min(by: { mean($0) < mean($1) }), let most = gaps.max(by: { mean($0) < mean($1) }) else {
        throw ReproductionError("results/paper/gap-deadline.csv has no gap of bcd")
      }
      let falls = steady.filter { mean($0) < 1 }.map { "\(Figures.percent(1 - mean($0))) at \(at($0))" }
      return """
        - P3 looks at energy and not at what a device contributes, so U may fall from one pass to the next. It does so in
          \(falls.joined(separator: ", ")) of the draws.
        - The gap to the optimum is \(Figures.percent(mean(least))) (at \(at(least))) to \(Figures.percent(mean(most))) (at \
        \(at(most))) on average over deadlines of \(at(gaps.first)) to \(at(gaps.last)), nearly all of it from choosing other
          devices.
        """
    }
  }

  /// How many devices the optimum leaves out for good.
  private var neverSelected: String {
    get throws {
      let rows = try KeptTable(at: path("results/paper/fairness.csv")).rows.filter { $0["policy"] == "exact" }
      let cells = rows.map { row in
        "\(Figures.percent(row["never_selected_share"].flatMap(Double.init))) with \(row["blocks"] ?? "") blocks at "
          + "\(Figures.short(row["deadline_s"].flatMap(Double.init))) s"
      }
      guard !cells.isEmpty else { throw ReproductionError("results/paper/fairness.csv has no row of exact") }
      return "Devices of the paper's cell that the optimum never selects: \(cells.joined(separator: ", "))."
    }
  }

  private func path(_ name: String) -> String { root.isEmpty ? name : "\(root)/\(name)" }
}

/// A table that the project keeps, without quoted cells: rows by the names of their columns.
struct KeptTable {
  /// The names of the columns, in order.
  let columns: [String]
  /// The rows.
  let rows: [[String: String]]

  /// Reads the table at `path`.
  ///
  /// - Throws: `TraceError` where it cannot be read, ``ReproductionError`` where a row has not as many cells as there are columns.
  init(at path: String) throws {
    let lines = String(decoding: try FileSystem.contents(of: path), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let columns = lines.first ?? []
    self.columns = columns
    rows = try lines.dropFirst().map { cells in
      guard cells.count == columns.count else { throw ReproductionError("\(path): a row has \(cells.count) cells") }
      return Dictionary(zip(columns, cells), uniquingKeysWith: { first, _ in first })
    }
  }
}
