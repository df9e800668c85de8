import Charts
import Experiments
import Foundation
import Scenario
import Simulation
import Statistics
import TestSupport
import Testing
import Trace

@testable import Reproduction

@Suite("One parameter after another")
struct SensitivityTests {
  private let scratch: Scratch
  private let scenario: String

  init() throws {
    scratch = try Scratch()
    let text = """
      schema: 1
      name: small
      devices: {count: 12, kappa: 1e-29}
      server: {}
      uplink: {blocks: 3}
      model: {name: vit_base_patch32_224}
      provenance: {devices.kappa: assumed, deadline: assumed, uplink.blocks: paper}
      """
    scenario = try scratch.write(Array(text.utf8), to: "small.yaml")
  }

  private func study(_ ranges: String, draws: Int = 6) throws -> SensitivityStudy {
    let file = try scratch.write(Array(ranges.utf8), to: "ranges.yaml")
    return try SensitivityStudy(path: scenario, ranges: file, repetitions: draws)
  }

  private func effects(_ result: SensitivityResult, on figure: String) throws -> [SensitivityEffect] {
    result.effects(on: try #require(SensitivityFigure.all.first { $0.name == figure }))
  }

  @Test("a parameter that stays what it is has no effect on anything, and no interval")
  func unchanged() throws {
    let result = try study("ranges: {devices.kappa: [1e-29]}").run(jobs: 2)
    for effect in SensitivityTable(result).effects {
      #expect(effect.effect?.value == 0 && effect.effect?.interval == nil, "\(effect.figure.name)")
      #expect(effect.change.source == .assumed)
    }
  }

  @Test("3 dB more noise are 3 dB more noise, whichever key has them")
  func twoKeys() throws {
    let result = try study("ranges: {uplink.noise_figure: [3 dB], uplink.noise_density: [-171 dBm/Hz]}").run(jobs: 1)
    for figure in SensitivityFigure.all {
      let effects = result.effects(on: figure)
      let (one, other) = (try #require(effects[0].effect), try #require(effects[1].effect))
      #expect(abs(one.value - other.value) <= 1e-9 * max(1, abs(one.value)), "\(figure.name)")
    }
    #expect(try #require(effects(result, on: "objective")[0].effect).value < 0)
  }

  @Test("an effect is the mean difference over the same draws")
  func difference() throws {
    let result = try study("ranges: {devices.kappa: [1e-30]}").run(jobs: 2)
    let effect = try #require(effects(result, on: "objective").first?.effect)
    var differences: [Double] = []
    for draw in 0..<6 {
      func objective(_ kappa: String) throws -> Double {
        let overrides = try ["rounds=1", "policy=exact", "devices.kappa=\(kappa)"].map(ScenarioOverride.init(setting:))
        let reading = try ScenarioReader.read(path: scenario, overrides: overrides)
        var run = try Run(
          World(reading.scenario, repetition: UInt32(draw)), policy: ResolvedPolicy(reading.scenario).policy)
        let round = try #require(try run.nextRound())
        return try #require(round.roundRecord.objective)
      }
      differences.append(try objective("1e-30") - objective("1e-29"))
    }
    #expect(abs(effect.value - differences.reduce(0, +) / 6) < 1e-9)
    #expect(effect.count == 6 && effect.interval != nil)
  }

  @Test("the table is the same on any number of threads")
  func threads() throws {
    let study = try study("ranges: {deadline: [4 s, 6 s], uplink.fading: [none, {nakagami: {m: 3}}]}")
    let (one, four) = (SensitivityTable(try study.run(jobs: 1)), SensitivityTable(try study.run(jobs: 4)))
    #expect(one.csv == four.csv)
    let lines = String(decoding: one.csv, as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "figure,parameter,source,value,n,base,changed,effect,ci95_low,ci95_high")
    #expect(lines.count == 1 + 4 * SensitivityFigure.all.count)
    #expect(lines[1].hasPrefix("objective,deadline,assumed,4 s,6,"))
    #expect(lines[4].hasPrefix("objective,uplink.fading,,{nakagami: {m: 3}},6,"))
  }

  @Test("parameters without a range that are assumed are named, and rounds are always one")
  func unranged() throws {
    let study = try study("ranges: {uplink.blocks: [2]}")
    #expect(study.unranged == ["deadline", "devices.kappa"])
    #expect(study.base.rounds == 1)
  }

  @Test("the widest bar comes first, its ends in the order of the range")
  func bars() throws {
    let result = try study("ranges: {quantizer.payload: [exact], devices.kappa: [1e-30, 2e-29, 1e-28]}").run(jobs: 2)
    let table = SensitivityTable(result)
    let bars = table.bars(of: "objective")
    #expect(bars.map(\.path) == ["devices.kappa", "quantizer.payload"])
    #expect(bars[0].low.change.value == "1e-28" && bars[0].high.change.value == "1e-30")
    let chart = try #require(SensitivityTornado(table.effects).chart(of: SensitivityFigure.all[0]))
    let kappa = try #require(chart.bars.first { $0.name == "κ of the devices" })
    #expect(kappa.lowLabel == "1e-30" && kappa.highLabel == "1e-28")
    #expect(kappa.low > chart.base && kappa.high < chart.base)
    let payload = try #require(chart.bars.first { $0.name == "payload" })
    #expect(payload.highLabel == "as it is" && payload.high == chart.base)
    #expect(chart.table.rows.first?.first == "κ of the devices")
    let again = try SensitivityTornado(csv: table.csv, named: "t.csv").chart(of: SensitivityFigure.all[0])
    #expect(again == chart)
  }

  @Test("a value under which a policy cannot run leaves its figures empty, and says why")
  func failure() throws {
    let study = try study("ranges: {devices.kappa: [1e-30]}", draws: 2)
    var result = SensitivityResult(study)
    var figures = RunMetrics()
    figures["objective"] = 2
    for place in 0...1 {
      for draw in [1, 0] {
        let task = SweepTask(point: 0, repetition: draw)
        result.add(RunOutcome(task: task, result: .success(figures)), at: place, policy: "exact")
        let answer: Result<RunMetrics, SimulationError> =
          place == 0 ? .success(figures) : .failure(SimulationError("no level \(draw)"))
        result.add(RunOutcome(task: task, result: answer), at: place, policy: "nq")
      }
    }
    #expect(result.problems == ["devices.kappa=1e-30, policy nq, repetition 0: no level 0"])
    let share = try #require(effects(result, on: "nq_objective_share").first)
    #expect(share.base?.value == 1 && share.changed == nil && share.effect == nil)
    let csv = String(decoding: SensitivityTable(result).csv, as: UTF8.self)
    #expect(csv.contains("\nnq_objective_share,devices.kappa,assumed,1e-30,0,1.0,,,,\n"))
  }

  @Test(
    "ranges that cannot be are refused where they stand",
    arguments: [
      ("ranges: {policy: [exact]}", "1:10", "ranges.policy", "'policy' cannot vary here"),
      ("ranges: {}", "1:1", "ranges", "there are no ranges; write 'deadline: [4 s, 6 s]' lines below it"),
      ("ranges: {deadline: 4 s}", "1:20", "ranges.deadline", "'4 s' gives no values"),
      ("range: {deadline: [4 s]}", "1:1", "range", "there is no such key; the keys here are ranges"),
      ("ranges: {}\nseed: 3", "2:1", "seed", "there is no such key; the keys here are ranges"),
    ])
  func refused(text: String, place: String, key: String, message: String) throws {
    let file = try scratch.write(Array(text.utf8), to: "ranges.yaml")
    let errors = try #require(throws: ScenarioErrors.self) { try ScenarioReader.ranges(path: file) }
    #expect(
      errors.diagnostics.contains { "\($0)".hasPrefix("\(file):\(place): error: \(key): \(message)") },
      "\(errors.diagnostics)")
  }

  @Test("a key that no scenario has is refused with the nearest one")
  func unknownKey() throws {
    let errors = try #require(throws: ScenarioErrors.self) { try study("ranges: {devices.kapa: [1e-30]}") }
    #expect(errors.diagnostics.contains { "\($0)".contains("kapa") && "\($0)".contains("did you mean 'kappa'?") })
  }
}

@Suite("Claims that turn over")
struct SensitivityClaimsTests {
  private let change = SensitivityStudy.Change(path: "devices.kappa", value: "1e-28", source: .assumed)

  private func finding(_ claim: Int, _ verdict: Verdict, _ proposed: String = "bcd") -> Finding {
    let check = Check(
      subject: "", place: "", statement: "", kind: .difference, asked: 2, draws: 2, isClaimed: true, verdict: verdict)
    return Finding(claim: claim, base: "paper", proposed: proposed, checks: [check])
  }

  @Test("only a claim that held and fails, or failed and holds, turns over")
  func flips() {
    let shifts = SensitivityClaims.shifts(
      under: change,
      from: [
        finding(1, .holds), finding(2, .holds), finding(3, .fails), finding(4, .holds), finding(5, .fails, "exact"),
      ],
      to: [finding(1, .fails), finding(2, .notSeparable), finding(3, .holds), finding(4, .holds), finding(5, .fails)])
    #expect(shifts.map(\.claim) == [1, 2, 3])
    #expect(shifts.map(\.isFlip) == [true, false, true])
    #expect(shifts[0].before == .holds && shifts[0].after == .fails)
  }

  @Test("the sentences name the claims by what they come to")
  func sentences() {
    var claims = SensitivityClaims(shifts: [], judged: [change], problems: [])
    #expect(claims.sentences == [])
    claims.shifts = SensitivityClaims.shifts(
      under: change, from: [finding(7, .holds), finding(9, .fails, "exact")],
      to: [finding(7, .fails), finding(9, .holds, "exact")])
    #expect(claims.sentences == ["With `devices.kappa=1e-28`: fails 7 (bcd); holds 9 (exact)."])
    let lines = String(decoding: claims.csv, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && lines[1].hasPrefix("devices.kappa,1e-28,7,4d,bcd,holds,fails,yes,"))
  }
}
