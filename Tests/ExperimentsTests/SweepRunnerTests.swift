import Allocation
import Foundation
import Scenario
import Simulation
import Statistics
import Synchronization
import TestSupport
import Testing
import Trace
import Units

@testable import Experiments

/// The points of a sweep over a small cell.
func smallSweep(_ sweep: String, rounds: Int = 2, more: String = "") throws -> SweepReading {
  let text = """
    schema: 1
    name: small
    seed: 5
    rounds: \(rounds)
    devices: {count: 12, power_max: {uniform: [0.5 W, 2 W]}, samples: {integer: [100, 200]}}
    server: {}
    uplink: {blocks: 4}
    model: {name: vit_base_patch32_224, classes: 10}
    training: {local_epochs: 2}
    \(more)
    sweep: \(sweep)
    """
  let scratch = try Scratch()
  let path = "\(scratch.path)/small.yaml"
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  return try ScenarioReader.readSweep(path: path)
}

/// All runs of a sweep, by point and repetition.
func figures(of reading: SweepReading, measure: SweepPlan.Measure? = nil, jobs: Int = 2) throws -> [SweepTask:
  RunMetrics]
{
  let runner = SweepRunner(points: reading.points, measure: measure ?? reading.plan.measure, jobs: jobs)
  var result: [SweepTask: RunMetrics] = [:]
  let tasks = reading.points.indices.flatMap { point in
    (0..<reading.plan.repetitions).map { SweepTask(point: point, repetition: $0) }
  }
  try runner.run(tasks) { outcome in
    let isNew = result.updateValue(try outcome.result.get(), forKey: outcome.task) == nil
    #expect(isNew, "\(outcome.task) came twice")
  }
  #expect(result.count == tasks.count)
  return result
}

@Suite("Many runs in one process")
struct SweepRunnerTests {
  @Test("come to the same figures with and without events, under every framework")
  func closedForm() throws {
    let reading = try smallSweep(
      "{grid: {framework: [sflam, sfl, sfl-v2, sl, fl, ll, cl], deadline: [5 s, 8 s]}, repetitions: 3}", rounds: 3)
    let (events, closed) = (try figures(of: reading), try figures(of: reading, measure: .allocation))
    for (task, expected) in events {
      let found = try #require(closed[task])
      for (metric, pair) in zip(Metric.all, zip(expected.values, found.values)) {
        switch pair {
        case (nil, nil): break
        case (let a?, let b?):
          #expect(
            abs(a - b) <= 1e-8 * max(abs(a), 1), "\(reading.points[task.point].name) \(metric.name): \(a) and \(b)")
        default: Issue.record("\(reading.points[task.point].name) \(metric.name): \(pair)")
        }
      }
    }
  }

  @Test("have figures per participant that are ratios of sums, the same in a run's summary and in a mean over runs")
  func perParticipant() throws {
    let reading = try smallSweep("{grid: {policy: [rb]}, repetitions: 4}", rounds: 5)
    let scenario = try #require(reading.points.first?.scenario)
    var (bits, joules, counts): ([Double], [Double], [Double]) = ([], [], [])
    let found = try figures(of: reading).sorted { $0.key.repetition < $1.key.repetition }.map(\.value)
    var means: Set<Double> = []
    for repetition in 0..<4 {
      var run = try Run(World(scenario, repetition: UInt32(repetition)), policy: ResolvedPolicy(scenario).policy)
      var (sum, energy, count) = (0.0, 0.0, 0.0)
      while let result = try run.nextRound() {
        let assignments = result.allocation.assignments
        sum += assignments.reduce(0) { $0 + Double($1.bits) }
        count += Double(assignments.count)
        energy += result.roundRecord.stepEnergy?.value ?? 0
        means.insert(Double(assignments.count))
      }
      #expect(run.summary.bitsMean == sum / count && found[repetition]["bits_mean"] == sum / count)
      #expect(run.summary.powerMean?.value == found[repetition]["power_mean_w"])
      #expect(run.summary.stepEnergyPerParticipant?.value == found[repetition]["step_energy_per_participant_j"])
      #expect(abs((found[repetition]["step_energy_per_participant_j"] ?? 0) - energy / count) < 1e-12)
      (bits, joules, counts) = (bits + [sum], joules + [energy], counts + [count])
    }
    // Rounds and draws of unequal size, so that a mean of means would be another number.
    #expect(means.count > 1 && Set(counts).count > 1)
    for (name, sums) in [("bits_mean", bits), ("step_energy_per_participant_j", joules)] {
      let metric = try #require(Metric.named(name))
      let ratio = sums.reduce(0, +) / counts.reduce(0, +)
      #expect(abs((metric.estimate(of: found)?.value ?? 0) - ratio) < 1e-12)
      #expect(abs((metric.series(of: found).estimate?.value ?? 0) - ratio) < 1e-12)
      #expect(metric.estimate(of: found)?.standardError ?? 0 > 0)
    }
  }

  @Test("come to the same figures on any number of threads, and next to any others")
  func threads() throws {
    let reading = try smallSweep("{grid: {policy: [exact, bcd, rb], deadline: [4 s, 5 s]}, repetitions: 12}")
    let all = try figures(of: reading, jobs: 1)
    #expect(try figures(of: reading, jobs: 4) == all)
    for point in reading.points {
      var alone = reading
      alone.points = SweepPoints([point])
      for (task, figures) in try figures(of: alone) {
        #expect(figures == all[SweepTask(point: point.index, repetition: task.repetition)])
      }
    }
  }

  @Test(
    "share what a draw has in common with the point before only where it is the same",
    arguments: [
      "policy: [exact, bcd, fixed, rb]", "objective.kind: [ratio, difference]", "quantizer.bits_max: [32, 12]",
      "uplink.block_bandwidth: [20 MHz, 10 MHz]", "uplink.noise_density: [-174 dBm/Hz, -160 dBm/Hz]",
      "training.batch: [64, 32]", "framework: [sflam, sfl]", "server.clock: [3 GHz, 2 GHz]",
      "devices.kappa: [1e-29, 1e-28]",
      "deadline: [4 s, 5 s]", "uplink.blocks: [4, 3]",
    ])
  func neighbours(axis: String) throws {
    let reading = try smallSweep("{grid: {\(axis)}, repetitions: 4}", rounds: 1, more: "policy: bcd\ndeadline: 6 s")
    let all = try figures(of: reading, measure: .allocation, jobs: 1)
    #expect(all.values.contains { ($0["devices_feasible"] ?? 0) > 0 })
    for point in reading.points {
      var alone = reading
      alone.points = SweepPoints([point])
      for (task, figures) in try figures(of: alone, measure: .allocation) {
        let shared = all[SweepTask(point: point.index, repetition: task.repetition)]
        #expect(figures == shared, "\(point.name), repetition \(task.repetition)")
      }
    }
  }

  @Test("are the figures of single runs")
  func single() throws {
    let reading = try smallSweep("{grid: {policy: [exact, ep]}, repetitions: 3}")
    for (task, found) in try figures(of: reading) {
      let scenario = reading.points[task.point].scenario
      var run = try Run(
        World(scenario, repetition: UInt32(task.repetition)), policy: ResolvedPolicy(scenario).policy)
      var objectives: [Double] = []
      var bits = 0
      var participants = 0
      while let result = try run.nextRound() {
        objectives.append(result.allocation.objective)
        bits += result.allocation.assignments.reduce(0) { $0 + $1.bits }
        participants += result.allocation.assignments.count
      }
      #expect(found["objective"] == objectives.reduce(0, +) / 2)
      #expect(found["rounds"] == 2)
      #expect(found["energy_j"] == run.summary.energy.value)
      #expect(found["devices_selected"] == Double(participants) / 2)
      #expect(participants > 0 && bits > 0)
    }
  }

  @Test("see the same devices and gains at every point: a rule that no policy changes has the same figure everywhere")
  func commonRandomNumbers() throws {
    let reading = try smallSweep("{grid: {policy: [exact, bcd, rb, ep]}, repetitions: 10}")
    let all = try figures(of: reading)
    var differs = false
    for repetition in 0..<10 {
      let feasible = (0..<4).map { all[SweepTask(point: $0, repetition: repetition)]?["devices_feasible"] }
      #expect(Set(feasible).count == 1, "repetition \(repetition)")
      let objective = (0..<4).map { all[SweepTask(point: $0, repetition: repetition)]?["objective"] ?? 0 }
      #expect(objective[0] >= objective[1] && objective[0] >= objective[3])
      differs = differs || objective[0] > objective[2]
    }
    #expect(differs)
    #expect(Set((0..<10).map { all[SweepTask(point: 0, repetition: $0)]?["objective"] }).count == 10)
  }

  @Test("have no figure where there is none")
  func absent() throws {
    let reading = try smallSweep("{grid: {deadline: [1 s, 5 s], framework: [sflam, fl]}}")
    let all = try figures(of: reading)
    let nobody = try #require(all[SweepTask(point: 0, repetition: 0)])
    #expect(nobody["devices_selected"] == 0 && nobody["objective"] == 0)
    #expect(
      nobody["bits_mean"] == nil && nobody["step_energy_per_participant_j"] == nil && nobody["test_accuracy"] == nil)
    let fl = try #require(all[SweepTask(point: 3, repetition: 0)])
    #expect(fl["objective"] == nil && fl["bits_mean"] == nil && fl["round_uplink_time_s"] ?? 0 > 0)
    let exact = try #require(all[SweepTask(point: 2, repetition: 0)])
    #expect(exact["optimality_gap"] == 0 && exact["policy_iterations"] == nil)
  }

  @Test("that were under way when the work ends are outcomes too, and no others")
  func ending() throws {
    // Long enough that the other threads are amid a run when the first is done.
    let reading = try smallSweep("{repetitions: 100}", rounds: 300)
    var runner = SweepRunner(points: reading.points, jobs: 4)
    let begun = Atomic<Int>(0)
    runner.files = { _ in
      begun.add(1, ordering: .relaxed)
      return RunFiles()
    }
    var outcomes: Set<SweepTask> = []
    try runner.run((0..<100).map { SweepTask(point: 0, repetition: $0) }, isEnding: { !outcomes.isEmpty }) {
      outcomes.insert($0.task)
    }
    #expect(outcomes.count == begun.load(ordering: .relaxed))
    #expect((1..<100).contains(outcomes.count), "\(outcomes.count)")
  }

  @Test("go on where their files stand that had ended and were not yet written down", arguments: [true, false])
  func ended(keepsTraces: Bool) throws {
    let reading = try smallSweep("{repetitions: 1}", rounds: 12)
    let scratch = try Scratch()
    let path = scratch.path
    let rounds = Mutex<[Int]>([])
    var runner = SweepRunner(points: reading.points)
    runner.files = { _ in
      var files = RunFiles()
      if keepsTraces { files.traces = ("\(path)/traces", [.rounds, .timeline]) }
      files.checkpoints = RunFiles.Checkpoints(
        folder: "\(path)/unfinished", key: "key", every: 5,
        tell: { news in
          if case .goesOn(let round) = news { rounds.withLock { $0.append(round) } }
        })
      return files
    }
    var all: [RunMetrics] = []
    var traces: [Data?] = []
    for _ in 0..<2 {
      try runner.run([SweepTask(point: 0, repetition: 0)]) { all.append(try $0.result.get()) }
      traces.append(
        keepsTraces
          ? try ["rounds.csv", "timeline.json", "manifest.json"].reduce(Data()) { data, name in
            try data + Data(contentsOf: URL(filePath: "\(path)/traces/\(name)"))
          } : nil)
    }
    #expect(rounds.withLock { $0 } == [keepsTraces ? 12 : 10])
    #expect(all.count == 2 && all[0] == all[1] && all[0]["rounds"] == 12)
    #expect(traces[0] == traces[1])
  }

  @Test("end when nobody wants any more, and a run that fails is an outcome of its own")
  func failures() throws {
    struct Enough: Error {}
    let reading = try smallSweep("{repetitions: 500}")
    let runner = SweepRunner(points: reading.points, jobs: 3)
    var count = 0
    #expect(throws: Enough.self) {
      try runner.run((0..<500).map { SweepTask(point: 0, repetition: $0) }) { _ in
        count += 1
        if count == 5 { throw Enough() }
      }
    }
    #expect(count == 5)
    let crossed = try smallSweep(
      "{grid: {devices.power_max: [1 W, {uniform: [0.05 W, 0.2 W]}]}}", more: "")
    var failed: [Int: String] = [:]
    try SweepRunner(points: crossed.points, jobs: 2).run([
      SweepTask(point: 0, repetition: 0), SweepTask(point: 1, repetition: 0),
    ]) {
      if case .failure(let error) = $0.result { failed[$0.task.point] = "\(error)" }
    }
    #expect(failed.keys.sorted() == [1])
    #expect(failed[1]?.contains("power_min") == true)
  }
}
