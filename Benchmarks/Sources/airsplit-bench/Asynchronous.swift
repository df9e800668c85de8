import ArgumentParser
import Scenario
import Simulation

/// The verb `asynchronous`: what one device's update costs in cells of different size.
struct Asynchronous: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure asynchronous updates: a device ends, merges, and somebody else begins, in cells of any size.",
    discussion: """
      Whole runs of the paper's cell under 'aggregation: {mode: asynchronous}', a round per update, nothing trained and no file \
      written. The first updates, with all that is found once per run, are not counted. Times are of the processor.
      """)

  @Option(parsing: .upToNextOption, help: "Devices N.")
  var devices = [100, 1_000, 10_000, 100_000]

  @Option(help: "Blocks K, of which all but one are held when a device ends.")
  var blocks = 10

  @Option(help: "The policy that is asked at each update.")
  var policy = "exact"

  @Option(help: "A channel that moves, as the scenario's uplink.fading has it: '{rayleigh: {speed: 3 km/h}}'.")
  var fading = "rayleigh"

  @Flag(help: "Count in each round who could meet the deadline, the column devices_feasible; else it is left empty.")
  var feasible = false

  @Option(help: "Updates in a repetition.")
  var updates = 500

  @Option(help: "Updates before the first that counts.")
  var before = 200

  @Option(help: "How many times to measure each; the answer is the median.")
  var repetitions = 5

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard !devices.isEmpty, devices.allSatisfy({ (1...1_000_000).contains($0) }), (1...1_000).contains(blocks) else {
      throw ValidationError("--devices allows 1 to 1000000, --blocks 1 to 1000.")
    }
    guard (1...1_000_000).contains(updates), (1...1_000_000).contains(before), (1...1_000).contains(repetitions) else {
      throw ValidationError("--updates and --before allow 1 to 1000000, --repetitions 1 to 1000.")
    }
  }

  func run() throws {
    let worlds = try devices.map { try World(scenario(devices: $0)) }
    var times = Array(repeating: [Double](), count: devices.count)
    for repetition in 1...repetitions {
      note("repetition \(repetition) of \(repetitions)")
      for (index, world) in worlds.enumerated() { times[index].append(try measure(world)) }
    }
    let rows = zip(devices, times.map { median($0) })
    let base = median(times[0])
    switch format {
    case .table:
      for (count, time) in rows {
        print(
          "\(count) devices: \(decimals(time, 3)) ms per update, \(decimals(time / base, 2)) x that of \(devices[0])")
      }
    case .json:
      let results = rows.map { "{\"devices\": \($0), \"update_ms\": \($1), \"ratio\": \($1 / base)}" }
      print(
        "{\"policy\": \"\(policy)\", \"feasible\": \(feasible), \"results\": [\(results.joined(separator: ", "))]}")
    }
  }

  private func scenario(devices: Int) throws -> Scenario {
    try ScenarioReader.read(
      text: """
        schema: 1
        name: asynchronous
        rounds: \(before + updates)
        policy: \(policy)
        deadline: 8 s
        aggregation: {mode: asynchronous}
        devices: {count: \(devices), distance: {uniform: [50 m, 1000 m]}}
        server: {}
        uplink: {blocks: \(blocks), fading: \(fading)}
        model: {name: vit_base_patch32_224, classes: 10}
        """, file: "asynchronous.yaml"
    ).scenario
  }

  /// Milliseconds of the processor per update.
  private func measure(_ world: World) throws -> Double {
    var options = Run.Options()
    options.countsFeasible = feasible
    options.computesOptimum = false
    var run = try Run(world, policy: ResolvedPolicy(world.scenario).policy, options: options)
    for _ in 0..<before { _ = try run.nextRound() }
    let start = threadProcessorSeconds()
    for _ in 0..<updates { _ = try run.nextRound() }
    return (threadProcessorSeconds() - start) * 1000 / Double(updates)
  }
}
