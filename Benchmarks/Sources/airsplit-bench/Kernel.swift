import EventKernel
import Foundation

/// Something that runs the hold model: ours in this process, or a peer's program.
struct Kernel {
  /// What one run gave: events a second and the simulated time of the last event, ns.
  struct Run: Decodable {
    var eventsPerSecond: Double
    var end: UInt64

    enum CodingKeys: String, CodingKey {
      case eventsPerSecond = "events_per_s"
      case end = "end_ns"
    }
  }

  /// Why a kernel gave nothing.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// The name in the answer.
  var name: String
  /// The name of the kernel it is compared with.
  var reference: String
  /// The most events worth waiting for.
  var mostEvents = Int.max
  /// Why it cannot run here, if it cannot.
  var missing: String?
  /// Runs the hold model with so many events pending for so many events.
  var run: (_ pending: Int, _ events: Int) throws -> Run

  static let simulator = "AirSplit simulator"
  static let queue = "AirSplit queue"

  /// Ours first, then the peers whose programs stand in the benchmarks' folder.
  static func all(in folder: URL) -> [Kernel] {
    func peer(
      _ name: String, against reference: String = simulator, mostEvents: Int = .max, _ program: String,
      _ arguments: [String] = []
    ) -> Kernel {
      let path = folder.appendingPathComponent(program).path
      let missing =
        FileManager.default.isExecutableFile(atPath: path)
        ? nil : "\(name) is not installed (no \(path)): Benchmarks/install-peers installs it"
      return Kernel(name: name, reference: reference, mostEvents: mostEvents, missing: missing) { pending, events in
        try runProgram(path, arguments + ["\(pending)", "\(events)"])
      }
    }
    return [
      Kernel(name: simulator, reference: simulator) { pending, events in
        Run(HoldModel(pending: pending, events: events).runSimulator())
      },
      peer("ns-3 PriorityQueueScheduler", ".peers/hold-ns3", ["PriorityQueueScheduler"]),
      peer("ns-3 MapScheduler", ".peers/hold-ns3", ["MapScheduler"]),
      peer("Cimba events", ".peers/hold-cimba"),
      peer(
        "SimPy callbacks", mostEvents: 200_000, ".venv-peers/bin/python",
        [folder.appendingPathComponent("Peers/hold-simpy.py").path]),
      Kernel(name: queue, reference: queue) { pending, events in
        Run(HoldModel(pending: pending, events: events).runQueue())
      },
      peer("C++ 4-ary heap", against: queue, ".peers/hold-heap"),
    ]
  }

  /// Runs a program that prints a run as one JSON object.
  private static func runProgram(_ path: String, _ arguments: [String]) throws -> Run {
    try JSONDecoder().decode(Run.self, from: output(of: [path] + arguments))
  }

  /// What a program prints.
  static func output(of words: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(words.joined(separator: " ")) ended with status \(process.terminationStatus)")
    }
    return answer
  }
}

extension Kernel.Run {
  fileprivate init(_ result: HoldModel.Result) {
    self.init(eventsPerSecond: result.eventsPerSecond, end: result.end.nanoseconds)
  }
}
