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

  @Test("asks for the unit of a half width, and says what is allowed")
  func halfWidthUnits() throws {
    let objective = ["compare", "s.yaml", "--policies", "exact,ep", "--metric", "objective", "--repetitions", "8"]
    for (width, status, expected) in [
      ("1", 2, "which has no unit; write a part of each mean, as '5 %'"), ("1 J", 2, "objective is in 1/J"),
      ("-5 %", 2, "--until-halfwidth is '-5 %'"), ("many", 2, "'0.1 J'"), ("50 %", 0, "note: 8 draws"),
      ("1000 1/J", 0, "note: 8 draws"),
    ] as [(String, Int32, String)] {
      let outcome = try Tool.run(objective + ["--until-halfwidth=\(width)"], in: folder)
      #expect(outcome.status == status && outcome.errors.contains(expected), "\(width): \(outcome.errors)")
    }
  }

  @Test("takes draws that do not differ for no evidence, in every command that draws")
  func equalDraws() throws {
    try writeMeasured("m.yaml")
    for format in ["table", "csv", "json"] {
      let outcome = try compare(
        "m.yaml", "--policies", "exact,bcd,ep", "--repetitions", "6", "--format", format)
      #expect(outcome.status == 3 && outcome.errors.contains("all 6 draws come to equal figures"), "\(outcome.errors)")
      #expect(!outcome.output.contains("±") && !outcome.output.contains("< 0.0001"), "\(outcome.output)")
      #expect(!outcome.output.contains("separate every") && !outcome.output.contains("\"separated\": true"))
      if format == "csv" {
        for line in outcome.output.split(separator: "\n").dropFirst() {
          let fields = line.split(separator: ",", omittingEmptySubsequences: false)
          #expect(fields[4] == "" && fields[6...].allSatisfy { $0 == "" }, "\(line)")
        }
      }
    }
    let width = try compare("m.yaml", "--policies", "exact,ep", "--until-halfwidth", "1 %", "--repetitions", "4")
    #expect(width.status == 3 && width.errors.contains("all 4 draws"), "\(width.errors)")

    let drawn = try Tool.run("draw", "m.yaml", "--count", "6", in: folder)
    #expect(drawn.status == 3 && drawn.output == "" && drawn.errors.contains("all 6 draws"), "\(drawn)")
    #expect(try Tool.run("draw", "m.yaml", in: folder).status == 0)

    try folder.write(
      folder.text("m.yaml") + "sweep: {grid: {deadline: [5 s, 6 s]}, repetitions: 5}\n", to: "n.yaml")
    let sweep = try Tool.run("sweep", "n.yaml", "--out", "r", "--quiet", in: folder)
    #expect(sweep.status == 3 && sweep.errors.contains("all 5 draws"), "\(sweep.errors)")
    for line in try folder.text("r/summary.csv").split(separator: "\n").dropFirst() {
      #expect(line.hasSuffix(",0.0,,"), "\(line)")
    }
    // A policy that draws makes draws of its own.
    let random = try compare("m.yaml", "--policies", "exact,rb", "--baseline", "exact", "--repetitions", "6")
    #expect(random.status == 0 && random.errors.contains("at 1 of 2 points all draws are equal"), "\(random.errors)")
  }

  /// A scenario whose devices and gains come from files.
  private func writeMeasured(_ name: String) throws {
    try folder.write(
      "distance_m,clock_hz,cores,flops_per_cycle,kappa_w_per_hz3,power_min_w,power_max_w,samples\n"
        + "100,1.2e9,6,1,1e-29,0.1,1,100\n200,1.4e9,5,1,1e-29,0.1,2,150\n300,1.3e9,6,1,1e-29,0.1,1,120\n",
      to: "fleet.csv")
    try folder.write(
      "round,device,block,gain_db\n"
        + (0..<3).flatMap { device in (0..<2).map { "1,\(device),\($0),-\(90 + 3 * device + $0)\n" } }.joined(),
      to: "gains.csv")
    try folder.write(
      """
      schema: 1
      name: measured
      rounds: 1
      deadline: 6 s
      devices: {file: fleet.csv}
      server: {clock: 3 GHz, cores: 5120, flops_per_cycle: 2}
      uplink: {blocks: 2, gains: gains.csv}
      model: {name: vit_base_patch32_224, classes: 10}

      """, to: name)
  }

  @Test("compares frameworks, deadlines or any other key, of a scenario or of a sweep")
  func overAnyKey() throws {
    let frameworks = try compare(
      "s.yaml", "--over", "framework", "--values", "sflam,sfl,fl", "--set", "policy=fixed", "--metric", "round_time_s",
      "--repetitions", "5", "--format", "csv")
    let lines = frameworks.output.split(separator: "\n")
    #expect(frameworks.status == 0 && lines.count == 4 && lines[0].hasPrefix("framework,metric,n,"), "\(frameworks)")
    #expect(lines[1].hasPrefix("sflam,") && lines[1].hasSuffix(",") && lines[3].hasPrefix("fl,"))

    let policies = try compare(
      "s.yaml", "--over", "policy", "--values", "{name: ep, power: 1 W},exact", "--metric", "objective",
      "--repetitions", "5")
    #expect(policies.status == 0 && policies.output.contains("minus {name: ep, power: 1 W}"), "\(policies)")

    try folder.write(
      folder.text("s.yaml")
        + "sweep: {zip: {framework: [sflam, sfl], policy: [exact, fixed]}, grid: {deadline: [5 s, 6 s]}, repetitions: 4}",
      to: "z.yaml")
    #expect(try Tool.run("sweep", "z.yaml", "--out", "z", "--quiet", in: folder).status == 0)
    for key in ["framework", "policy"] {
      let zipped = try compare("z", "--over", key, "--metric", "round_energy_j", "--format", "csv")
      let rows = zipped.output.split(separator: "\n")
      #expect(rows.count == 5 && rows[0].hasPrefix("deadline,\(key),metric,n,"), "\(zipped)")
      #expect(rows[2].split(separator: ",", omittingEmptySubsequences: false)[6] != "", "\(rows[2])")
    }
    let deadlines = try compare(
      "z.yaml", "--over", "deadline", "--metric", "round_energy_j", "--repetitions", "4", "--format", "csv")
    #expect(deadlines.status == 0 && deadlines.output.hasPrefix("framework,policy,deadline,metric,"), "\(deadlines)")
    let unknown = try compare("z", "--over", "uplink.blocks")
    #expect(
      unknown.status == 2 && unknown.errors.contains("it varies deadline, framework, policy"), "\(unknown.errors)")
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
