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

  @Test("the means on the page of a sweep are those of summary.csv, also where a plain mean of runs is another number")
  func meansAreThoseOfTheSummary() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    _ = try Tool.run(
      "sweep", "small.yaml", "--out", "s", "--quiet", "--set", "sweep.repetitions=6", "--set",
      "sweep.grid.deadline=[4.6 s, 5 s]", in: folder)
    _ = try Tool.run("report", "s", "--metric", "bits_mean", in: folder)
    func cells(_ file: String) throws -> [[String: String]] {
      let lines = try folder.lines(file).map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }
    let page = try folder.text("s/report.html")
    let runs = try cells("s/runs.csv")
    var differ = 0
    for point in try cells("s/summary.csv") where point["metric"] == "bits_mean" {
      let mean = try #require(point["mean"].flatMap(Double.init))
      let own = runs.filter { $0["deadline"] == point["deadline"] }.compactMap { $0["bits_mean"].flatMap(Double.init) }
      #expect(own.count > 1)
      if abs(own.reduce(0, +) / Double(own.count) - mean) > 1e-3 * mean { differ += 1 }
      #expect(page.contains("<td class=\"number\">\(try Self.digits(mean, 6))</td>"))
      #expect(page.contains("<td class=\"number\">\(try Self.digits(mean, 3))</td>"))
    }
    #expect(differ > 0)
  }

  /// A number with so many significant digits, without zeros at its end.
  private static func digits(_ value: Double, _ count: Int) throws -> String {
    let text = String(format: "%.\(count)g", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  @Test("a trained sweep's page has a chart per number that varies, with a line per framework")
  func whatASweepLearntIsDrawn() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.trained, to: "t.yaml")
    for (traces, title) in [("[rounds]", "Accuracy against rounds"), ("[]", "One mark per point")] {
      let out = "s\(traces.count)"
      let sweep = try Tool.run(
        "sweep", "t.yaml", "--out", out, "--quiet", "--set", "sweep.traces=\(traces)", in: folder)
      #expect(sweep.status == 0, "\(sweep.errors)")
      #expect(try Tool.run("report", out, in: folder).status == 0)
      let page = try folder.text("\(out)/report.html")
      let section = try #require(
        page.components(separatedBy: "<h2 id=\"learning-title\">").last?.components(separatedBy: "<h2").first)
      #expect(section.contains(title))
      for name in [">Dirichlet α 0.1<", ">Dirichlet α 5<", ">SFLAM<", ">SFL<"] {
        #expect(section.contains(name), "\(name)")
      }
      #expect(!section.contains(">no data<"))
    }
    let many = (1...13).map { "\(Double($0) / 2)" }.joined(separator: ", ")
    _ = try Tool.run(
      "sweep", "t.yaml", "--out", "many", "--quiet", "--set", "sweep.grid={training.partition.alpha: [\(many)]}",
      in: folder)
    #expect(try Tool.run("report", "many", in: folder).status == 0)
    #expect(try folder.text("many/report.html").contains("What was learnt is not drawn: "))
  }

  private static let trained = """
    schema: 1
    name: trained
    rounds: 2
    deadline: 1 s
    devices: {count: 4, distance: {uniform: [50 m, 300 m]}}
    server: {}
    uplink: {blocks: 2}
    model: {image: 28, channels: 1, patch: 14, dim: 8, depth: 2, heads: 2, classes: 4}
    training:
      trainer: vit
      batch: 8
      local_epochs: 1
      dataset: {name: synthetic, classes: [0, 1, 2, 3], train_limit: 64, test_limit: 20}
      partition: {kind: dirichlet, alpha: 0.3}
    sweep:
      grid:
        framework: [sflam, sfl]
        training.partition.alpha: [0.1, 5]
      repetitions: 2

    """

  @Test("devices that the fleet names have their names in maps and timelines")
  func devicesHaveTheirNames() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    try folder.write("name,distance_m\n\"attic, left\",80\ncellar <2>,90\n", to: "fleet.csv")
    let run = try Tool.run(
      "run", "small.yaml", "--out", "r", "--quiet", "--set", "devices={file: fleet.csv}", "--set", "uplink.blocks=2",
      "--set", "deadline=60 s", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    _ = try Tool.run("report", "r", in: folder)
    let parts = try folder.text("r/report.html").components(separatedBy: "<h2 id=")
    for id in ["timeline", "devices"] {
      let part = try #require(parts.first { $0.hasPrefix("\"\(id)-title") })
      #expect(part.contains("attic, left") && part.contains("cellar &lt;2&gt;"), "\(id)")
      #expect(!part.contains("device 0"))
    }
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
