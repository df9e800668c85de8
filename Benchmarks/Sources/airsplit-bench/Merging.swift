import ArgumentParser
import Foundation
import Scenario
import Simulation

/// The verb `merging`: training throughput where models merge when some are done, beside that of synchronous rounds.
struct Merging: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how many devices' training a run gets through per second under each way to merge.",
    discussion: """
      Whole runs of a cell whose devices train a small transformer on synthetic images, on all threads: so many contributions each, \
      the model evaluated at the end. The modes take turns; ratios to the synchronous runs are of one repetition, the answer is their \
      median. Runnable are so many threads as have a core or wait for one, counted every few milliseconds, which says how many train side \
      by side also where other programs have the cores. With --threads 1 a ratio says what the events and policies cost.
      """)

  @Option(help: "Devices at work at once.")
  var places = 5

  @Option(help: "Devices that merge at once under buffered.")
  var size = 3

  @Option(help: "Samples of each device, in mini-batches of 16.")
  var samples = 160

  @Option(help: "Contributions of each run.")
  var contributions = 60

  @Option(help: "Threads that train; without it all.")
  var threads: Int?

  @Option(help: "How many times to measure each; the answer is the median.")
  var repetitions = 5

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...20).contains(places), (1...places).contains(size), (1...10_000).contains(samples) else {
      throw ValidationError("--places allows 1 to 20, --size 1 to --places, --samples 1 to 10000.")
    }
    guard (places...100_000).contains(contributions), (1...1_000).contains(repetitions) else {
      throw ValidationError("--contributions allows --places to 100000, --repetitions 1 to 1000.")
    }
    guard (1...1024).contains(threads ?? 1) else { throw ValidationError("--threads allows 1 to 1024.") }
  }

  /// A way to merge, and how many contributions a round has.
  private struct Mode {
    var name: String
    var rule: String
    var perRound: Int
  }

  func run() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let modes = [
      Mode(name: "synchronous", rule: "{mode: synchronous}", perRound: places),
      Mode(name: "buffered", rule: "{mode: buffered, size: \(size), concurrency: \(places)}", perRound: size),
      Mode(name: "asynchronous", rule: "{mode: asynchronous, concurrency: \(places)}", perRound: 1),
    ]
    var (rates, runnable) = (
      Array(repeating: [Double](), count: modes.count), Array(repeating: [Double](), count: modes.count)
    )
    for repetition in 0...repetitions {
      note(repetition == 0 ? "warm-up" : "repetition \(repetition) of \(repetitions)")
      for place in modes.indices {
        let index = (place + repetition) % modes.count
        let run = try measure(modes[index], threads: threads)
        guard repetition > 0 else { continue }
        rates[index].append(run.rate)
        runnable[index].append(run.runnable)
      }
    }
    func ratios(_ figures: [[Double]]) -> [Double] { figures.map { median(zip($0, figures[0]).map { $0 / $1 }) } }
    let (ratios, runnableRatios) = (ratios(rates), ratios(runnable))
    switch format {
    case .table:
      print("\(places) places, \(threads) threads, \(samples) samples a device, medians of \(repetitions)")
      for (index, mode) in modes.enumerated() {
        print(
          "\(mode.name): \(decimals(median(rates[index]), 1)) contributions/s, \(decimals(ratios[index], 2)) x synchronous; "
            + "\(decimals(median(runnable[index]), 2)) threads runnable, \(decimals(runnableRatios[index], 2)) x")
      }
    case .json:
      let results = modes.indices.map {
        "{\"mode\": \"\(modes[$0].name)\", \"contributions_per_s\": \(median(rates[$0])), \"ratio\": \(ratios[$0]), "
          + "\"runnable_threads\": \(median(runnable[$0])), \"runnable_ratio\": \(runnableRatios[$0])}"
      }
      print("{\"places\": \(places), \"threads\": \(threads), \"results\": [\(results.joined(separator: ", "))]}")
    }
  }

  /// Contributions per second of a run, from the first event to the last merge, and how many threads were runnable meanwhile, the mean.
  private func measure(_ mode: Mode, threads: Int) throws -> (rate: Double, runnable: Double) {
    let rounds = (contributions + mode.perRound - 1) / mode.perRound
    let devices = 4 * places
    let scenario = try ScenarioReader.read(
      text: """
        schema: 1
        name: merging
        rounds: \(rounds)
        deadline: 20 s
        aggregation: \(mode.rule)
        devices: {count: \(devices)}
        server: {}
        uplink: {blocks: \(places)}
        model: {image: 28, channels: 1, patch: 7, dim: 64, depth: 4, heads: 4, classes: 10}
        training:
          trainer: vit
          batch: 16
          local_epochs: 1
          evaluate_every: \(rounds)
          evaluate_local: false
          dataset: {name: synthetic, train_limit: \(devices * samples), test_limit: 100}
          partition: {kind: iid}
        """, file: "merging.yaml"
    ).scenario
    let world = try World(scenario)
    let trainer = try world.makeTrainer(threads: threads)
    var run = try Run(world, policy: ResolvedPolicy(scenario).policy, trainer: trainer)
    var merged = 0
    let start = ContinuousClock.now
    let census = ThreadCensus()
    while let report = try run.nextRound() { merged += report.devicesCompleted }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    return (Double(merged) / elapsed, census.end())
  }
}
