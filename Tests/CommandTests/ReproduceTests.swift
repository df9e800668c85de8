import Foundation
import Testing

/// Commands about the paper, over a folder with small versions of its scenarios.
@Suite("Reproducing the paper")
struct ReproduceTests {
  private let folder: TemporaryFolder
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardized

  /// The paper's scenarios with few devices, few blocks and few points, and its training traces.
  init() throws {
    folder = try TemporaryFolder()
    let scenarios = Self.repository.appending(path: "scenarios")
    let small = [
      ("count: 50", "count: 12"), ("blocks: 10", "blocks: 3"), ("[5, 10, 15, 20, 25, 30, 35, 40]", "[3, 4]"),
      ("[3.6 s, 3.8 s, 4 s, 4.25 s, 4.5 s, 5 s, 5.5 s, 6 s, 7 s, 8 s]", "[4 s, 5 s, 8 s]"),
      ("[2, 5, 10, 15, 20, 30]", "[2, 3]"), ("[10, 20, 35, 50, 75, 100]", "[6, 9]"),
      ("[5, 10, 20]", "[2]"), ("rounds: 50", "rounds: 2"),
    ]
    for file in try FileManager.default.contentsOfDirectory(atPath: scenarios.appending(path: "paper").path) {
      var text = try String(contentsOf: scenarios.appending(path: "paper/\(file)"), encoding: .utf8)
      for (large, few) in small { text = text.replacing(large, with: few) }
      try folder.write(text, to: "scenarios/paper/\(file)")
    }
    let calibrated = try String(contentsOf: scenarios.appending(path: "calibrated.yaml"), encoding: .utf8)
    try folder.write(calibrated, to: "scenarios/calibrated.yaml")
    var queue = try String(contentsOf: scenarios.appending(path: "server-queue.yaml"), encoding: .utf8)
    for (large, few) in small + [("rounds: 20", "rounds: 2"), ("accelerators: 2", "accelerators: 1")] {
      queue = queue.replacing(large, with: few)
    }
    try folder.write(queue, to: "scenarios/server-queue.yaml")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "results"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "results/training"),
      withDestinationURL: Self.repository.appending(path: "results/training"))
  }

  @Test("every figure comes as a table, with how it was made, the same on one thread and two")
  func figures() throws {
    for jobs in ["1", "2"] {
      let outcome = try Tool.run(
        "reproduce", "all", "--quick", "--jobs", jobs, "--out", "figures-\(jobs)", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("figures-\(jobs)/tables.csv\nfigures-\(jobs)/fig3.csv\n"))
    }
    let all = try folder.names("figures-1")
    let names = all.filter { !$0.hasSuffix(".svg") }
    #expect(
      names == [
        "README.md", "factorial-points.csv", "factorial.csv", "fairness.csv", "fig3.csv", "fig4-deadline.csv",
        "fig4-iterations.csv", "fig5.csv", "fig6.csv", "gap-blocks.csv", "gap-deadline.csv", "gap-devices.csv",
        "gap-objective.csv", "manifest.json", "tables.csv",
      ])
    let charts = all.filter { $0.hasSuffix(".svg") }
    #expect(charts.count == 31 && charts.starts(with: ["fig3-energy.svg", "fig3.svg", "fig4-like-for-like.svg"]))
    for name in all { #expect(try folder.data("figures-1/\(name)") == folder.data("figures-2/\(name)"), "\(name)") }
    let manifest = try object(folder.text("figures-1/manifest.json"))
    let files = try #require(manifest["files"] as? [[String: Any]])
    #expect(files.compactMap { $0["file"] as? String } == all.filter { $0.hasSuffix(".csv") || $0.hasSuffix(".svg") })
    #expect(files.first { $0["file"] as? String == "fig3.csv" }?["draws"] as? Int == 3)
    let deadline = try #require(files.first { $0["file"] as? String == "fig4-deadline.csv" })
    #expect(deadline["draws"] as? Int == 20 && deadline["command"] as? String == "airsplit reproduce fig4 --quick")
    #expect((deadline["scenario_hash"] as? String)?.count == 16)
    let accuracy = try folder.lines("figures-1/fig3.csv").first { $0.hasPrefix("32,40,test_accuracy,") }
    let kept = try String(
      contentsOf: Self.repository.appending(path: "results/training/fig3.csv"), encoding: .utf8)
    let row = try #require(kept.split(separator: "\n").first { $0.hasPrefix("32,") }).split(separator: ",")
    let mean = try #require(accuracy.flatMap { Double($0.split(separator: ",")[4]) })
    #expect(abs(mean - (try #require(Double(row[2])))) < 5e-5)
  }

  @Test("claims are judged under both bases and for both proposals, and written where they are asked for")
  func claims() throws {
    let outcome = try Tool.run("claims", "--repetitions", "4", "--out", "claims", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 27)
    #expect(lines[0].contains("paper, bcd") && lines[0].contains("calibrated, exact"))
    #expect(lines[1].contains("not applicable"))
    #expect(try folder.names("claims") == ["README.md", "claims.csv", "claims.md", "manifest.json"])
    let csv = try folder.lines("claims/claims.csv")
    #expect(csv[0].hasPrefix("base,proposed,claim,figure,claim_verdict,claimed,subject,place,statement,verdict,"))
    for column in ["paper,bcd,1,", "paper,exact,20,", "calibrated,bcd,11,", "training,exact,26,"] {
      #expect(csv.contains { $0.hasPrefix(column) }, "\(column)")
    }
    let markdown = try folder.text("claims/claims.md")
    #expect(markdown.contains("## `calibrated`, with `exact` as the proposal"))
    #expect(try folder.text("claims/README.md").contains("## What holds\n\n- `paper` with `bcd` as the proposal: "))
  }

  @Test("claims of one base and one policy are printed in every format, and written nowhere unasked")
  func formats() throws {
    let arguments = ["claims", "--base", "scenarios/calibrated.yaml", "--policy", "exact", "--repetitions", "3"]
    let json = try Tool.run(arguments + ["--format", "json", "--jobs", "1"], in: folder)
    #expect(json.status == 0, "\(json.errors)")
    let claims = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(claims.count == 26)
    let finding = try #require((claims[10]["findings"] as? [[String: Any]])?.first)
    #expect(finding["base"] as? String == "scenarios/calibrated.yaml" && finding["proposed"] as? String == "exact")
    let csv = try Tool.run(arguments + ["--format", "csv", "--jobs", "2"], in: folder)
    #expect(csv.output.hasPrefix("base,proposed,claim,"))
    #expect(try Tool.run(arguments + ["--format", "csv", "--jobs", "1"], in: folder).output == csv.output)
    #expect(!folder.has("results/paper"))
  }

  @Test("claims on a queue at the server are judged, and leave the page of their folder alone")
  func server() throws {
    let arguments = ["claims", "--group", "server", "--repetitions", "3"]
    let outcome = try Tool.run(arguments + ["--out", "waiting", "--jobs", "2"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 6 && !lines[0].contains("Fig.") && lines[1].hasPrefix("27 "), "\(outcome.output)")
    #expect(lines[0].contains("server-queue, bcd") && lines[0].contains("server-queue, exact"))
    #expect(try folder.names("waiting") == ["claims.csv", "claims.md", "manifest.json"])
    let csv = try folder.text("waiting/claims.csv")
    for row in ["server-queue,bcd,27,", "server-queue,exact,31,"] { #expect(csv.contains("\n\(row)"), "\(row)") }
    let manifest = try object(folder.text("waiting/manifest.json"))
    let files = try #require(manifest["files"] as? [[String: Any]])
    #expect(files.allSatisfy { $0["sources"] as? [String] == ["scenarios/server-queue.yaml"] })
    #expect(files.allSatisfy { $0["command"] as? String == "airsplit claims --group server --repetitions 3" })
    let again = try Tool.run(
      arguments + ["--base", "server-queue", "--format", "csv", "--jobs", "1"], in: folder)
    #expect(again.output == csv)
    #expect(!folder.has("results/waiting"))
  }

  @Test("claims on a channel that moves are judged over a cell of one's own, as a table of each claim and proposal")
  func dynamics() throws {
    var paper = try String(contentsOf: Self.repository.appending(path: "scenarios/paper.yaml"), encoding: .utf8)
    for (large, few) in [("count: 50", "count: 4"), ("blocks: 10", "blocks: 2"), ("epochs: 10", "epochs: 1")] {
      paper = paper.replacing(large, with: few)
    }
    try folder.write(paper, to: "cell.yaml")
    let outcome = try Tool.run(
      ["claims", "--group", "dynamics", "--base", "cell.yaml", "--repetitions", "2", "--format", "csv", "--jobs", "2"],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for row in ["cell.yaml,bcd,32,", "cell.yaml,exact,54,"] {
      #expect(outcome.output.contains("\n\(row)"), "\(row)")
    }
    #expect(outcome.errors.contains("cell.yaml: 40 points of speeds\n") && !folder.has("results/dynamics"))
  }

  @Test("claims are judged anew under each value, but for what their figures vary themselves")
  func sensitivity() throws {
    let paper = try String(contentsOf: Self.repository.appending(path: "scenarios/paper.yaml"), encoding: .utf8)
    try folder.write(
      paper.replacing("count: 50", with: "count: 12").replacing("blocks: 10", with: "blocks: 3"),
      to: "scenarios/paper.yaml")
    try folder.write("ranges: {deadline: [4 s, 6 s], training.local_epochs: [1]}", to: "ranges.yaml")
    let arguments = ["sensitivity", "--ranges", "ranges.yaml", "--repetitions", "3", "--format", "json"]
    let outcome = try Tool.run(arguments + ["--jobs", "2", "--out", "figures"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.components(
        separatedBy: "note: claims are not judged under deadline: the figures of the claims vary it themselves\n"
      ).count == 2, "\(outcome.errors)")
    #expect(try Tool.run(arguments + ["--jobs", "1"], in: folder).output == outcome.output)
    let answer = try object(outcome.output)
    let shifts = try #require(answer["claims"] as? [[String: Any]])
    #expect(!shifts.isEmpty && shifts.allSatisfy { $0["parameter"] as? String == "training.local_epochs" })
    #expect(try folder.lines("figures/sensitivity-claims.csv").count == shifts.count + 2)
    #expect(!folder.has("results/paper"))
  }

  /// Command lines with a mistake, the status they end with, and what standard error then says.
  static let mistakes: [(arguments: [String], status: Int32, says: String)] = [
    (["reproduce"], 2, "Missing expected argument '<figure> ...'"),
    (["reproduce", "fig44"], 2, "there is no figure 'fig44'; did you mean 'fig4'?"),
    (["reproduce", "fig", "4"], 2, "there is no figure 'fig 4'; did you mean 'fig4'?"),
    (["reproduce", "tables", "--jobs", "0"], 2, "--jobs is 0; it may be from 1 to 1024"),
    (["reproduce", "tables", "--out", "scenarios/calibrated.yaml"], 2, "scenarios/calibrated.yaml"),
    (["claims", "--repetitions", "1"], 3, "one draw says nothing about another"),
    (["claims", "--repetitions", "0"], 2, "--repetitions is 0; it may be from 2 to "),
    (["claims", "--base", "nowhere.yaml"], 2, "nowhere.yaml: error: the file does not exist"),
    (["claims", "--group", "serve"], 2, "--group: there is no group of claims 'serve'; did you mean 'server'?"),
    (
      ["claims", "--group", "server", "--base", "calibrated"], 2,
      "scenarios/calibrated.yaml: claims of the group 'server' need devices that wait: server.accelerators must be less"
    ),
    (
      ["claims", "--group", "dynamics", "--base", "scenarios/server-queue.yaml"], 2,
      "'clairvoyant' knows no queue at the server"
    ),
    (["claims", "--policy", "rb"], 2, "'rb' is invalid for '--policy <policy>'"),
  ]

  @Test("a mistake is told", arguments: mistakes.indices)
  func mistake(index: Int) throws {
    let (arguments, status, says) = Self.mistakes[index]
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == status && outcome.output == "", "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
  }

  @Test("a folder without the paper's scenarios is told where to go")
  func elsewhere() throws {
    let empty = try TemporaryFolder()
    let outcome = try Tool.run("reproduce", "tables", in: empty)
    #expect(outcome.status == 2 && outcome.errors.contains("there is no folder 'scenarios/paper' in "))
  }

  @Test("a missing trace ends with its path, and what was done before stays")
  func missingTrace() throws {
    try FileManager.default.removeItem(at: folder.url.appending(path: "results/training"))
    let outcome = try Tool.run("reproduce", "tables", "fig3", "--out", "figures", in: folder)
    #expect(outcome.status != 0 && outcome.errors.contains("results/training/fig3-rounds.csv"))
    #expect(try folder.names("figures") == ["README.md", "manifest.json", "tables.csv"])
  }
}
