import Allocation
import Foundation
import Scenario
import Statistics
import TestSupport
import Testing
import Training
import Units

@testable import Reproduction

@Suite("Studies")
struct StudyTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func write(_ text: String, to name: String) throws -> String {
    let path = "\(scratch.path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func figure(_ sweep: String) throws -> String {
    try write(
      """
      schema: 1
      name: figure
      rounds: 1
      policy: bcd
      devices: {count: 12, distance: {uniform: [50 m, 1000 m]}}
      server: {}
      uplink: {blocks: 3}
      model: {name: vit_base_patch32_224, classes: 10}
      sweep: {\(sweep), measure: allocation}
      """, to: "figure.yaml")
  }

  private let varying = "grid: {deadline: [4 s, 5 s, 6 s, 8 s], policy: [bcd, {name: ep, power: 1 W}]}, repetitions: 6"

  @Test("come to the same table on any number of threads")
  func threads() throws {
    let study = try Study(path: try figure(varying))
    let tables = try [1, 2].map { jobs in
      try FigureTable(study, StudyResult(try study.run(jobs: jobs), study: study), metrics: FigureMetric.ofAllocation)
        .csv
    }
    #expect(tables[0] == tables[1])
    let lines = String(decoding: tables[0], as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "deadline_s,policy,metric,n,mean,ci95_low,ci95_high,median,statistic")
    #expect(lines.contains { $0.hasPrefix("4.0,ep 1 W,devices_selected,6,") })
    let kept = try #require(lines.first { $0.hasPrefix("8.0,bcd,optimum_kept,6,") }?.split(separator: ",")[4])
    #expect((0.5...1).contains(try #require(Double(kept))))
  }

  @Test("a quick study has the first, the middle and the last number of every axis, and all words")
  func quick() throws {
    let study = try Study(path: try figure(varying), repetitions: 2, isQuick: true)
    #expect(
      study.points.map { $0.settings.map(\.label) } == [
        ["4 s", "bcd"], ["4 s", "ep 1 W"], ["6 s", "bcd"], ["6 s", "ep 1 W"], ["8 s", "bcd"], ["8 s", "ep 1 W"],
      ])
    #expect(study.points.map(\.index) == Array(0..<6) && study.repetitions == 2)
  }

  @Test("over another base, as many devices can meet a deadline, and a power is as large a part of the largest")
  func base() throws {
    let base = try write(
      """
      schema: 1
      name: fast
      devices: {count: 12, distance: {uniform: [50 m, 1000 m]}, flops_per_cycle: 100, kappa: 1e-27, power_min: 10 mW,
        power_max: 0.2 W}
      server: {}
      uplink: {blocks: 3}
      model: {name: vit_base_patch32_224, classes: 10}
      """, to: "fast.yaml")
    let path = try figure(varying)
    let (own, over) = (try Study(path: path), try Study(path: path, over: base))
    #expect(over.points.map(\.name) == own.points.map(\.name))
    for (left, right) in zip(own.points, over.points) {
      #expect(right.scenario.name == "fast" && right.scenario.rounds == 1)
      #expect(right.scenario.policy == left.scenario.policy)
      #expect(right.scenario.deadline.value < left.scenario.deadline.value)
      let shares = try [left, right].map {
        try DeadlineScale($0.scenario).share(within: $0.scenario.deadline.value.value)
      }
      #expect(abs(shares[0] - shares[1]) < 0.003, "\(left.name): \(shares)")
      guard case .power(let power)? = right.scenario.policies["ep"]?["power"] else { continue }
      #expect(left.scenario.policy != "ep" || abs(power.value - 0.1) < 0.001, "\(power)")
    }
  }

  @Test("over another base, a deadline means the same to every framework")
  func frameworks() throws {
    let varying = "grid: {deadline: [5 s, 8 s], framework: [fl, sl, sflam]}"
    let path = try figure(varying)
    let study = try Study(path: path, over: path)
    for (own, over) in zip(try Study(path: path).points, study.points) {
      let shares = try [own, over].map { point in
        var scenario = point.scenario
        scenario.framework = .sflam
        return try DeadlineScale(scenario).share(within: scenario.deadline.value.value)
      }
      #expect(shares[0] == shares[1] && shares[0] > 0.2, "\(own.name): \(shares)")
    }
  }

  @Test("rounds that have a deadline of their own are refused as a base")
  func perRound() throws {
    let base = try write(
      """
      schema: 1
      name: slow
      deadline: {value: 1000 s, per: round}
      devices: {count: 4, distance: {uniform: [50 m, 1000 m]}}
      server: {}
      uplink: {blocks: 2}
      model: {name: vit_base_patch32_224, classes: 10}
      """, to: "slow.yaml")
    #expect(throws: (any Error).self) { try Study(path: figure(varying), over: base) }
  }

  @Test("the passes of a descent stay at their last")
  func passes() throws {
    let study = try Study(path: try figure("grid: {deadline: [5 s, 8 s]}, repetitions: 4"))
    let passes = try PassTable(study)
    #expect(passes.rows.map(\.deadline) == ["5 s", "8 s"] && passes.limit == 50)
    let row = passes.rows[1]
    #expect(row.draws.count == 4 && row.draws.allSatisfy { (2...50).contains($0.count) })
    #expect(row.series(pass: 1000) { $0.objective } == row.series(pass: nil) { $0.objective })
    #expect(row.series(pass: 0) { $0.objective }.sums == row.draws.map { $0[0].objective })
    let lines = String(decoding: FigureTable(passes).csv, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("8.0,1,still_descending,4,1.0,") })
  }

  @Test("a policy without passes is told")
  func noPasses() throws {
    let study = try Study(path: try figure("grid: {policy: [exact]}"))
    #expect(throws: ReproductionError.self) { try PassTable(study) }
  }
}

@Suite("The folder of figures")
struct ReproductionFolderTests {
  private func entry(_ file: String, _ draws: Int?, findings: [String] = []) -> ReproductionFolder.Entry {
    ReproductionFolder.Entry(
      file: file, title: "what is in \(file)", command: "airsplit reproduce x", sources: ["a.yaml"], hash: "00ff",
      draws: draws, findings: findings)
  }

  @Test("keeps how each file was made, by name, the newest of each")
  func manifest() throws {
    let scratch = try Scratch()
    let folder = try ReproductionFolder("\(scratch.path)/results/paper")
    try folder.write(Array("x\n".utf8), as: entry("b.csv", 20))
    try folder.write(Array("y\n".utf8), as: entry("a.csv", nil, findings: ["Three of four hold."]))
    try folder.write(Array("z\n".utf8), as: entry("b.csv", 200))
    #expect(try folder.entries() == [entry("a.csv", nil, findings: ["Three of four hold."]), entry("b.csv", 200)])
    let readme = try String(contentsOfFile: "\(folder.path)/README.md", encoding: .utf8)
    #expect(readme.contains("| [b.csv](b.csv) | what is in b.csv | 200 | `airsplit reproduce x` |"))
    #expect(readme.contains("- Three of four hold."))
    let again = try ReproductionFolder(folder.path)
    #expect(try again.entries().map(\.file) == ["a.csv", "b.csv"])
  }

  @Test("a damaged manifest is told, and nothing is written over it")
  func damage() throws {
    let scratch = try Scratch()
    let folder = try ReproductionFolder(scratch.path)
    try Data("{\"files\": [".utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/manifest.json"))
    #expect(throws: ReproductionError.self) { try folder.write([], as: entry("a.csv", 1)) }
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/a.csv"))
  }

  @Test("numbers for readers have four digits")
  func numbers() {
    #expect(Figures.short(0.123456) == "0.1235")
    #expect(Figures.short(12345.6) == "12346")
    #expect(Figures.short(-5) == "-5")
    #expect(Figures.short(0) == "0")
    #expect(Figures.short(nil) == "-" && Figures.short(.infinity) == "-")
    #expect(Figures.short(1e300) == "1e+300")
    #expect(Figures.percent(0.975) == "97.5 %" && Figures.percent(1) == "100 %")
    #expect(Figures.short(0.5...1.25) == "0.5 to 1.25")
  }
}
