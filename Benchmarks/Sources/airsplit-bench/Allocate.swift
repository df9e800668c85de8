import Allocation
import ArgumentParser

/// The verb `allocate`: one policy on one instance of `airsplit solve`, again and again.
struct Allocate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a policy on an instance; reading it is not counted.",
    discussion: "The same instance again and again flatters caches: 'rounds' measures new gains each round.")

  @Option(help: "A file with one instance, as 'airsplit draw' writes and 'airsplit solve' reads it.")
  var instance: String

  @Option(help: "The policy's name.")
  var policy = "exact"

  @Option(help: "How many times to allocate.")
  var repetitions = 100

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...10_000_000).contains(repetitions) else {
      throw ValidationError("--repetitions is \(repetitions); allowed are 1 to 10000000.")
    }
    _ = try PolicyRegistry.entry(option: policy)
  }

  func run() throws {
    guard let instance = try Instance.read(path: instance).first else {
      throw ValidationError("\(self.instance) holds no instance.")
    }
    let entry = try PolicyRegistry.entry(option: policy)
    let made = try entry.make(PolicySettings(options: entry.options, given: instance.settings(for: policy)))
    let (problem, context) = (instance.problem, instance.context())
    var objective = try made.allocate(problem, in: context).objective
    var times: [Double] = []
    times.reserveCapacity(repetitions)
    for _ in 0..<repetitions {
      let elapsed = try ContinuousClock().measure { objective = try made.allocate(problem, in: context).objective }
      times.append(elapsed / .milliseconds(1))
    }
    times.sort()
    let (median, least) = (times[times.count / 2], times[0])
    switch format {
    case .json: print("{\"objective\": \(objective), \"median_ms\": \(median), \"min_ms\": \(least)}")
    case .table:
      print("objective  \(objective)")
      print("median     \(decimals(median, 4)) ms")
      print("least      \(decimals(least, 4)) ms")
    }
  }
}
