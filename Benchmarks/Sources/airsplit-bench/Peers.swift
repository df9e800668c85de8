import ArgumentParser
import Foundation

/// The verb `peers`: the hold model on our kernel and on those of others, interleaved, and allocation rounds beside numpy.
struct Peers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Measure the simulator beside ns-3, Cimba, SimPy and a C++ heap, and allocation beside numpy + scipy, in one go.",
    discussion: "Benchmarks/install-peers installs and builds the peers. What is not installed is left out.")

  @Option(help: "How many times to measure each; the answer is the median.")
  var repetitions = 5

  @Option(help: "How many events are pending.")
  var pending = [10, 1_000, 100_000, 1_000_000]

  @Option(help: "How many events to measure (SimPy: 200000 at most).")
  var events = 2_000_000

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...1_000).contains(repetitions) else {
      throw ValidationError("--repetitions is \(repetitions); allowed are 1 to 1000.")
    }
    guard pending.allSatisfy((1...100_000_000).contains), (1...1_000_000_000).contains(events) else {
      throw ValidationError("--pending allows 1 to 100000000, --events 1 to 1000000000.")
    }
  }

  func run() throws {
    let all = Kernel.all(in: PeerFolder.benchmarks)
    for sentence in all.compactMap(\.missing) { note(sentence) }
    let kernels = all.filter { $0.missing == nil }
    try checkSameWork(kernels)
    let rows = try pending.flatMap { try measure(kernels, pending: $0) }
    let allocation = try allocationReports(python: PeerFolder.python)
    switch format {
    case .table:
      printTable(rows)
      for report in allocation { print("\n" + report) }
    case .json: printJSON(rows, allocation)
    }
  }

  /// What the verb `rounds` says of two sizes, beside both styles of its peer.
  private func allocationReports(python: String) throws -> [String] {
    try [(100, 40), (1_000, 400)].flatMap { devices, blocks in
      try NumpyPeer.Style.allCases.map { style in
        note("\(devices) devices on \(blocks) blocks, numpy + scipy in the style \(style)")
        return try Rounds.parse([
          "--devices", "\(devices)", "--blocks", "\(blocks)", "--peer-style", style.rawValue, "--peer-rounds",
          "\(min(repetitions, 30))", "--python", python, "--format", format.rawValue,
        ]).report()
      }
    }
  }

  /// One kernel at one number of pending events.
  private struct Row {
    var pending: Int
    var kernel: String
    var reference: String
    var eventsPerSecond: Double
    /// How many times faster the reference, ours, is.
    var ratio: Double
  }

  /// All must end at the same simulated nanosecond, or they did different work.
  private func checkSameWork(_ kernels: [Kernel]) throws {
    let ends = try kernels.map { (name: $0.name, end: try $0.run(1_000, 20_000).end) }
    for (name, end) in ends where end != ends[0].end {
      throw Kernel.Failure(
        description: "\(name) ended at \(end) ns, \(ends[0].name) at \(ends[0].end) ns: they did different work")
    }
  }

  /// The medians over the repetitions; the ratios are taken within a repetition, where the load of the machine is alike.
  private func measure(_ kernels: [Kernel], pending: Int) throws -> [Row] {
    var rates: [[Double]] = Array(repeating: [], count: kernels.count)
    for repetition in 1...repetitions {
      note("\(pending) pending, repetition \(repetition) of \(repetitions)")
      for (index, kernel) in kernels.enumerated() {
        rates[index].append(try kernel.run(pending, min(events, kernel.mostEvents)).eventsPerSecond)
      }
    }
    return kernels.indices.map { index in
      let reference = kernels.firstIndex { $0.name == kernels[index].reference } ?? index
      let ratios = zip(rates[reference], rates[index]).map { $0 / $1 }
      return Row(
        pending: pending, kernel: kernels[index].name, reference: kernels[index].reference,
        eventsPerSecond: median(rates[index]), ratio: median(ratios))
    }
  }

  private func printTable(_ rows: [Row]) {
    func line(_ cells: [String]) -> String {
      let widths = [9, 28, 17, 10]
      return zip(cells, widths).enumerated().map { index, cell in
        let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
        return index == 1 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }
    print(line(["pending", "kernel", "million events/s", "ours is"]))
    for row in rows {
      let ratio = row.kernel == row.reference ? "" : decimals(row.ratio, 2) + " x"
      print(line(["\(row.pending)", row.kernel, millions(row.eventsPerSecond), ratio]))
    }
  }

  private func printJSON(_ rows: [Row], _ allocation: [String]) {
    let results = rows.map { row in
      """
      {"pending": \(row.pending), "kernel": "\(row.kernel)", "events_per_s": \(row.eventsPerSecond), \
      "reference": "\(row.reference)", "ratio": \(row.ratio)}
      """
    }
    print(
      """
      {"repetitions": \(repetitions), "results": [\(results.joined(separator: ", "))], \
      "allocation": [\(allocation.joined(separator: ", "))]}
      """)
  }
}
