import ArgumentParser
import Foundation

/// The verb `growth`: what the command takes as one size of its work grows and the others stay.
struct Growth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "growth",
    abstract:
      "Measures how time and memory of 'airsplit sweep' grow with devices, blocks, steps, rounds, draws and points.",
    discussion: """
      Each size is a whole command from start to end. Its seconds of the processor and its largest memory, less those of a \
      command that does nothing, are fitted by a power of the size: the exponent is the slope on logarithmic axes.
      """)

  @Option(help: "Repetitions; a size has the least time and memory of them.")
  var repetitions = 3

  @Option(help: "The release build of airsplit.")
  var airsplit = PeerFolder.benchmarks.deletingLastPathComponent().appendingPathComponent(".build/release/airsplit")
    .path

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...100).contains(repetitions) else { throw ValidationError("--repetitions allows 1 to 100.") }
    guard FileManager.default.isExecutableFile(atPath: airsplit) else {
      throw ValidationError("--airsplit: there is no program at \(airsplit); 'swift build -c release' makes it.")
    }
  }

  /// A size that grows, with the settings that make it.
  private struct Size: Sendable {
    var name: String
    var values: [Int]
    var settings: @Sendable (Int) -> [String]
  }

  private static let sizes = [
    Size(name: "devices", values: [1000, 4000, 16_000, 64_000]) {
      ["devices.count=\($0)", "uplink.blocks=100", "sweep.repetitions=10"]
    },
    Size(name: "blocks", values: [25, 50, 100, 200]) {
      ["devices.count=1000", "uplink.blocks=\($0)", "sweep.repetitions=10"]
    },
    Size(name: "steps of a round", values: [20, 80, 320, 1280]) {
      ["sweep.measure=run", "rounds=20", "devices.samples=64", "training.local_epochs=\($0)"]
    },
    Size(name: "rounds", values: [500, 2000, 8000, 32_000]) { ["sweep.measure=run", "rounds=\($0)"] },
    Size(name: "draws", values: [1000, 4000, 16_000, 64_000]) { ["sweep.repetitions=\($0)"] },
    Size(name: "points", values: [1000, 4000, 16_000, 64_000]) {
      [
        "sweep.grid={deadline: {range: {start: 4 s, stop: \(4 + Double($0 / 20 - 1) * 0.001) s, step: 0.001 s}}, "
          + "policy: [exact, ep, rb, nq], devices.kappa: [1e-29, 2e-29, 3e-29, 4e-29, 5e-29]}"
      ]
    },
  ]

  /// A small cell, one draw of one point.
  private static let scenario = """
    schema: 1
    name: growth
    rounds: 1
    devices:
      count: 20
      distance: {uniform: [50 m, 1000 m]}
      power_max: {uniform: [0.5 W, 2 W]}
      samples: {integer: [400, 500]}
    server: {}
    uplink: {blocks: 5}
    model: {name: vit_base_patch32_224, classes: 10}
    training: {trainer: none, batch: 64}
    sweep: {measure: allocation}

    """

  /// What a command took.
  private struct Cost {
    var seconds: Double
    var bytes: Double
  }

  private struct Row {
    var name: String
    var values: [Int]
    var costs: [Cost]
    /// Exponents of the powers of the size that fit time and memory.
    var time: Double
    var memory: Double
  }

  func run() throws {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let file = scratch.appendingPathComponent("growth.yaml").path
    try Self.scenario.write(toFile: file, atomically: true, encoding: .utf8)
    let folder = scratch.appendingPathComponent("r").path
    func cost(_ settings: [String]) throws -> Cost {
      var least = Cost(seconds: .infinity, bytes: .infinity)
      for _ in 0..<repetitions {
        let cost = try measure(
          [airsplit, "sweep", file, "--quiet", "--jobs", "1", "--out", folder] + settings.flatMap { ["--set", $0] })
        try FileManager.default.removeItem(atPath: folder)
        least = Cost(seconds: min(least.seconds, cost.seconds), bytes: min(least.bytes, cost.bytes))
      }
      return least
    }
    let nothing = try cost([])
    let rows = try Self.sizes.map { size in
      note(size.name)
      let costs = try size.values.map { value in
        let cost = try cost(size.settings(value))
        return Cost(seconds: max(1e-4, cost.seconds - nothing.seconds), bytes: max(1e3, cost.bytes - nothing.bytes))
      }
      return Row(
        name: size.name, values: size.values, costs: costs, time: slope(size.values, costs.map(\.seconds)),
        memory: slope(size.values, costs.map(\.bytes)))
    }
    report(rows, nothing)
  }

  /// The exponent of the power of `sizes` that fits `values`, by least squares of the logarithms.
  private func slope(_ sizes: [Int], _ values: [Double]) -> Double {
    let (x, y) = (sizes.map { log(Double($0)) }, values.map { log($0) })
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return products / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }

  /// Seconds of the processor and largest memory of a program that ends well.
  private func measure(_ words: [String]) throws -> Cost {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var arguments = words.map { strdup($0) } + [nil]
    var environment = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var (process, status, usage) = (pid_t(), Int32(), rusage())
    guard posix_spawn(&process, words[0], &actions, nil, &arguments, &environment) == 0,
      wait4(process, &status, 0, &usage) == process, status == 0
    else { throw Kernel.Failure(description: "\(words.joined(separator: " ")) did not end well") }
    let seconds = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    #if os(macOS)
      return Cost(seconds: seconds, bytes: Double(usage.ru_maxrss))
    #else
      return Cost(seconds: seconds, bytes: Double(usage.ru_maxrss) * 1024)
    #endif
  }

  private func report(_ rows: [Row], _ nothing: Cost) {
    switch format {
    case .table:
      print("a command that does nothing: \(decimals(nothing.seconds, 3)) s, \(decimals(nothing.bytes / 1e6, 1)) MB")
      for row in rows {
        print("\(row.name): time ~ size^\(decimals(row.time, 2)), memory ~ size^\(decimals(row.memory, 2))")
        for (value, cost) in zip(row.values, row.costs) {
          print("  \(value): \(decimals(cost.seconds, 3)) s, \(decimals(cost.bytes / 1e6, 2)) MB more")
        }
      }
    case .json:
      let rows = rows.map { row in
        let sizes = zip(row.values, row.costs).map {
          "{\"size\": \($0), \"seconds\": \($1.seconds), \"bytes\": \($1.bytes)}"
        }
        return "{\"name\": \"\(row.name)\", \"time_slope\": \(row.time), \"memory_slope\": \(row.memory), "
          + "\"sizes\": [\(sizes.joined(separator: ", "))]}"
      }
      print(
        "{\"nothing\": {\"seconds\": \(nothing.seconds), \"bytes\": \(nothing.bytes)}, "
          + "\"growth\": [\(rows.joined(separator: ", "))]}")
    }
  }
}
