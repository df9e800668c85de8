import ArgumentParser
import Foundation

/// The verb `sweep`: the whole command `airsplit sweep` beside a script in numpy that does the same, start and files
/// included.
struct SweepBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Measure 'airsplit sweep' on 5 policies, 10 deadlines and many draws, beside numpy + scipy.",
    discussion: """
      Both begin with nothing and end with tidy CSV: a row per run, and means with 95 % intervals. Before it measures, the \
      peer gets our draws, and the two must agree in every mean and deviation to 1e-9.
      """)

  @Option(help: "Draws of devices and gains.")
  var draws = 200

  @Option(help: "Repetitions; the programs take turns within each.")
  var repetitions = 5

  @Option(help: "The release build of airsplit.")
  var airsplit = PeerFolder.benchmarks.deletingLastPathComponent().appendingPathComponent(".build/release/airsplit")
    .path

  @Option(help: "The python that has numpy and scipy.")
  var python = PeerFolder.python

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (2...100_000).contains(draws) else { throw ValidationError("--draws allows 2 to 100000.") }
    guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions allows 1 to 1000.") }
    guard FileManager.default.isExecutableFile(atPath: airsplit) else {
      throw ValidationError("--airsplit: there is no program at \(airsplit); 'swift build -c release' makes it.")
    }
  }

  /// One program, by the words that start it but for the folder that it writes.
  private struct Contender {
    var name: String
    var words: [String]
    var folderOption = "--out"
  }

  private var contenders: [Contender] {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let ours = [airsplit, "sweep", scenario, "--set", "sweep.repetitions=\(draws)", "--quiet"]
    let peers = ["lean", "plain"].flatMap { style in
      [1, cores].map { jobs in
        Contender(
          name: "numpy \(style), \(jobs == 1 ? "one process" : "all cores")",
          words: [python, script, "--draws", "\(draws)", "--style", style, "--jobs", "\(jobs)"])
      }
    }
    let drawByDraw = Contender(
      name: "numpy plain, draw by draw, one process",
      words: [python, script, "--draws", "\(draws)", "--style", "plain", "--chunk", "1"])
    return [Contender(name: "airsplit sweep", words: ours)] + peers + [drawByDraw]
  }

  private var scenario: String { PeerFolder.benchmarks.appendingPathComponent("sweep.yaml").path }
  private var script: String { PeerFolder.script("sweep-numpy.py") }

  func run() throws {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    try check(in: scratch)
    let contenders = contenders
    var times = Array(repeating: [Timing](), count: contenders.count)
    for repetition in 0..<repetitions {
      note("repetition \(repetition + 1) of \(repetitions)")
      for place in contenders.indices {
        let index = (place + repetition) % contenders.count
        let folder = scratch.appendingPathComponent("\(repetition)-\(index)")
        times[index].append(try time(contenders[index].words + [contenders[index].folderOption, folder.path]))
        try FileManager.default.removeItem(at: folder)
      }
    }
    report(contenders.map(\.name), times)
  }

  /// Holds both against each other on the same draws.
  private func check(in scratch: URL) throws {
    let (instances, ours, theirs) = (
      scratch.appendingPathComponent("draws.jsonl").path, scratch.appendingPathComponent("ours").path,
      scratch.appendingPathComponent("theirs").path
    )
    _ = try time([airsplit, "draw", scenario, "--count", "\(draws)", "--out", instances])
    _ = try time(contenders[0].words + ["--out", ours])
    let found = try SweepSummary(path: "\(ours)/summary.csv")
    for style in ["lean", "plain"] {
      _ = try time([python, script, "--instances", instances, "--style", style, "--out", theirs])
      let expected = try SweepSummary(path: "\(theirs)/summary.csv")
      guard !expected.rows.isEmpty else { throw Kernel.Failure(description: "the peer has no means") }
      for (key, row) in expected.rows where row[0] > 0 {
        guard let own = found.rows[key], zip(own, row).allSatisfy({ abs($0 - $1) <= 1e-9 * max(abs($1), 1) }) else {
          throw Kernel.Failure(
            description: "\(key): ours has n, mean and sd \(found.rows[key] ?? []), numpy \(style) \(row)")
        }
      }
    }
  }

  /// How long a program took from start to end.
  private func time(_ words: [String]) throws -> Timing {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    let start = ContinuousClock.now
    let before = Self.childrensProcessorSeconds
    try process.run()
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Kernel.Failure(description: "\(words.joined(separator: " ")): \(String(decoding: said, as: UTF8.self))")
    }
    return Timing(
      elapsed: (ContinuousClock.now - start) / .seconds(1), processor: Self.childrensProcessorSeconds - before)
  }

  /// Seconds of the processor that all processes had that this one started and that have ended.
  private static var childrensProcessorSeconds: Double {
    var usage = rusage()
    // RUSAGE_CHILDREN, which systems import as different types.
    getrusage(-1, &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
  }

  private func report(_ names: [String], _ times: [[Timing]]) {
    func ratio(_ index: Int, _ part: (Timing) -> Double) -> Double {
      median(zip(times[index], times[0]).map { part($0) / part($1) })
    }
    let rows = names.indices.map { index in
      (
        name: names[index], seconds: median(times[index].map(\.elapsed)),
        processor: median(times[index].map(\.processor)), ratio: ratio(index, \.elapsed),
        processorRatio: ratio(index, \.processor)
      )
    }
    switch format {
    case .table:
      print("\(50 * draws) runs")
      for row in rows {
        print(
          "\(row.name): \(decimals(row.seconds, 3)) s, ratio \(decimals(row.ratio, 1)); of the processor "
            + "\(decimals(row.processor, 3)) s, ratio \(decimals(row.processorRatio, 1))")
      }
    case .json:
      let rows = rows.map {
        "{\"name\": \"\($0.name)\", \"seconds\": \($0.seconds), \"ratio\": \($0.ratio), "
          + "\"processor_seconds\": \($0.processor), \"processor_ratio\": \($0.processorRatio)}"
      }
      print("{\"runs\": \(50 * draws), \"programs\": [\(rows.joined(separator: ", "))]}")
    }
  }
}

/// n, mean and standard deviation by deadline, policy and metric, as either program writes them.
private struct SweepSummary {
  private(set) var rows: [String: [Double]] = [:]

  init(path: String) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    // Only the name of a point is ever quoted, and it has commas: columns are counted from the right.
    let columns = (lines.first ?? "").split(separator: ",").reversed().map(String.init)
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).reversed().map(String.init)
      func cell(_ name: String) -> String { columns.firstIndex(of: name).map { cells[$0] } ?? "" }
      let deadline = Double(cell("deadline").prefix { $0 != " " }) ?? .nan
      let metric = cell("metric") == "devices_selected" ? "participants" : cell("metric")
      rows["\(deadline) s, \(cell("policy")), \(metric)"] = ["n", "mean", "sd"].map { Double(cell($0)) ?? 0 }
    }
  }
}
