import Foundation
import Testing

@Suite("airsplit compare")
struct CompareTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(smallScenario.replacing("rounds: 4", with: "rounds: 1"), to: "s.yaml")
  }

  private func compare(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["compare"] + arguments, in: folder)
  }

  @Test("prints the columns that it promises, a row a policy and metric")
  func csv() throws {
    let outcome = try compare("s.yaml", "--repetitions", "30", "--format", "csv")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines[0]
        == "policy,metric,n,mean,ci95_half_width,paired_difference,paired_ci95_half_width,p,p_adjusted,win_rate")
    #expect(lines.count == 21)
    #expect(lines[1].hasPrefix("exact,objective,30,") && lines[1].split(separator: ",").count == 10)
    #expect(lines[2].hasPrefix("bcd,objective,30,") && lines[2].hasSuffix(",,,,,"))
  }

  @Test("says where the baseline, or another policy, drew devices that have no link")
  func outage() throws {
    let arguments = ["--set", "uplink.outage.rate=300 Mbit/s", "--policies", "rb,exact", "--baseline", "rb"]
    let outcome = try Tool.run(["compare", "s.yaml", "--repetitions", "8"] + arguments, in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("warning: the baseline rb is in outage: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("had no link on their block and took no part (uplink.outage)"))
    #expect(!outcome.errors.contains("exact is in outage"))
  }

  @Test("says in words what the draws leave open, and gives the same bytes on any number of jobs")
  func words() throws {
    let arguments = ["compare", "s.yaml", "--repetitions", "4", "--policies", "bcd,bcd-value", "--metric", "objective"]
    let outcome = try Tool.run(arguments + ["--jobs", "1"], in: folder)
    #expect(outcome.output.contains("minus bcd"))
    #expect(outcome.output.contains("are not separated by 4 draws") || outcome.output.contains("separate every policy"))
    #expect(try Tool.run(arguments + ["--jobs", "3"], in: folder).output == outcome.output)
  }

  @Test("reads a sweep, a table at each point of what else varies")
  func sweep() throws {
    try folder.write(
      folder.text("s.yaml") + "sweep: {grid: {deadline: [4 s, 5 s], policy: [exact, rb]}, repetitions: 10}",
      to: "t.yaml")
    #expect(try Tool.run("sweep", "t.yaml", "--out", "r", "--quiet", in: folder).status == 0)
    let lines = try compare("r", "--metric", "objective", "--baseline", "rb", "--format", "csv").output.split(
      separator: "\n")
    #expect(lines.count == 5 && lines[0].hasPrefix("deadline,policy,metric,n,"))
    #expect(lines[1].hasPrefix("4 s,exact,objective,10,") && lines[4].hasPrefix("5 s,rb,objective,10,"))
    let alone = try compare(
      "s.yaml", "--set", "deadline=5 s", "--policies", "exact,rb", "--baseline", "rb", "--metric", "objective",
      "--repetitions", "10", "--format", "csv"
    ).output.split(separator: "\n")
    #expect(lines[4].dropFirst(4) == alone[2])
    // The probabilities of the table of four are adjusted for two comparisons.
    #expect(lines[3].dropFirst(4).split(separator: ",")[2...6] == alone[1].split(separator: ",")[2...6])
  }

  @Test("adds draws until the intervals are as narrow as asked")
  func untilHalfWidth() throws {
    let outcome = try compare(
      "s.yaml", "--policies", "exact,ep", "--metric", "objective", "--repetitions", "8", "--until-halfwidth", "5%",
      "--format", "csv")
    #expect(outcome.status == 0)
    for line in outcome.output.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let (mean, half) = (Double(fields[3]) ?? 0, Double(fields[4]) ?? 1)
      #expect(half <= 0.05 * mean && Int(fields[2]) ?? 0 > 8)
    }
  }

  @Test("claims no separation where nothing is compared")
  func alone() throws {
    let outcome = try compare("s.yaml", "--policies", "bcd", "--metric", "objective", "--repetitions", "3")
    #expect(outcome.status == 0 && !outcome.output.contains("separate"), "\(outcome.output)")
    let tight = try compare(
      "s.yaml", "--set", "deadline=3.7 s", "--policies", "exact,nq", "--metric", "bits_mean", "--baseline", "exact",
      "--repetitions", "6")
    #expect(
      tight.status == 0 && tight.output.contains("nq and exact have the figure in fewer than two common draws"),
      "\(tight)")
  }

  @Test("refuses too few draws with 3, and what it does not know with 2")
  func refusals() throws {
    for (arguments, status, expected) in [
      (["s.yaml", "--repetitions", "1"], 3, "at least two draws"),
      (["s.yaml", "--repetitions", "many"], 2, "--repetitions is 'many'"),
      (["s.yaml", "--policies", "exakt"], 2, "there is no policy 'exakt'; did you mean 'exact'?"),
      (["s.yaml", "--policies", "bcd,bcd"], 2, "'bcd' is named twice"),
      (["s.yaml", "--metric", "objective,objective"], 2, "'objective' is named twice"),
      (["s.yaml", "--metric", "objectiv"], 2, "there is no metric 'objectiv'; did you mean 'objective'?"),
      (["s.yaml", "--baseline", "nq", "--policies", "exact,rb"], 2, "'nq' is not compared"),
      (["s.yaml", "--until-halfwidth", "0"], 2, "--until-halfwidth is '0'"),
      (["s.yaml", "--metric", "test_accuracy", "--repetitions", "3"], 3, "there are none"),
      (["nowhere.yaml"], 2, "nowhere.yaml"),
    ] as [([String], Int32, String)] {
      let outcome = try Tool.run(["compare"] + arguments, in: folder)
      #expect(outcome.status == status && outcome.output == "", "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(expected), "\(arguments): \(outcome.errors)")
    }
  }
}
