import Allocation
import Dispatch
import JSON
import Randomness
import Scenario
import Simulation
import Training
import Units
import Wireless

/// Worlds of one scenario that are played side by side, one round of each at a time.
///
/// A world is played by one thread at a time, and what it comes to depends on no other. Not for use by two threads at once.
public final class EnvironmentBatch {
  /// The scenario.
  public let scenario: Scenario
  /// How it is played.
  public let options: EnvironmentOptions
  /// The worlds.
  public let worlds: [Environment]
  /// What looked wrong with the scenario.
  public let warnings: [String]
  /// What an observation has of each device, in order.
  public let columns: [DeviceColumn]
  /// Places of the wanted figures in `RoundReport.figureNames`.
  public let figures: [Int]
  /// Who decides, by name.
  private let policy: String
  /// The repetition that begins next.
  private var next: UInt64

  /// Opens what is asked for.
  ///
  /// - Throws: `ScenarioErrors`, ``EnvironmentError``, `SimulationError`.
  public init(_ request: EnvironmentRequest) throws {
    let overrides = try request.overrides.map(ScenarioOverride.init(setting:))
    let reading =
      switch request.source {
      case .file(let path): try ScenarioReader.read(path: path, overrides: overrides)
      case .text(let text, let file): try ScenarioReader.read(text: text, file: file, overrides: overrides)
      }
    let options = request.options
    let names = RoundReport.figureNames
    (scenario, self.options) = (reading.scenario, options)
    columns = DeviceColumn.columns(of: scenario)
    warnings = reading.warnings.map(\.description)
    figures = options.figures.compactMap { names.firstIndex(of: $0) }
    let messages = reading.warnings.map(\.message)
    worlds = try (0..<options.worlds).map { _ in
      try Environment(reading.scenario, warnings: messages, options: options)
    }
    policy = options.asksPolicy ? try ResolvedPolicy(reading.scenario).name : options.policyName
    next = UInt64(options.first)
  }

  /// Begins some of the worlds, or all, one after another.
  ///
  /// - Parameters:
  ///   - which: Indices of the worlds.
  ///   - numbers: For each of `which` a repetition of the scenario's seed; what is above 2^24 - 1 is added to the seed. `nil`:
  ///     the repetitions that follow the last that were begun.
  /// - Throws: What ``Environment/reset(to:)`` throws of the first world that cannot begin.
  public func reset(_ which: [Int], as numbers: [UInt64]? = nil) throws {
    let numbers = numbers ?? which.indices.map { next &+ UInt64($0) }
    if let last = numbers.max() { next = last &+ 1 }
    let limit = UInt64(Seed.repetitionLimit)
    let seeds = numbers.map {
      Seed(scenario.seed &+ $0 / limit, repetition: UInt32($0 % limit))
    }
    try forEach(which) { place, world in try worlds[world].reset(to: seeds[place]) }
  }

  /// Does something for each of some worlds, on as many threads as there may be.
  ///
  /// - Throws: What it throws for the first world in their order for which it fails; it is then done for all others all the same.
  public func forEach(_ which: [Int], _ body: (_ place: Int, _ world: Int) throws -> Void) throws {
    let threads = min(options.threads, which.count)
    guard threads > 1 else {
      for (place, world) in which.enumerated() { try Self.naming(world, of: worlds.count) { try body(place, world) } }
      return
    }
    var errors = [(any Error)?](repeating: nil, count: threads)
    errors.withUnsafeMutableBufferPointer { errors in
      withoutActuallyEscaping(body) { body in
        nonisolated(unsafe) let (errors, body) = (errors, body)
        let count = worlds.count
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
          for place in which.indices.share(thread, of: threads) {
            do {
              try Self.naming(which[place], of: count) { try body(place, which[place]) }
            } catch {
              errors[thread] = errors[thread] ?? error
            }
          }
        }
      }
    }
    if let first = errors.compactMap(\.self).first { throw first }
  }

  private static func naming(_ world: Int, of count: Int, _ body: () throws -> Void) throws {
    guard count > 1 else { return try body() }
    do { try body() } catch let error as EnvironmentError { throw EnvironmentError("world \(world): \(error)") }
  }

  /// What was opened, for programs.
  public var description: JSONValue {
    [
      "name": .string(scenario.name), "framework": .string(scenario.framework.rawValue),
      "policy": .string(policy), "seed": JSONValue(scenario.seed),
      "worlds": .integer(worlds.count), "devices": .integer(scenario.devices.count),
      "blocks": .integer(scenario.uplink.blocks), "rounds": .integer(scenario.rounds),
      "bits": .array(Workload(scenario).levels.map { .integer($0.bits) }),
      "device_columns": .array(columns.map { .string($0.rawValue) }),
      "figures": .array(options.figures.map(JSONValue.string)),
      "warnings": .array(warnings.map(JSONValue.string)),
    ]
  }
}
