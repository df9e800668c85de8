import Foundation
import Testing

/// `airsplit report`.
struct ReportTests {
  private static let sweep = ["--set", "sweep.grid.policy=[exact, nq]", "--set", "sweep.grid.deadline=[5 s, 6 s]"]

  @Test func aRunBecomesAPageThatNeedsNothingElse() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    let outcome = try Tool.run("report", "r", in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors == "The report is in r/report.html.\n")
    let page = try folder.text("r/report.html")
    for title in ["Key figures", "Time of a round", "Who took part", "The first steps of round 1", "Parameters"] {
      #expect(page.contains(title), "\(title)")
    }
    for word in ["<script", "https:", "url(", ">no data<", "nan", "(null)"] { #expect(!page.contains(word), "\(word)") }
    #expect(
      page.components(separatedBy: "http://www.w3.org/2000/svg").count == page.components(separatedBy: "http:").count)
    #expect(!page.contains("has not finished"))
    _ = try Tool.run("report", "r", "--out", "again.html", in: folder)
    #expect(try folder.text("again.html") == page)
  }

  @Test func hostileNamesAreHarmless() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r</script>'\"<b>", "--quiet", in: folder)
    let outcome = try Tool.run(
      "report", "r</script>'\"<b>", "--title", "</title></script><script>alert(1)</script>“ü”", "--out", "p.html",
      in: folder)
    #expect(outcome.status == 0)
    let page = try folder.text("p.html")
    #expect(!page.contains("<script"))
    #expect(!page.contains("</script"))
    #expect(page.contains("<title>&lt;/title&gt;&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;“ü”</title>"))
  }

  @Test func aRunThatHasNotFinishedSaysSo() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    let manifest = try folder.text("r/manifest.json").replacingOccurrences(
      of: "\"finished\": true", with: "\"finished\": false")
    try folder.write(manifest, to: "r/manifest.json.partial")
    try folder.append("5,0.0,1", to: "r/rounds.csv")
    let outcome = try Tool.run("report", "r", in: folder)
    #expect(outcome.status == 0)
    #expect(try folder.text("r/report.html").contains("The run has not finished. Rounds that are there: 4 of 4"))
  }

  @Test func aDamagedTraceIsNamedWithItsLine() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    try folder.append("5,0.0,1", to: "r/rounds.csv")
    let outcome = try Tool.run("report", "r", in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("error: r/rounds.csv:6:"))
    #expect(!folder.has("r/report.html"))
  }

  @Test func aSweepBecomesChartsOfItsMetrics() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run(
      ["sweep", "small.yaml", "--out", "s", "--quiet", "--set", "sweep.repetitions=3"] + Self.sweep, in: folder)
    #expect(try Tool.run("report", "s", "--metric", "objective,step_energy_j", in: folder).status == 0)
    let page = try folder.text("s/report.html")
    #expect(page.contains("<h3>Objective U</h3>"))
    #expect(page.contains("<h3>Energy of a step</h3>"))
    #expect(!page.contains("<h3>Time of a round</h3>"))
    #expect(page.contains("95 % interval"))
    #expect(page.contains("<span class=\"source varies\">varies</span>"))
    #expect(!page.contains("has not finished"))
    #expect(try Tool.run("report", "s", "--out", "all.html", in: folder).status == 0)
    #expect(try folder.text("all.html").contains("<h3>Time of a round</h3>"))
  }

  @Test func severalRunsAreComparedByWhatDiffers() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    for policy in ["exact", "nq"] {
      _ = try Tool.run("run", "small.yaml", "--policy", policy, "--out", policy, "--quiet", in: folder)
    }
    #expect(try Tool.run("report", "exact", "nq", in: folder).errors == "The report is in report.html.\n")
    let page = try folder.text("report.html")
    for text in ["2 runs compared", "Energy of a round", ">optimum<", ">NQ<", "<h2 id=\"differences-title\">"] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains(">no data<"))
  }

  @Test func missingRunsAreCountedAndNamed() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run(
      ["sweep", "small.yaml", "--out", "s", "--quiet", "--shard", "1/4", "--set", "sweep.repetitions=2"] + Self.sweep,
      in: folder)
    #expect(try Tool.run("report", "s", in: folder).status == 0)
    let page = try folder.text("s/report.html")
    #expect(page.contains("The sweep has not finished: 6 of 8 runs are missing."))
    #expect(page.contains("<h3>Missing</h3>"))
  }

  @Test func badInputIsSaid() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    try folder.write("x", to: "empty/x")
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    _ = try Tool.run(["sweep", "small.yaml", "--out", "s", "--quiet"] + Self.sweep, in: folder)
    let cases: [(arguments: [String], status: Int32, message: String)] = [
      (["nowhere"], 2, "nowhere: is not there"),
      (["small.yaml"], 2, "small.yaml: is a file"),
      (["empty"], 2, "empty: holds neither a run nor a sweep"),
      (["r", "--metric", "objective"], 2, "--metric chooses a sweep's charts"),
      (["s", "--metric", "objectve"], 2, "--metric: there is no metric 'objectve'; did you mean 'objective'?"),
      (["s", "--metric", "test_accuracy"], 3, "no run has the metric 'test_accuracy'"),
      (["r", "--out", "empty"], 2, "empty: is a folder"),
      (["r", "--out", ""], 2, "--out is ''"),
      ([""], 2, "'' is no folder"),
      (["r", "s"], 2, "several folders are compared run by run, and s holds a sweep"),
      (["r", "nowhere"], 2, "nowhere: is not there"),
    ]
    for (arguments, status, message) in cases {
      let outcome = try Tool.run(["report"] + arguments, in: folder)
      #expect(outcome.status == status, "\(arguments)")
      #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
    }
  }

  @Test func tooLittleIsSaid() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run("run", "small.yaml", "--out", "r", "--quiet", in: folder)
    try FileManager.default.removeItem(atPath: folder.path("r/rounds.csv"))
    let run = try Tool.run("report", "r", in: folder)
    #expect(run.status == 3)
    #expect(run.errors.contains("r: has no rounds.csv"))
    _ = try Tool.run(["sweep", "small.yaml", "--out", "s", "--quiet"] + Self.sweep, in: folder)
    try FileManager.default.removeItem(atPath: folder.path("s/journal"))
    let sweep = try Tool.run("report", "s", in: folder)
    #expect(sweep.status == 3)
    #expect(sweep.errors.contains("no run of the sweep is done"))
  }
}
