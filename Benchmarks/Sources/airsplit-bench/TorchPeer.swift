import Foundation
import SplitViT
import Training

/// `Peers/train-torch.py` as a process that lives as long as this: Python's start and imports are not counted.
final class TorchPeer {
  /// How it computes attention.
  enum Attention: String, CaseIterable {
    case fused
    case plain
  }

  private struct Answer: Decodable {
    var losses: [Double]
    /// Seconds of the processor.
    var processor: Double
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Whether that python has PyTorch and numpy; a sentence on stderr where not.
  static func isInstalled(python: String, needsPeft: Bool) -> Bool {
    let probe = Process()
    probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    probe.arguments = [python, "-c", "import numpy, torch" + (needsPeft ? ", peft" : "")]
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return false }
    probe.waitUntilExit()
    guard probe.terminationStatus != 0 else { return true }
    note(
      "\(python) has no PyTorch and numpy\(needsPeft ? ", or no peft" : "") (Benchmarks/install-peers installs them): the peer is left out"
    )
    return false
  }

  /// Starts it on the weights and the mini-batch in `data`; it has read them when it answers for the first time.
  init(
    python: String, _ architecture: VisionTransformer, batch: Int, adapters: LowRankAdapters?, data: URL
  ) throws {
    let shape = [
      architecture.image, architecture.channels, architecture.patch, architecture.width, architecture.depth,
      architecture.heads, architecture.classes, batch, adapters?.rank ?? 0,
    ]
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, PeerFolder.script("train-torch.py")] + shape.map(String.init) + [data.path]
    process.environment = ProcessInfo.processInfo.environment.merging(Self.environment) { _, new in new }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// One thread, and the C library told to keep memory rather than to return it to the system after each tensor, which
  /// makes a step a quarter faster. 32 MiB is the largest threshold that it accepts.
  private static let environment = [
    "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "17179869184", "MALLOC_TOP_PAD_": "268435456",
  ]

  /// Sets the attention of the steps that follow.
  func use(_ attention: Attention) throws {
    send("attention \(attention.rawValue)")
    _ = try receive()
  }

  /// The losses of the next steps of each, side by side.
  static func losses(_ peers: [TorchPeer], steps: Int) throws -> [[Double]] {
    for peer in peers { peer.send("steps \(steps)") }
    return try peers.map { try $0.receive().losses }
  }

  /// Steps of all processes side by side, started together.
  static func run(_ peers: ArraySlice<TorchPeer>, steps: Int) throws -> Timing {
    let start = ContinuousClock.now
    for peer in peers { peer.send("steps \(steps)") }
    let processor = try peers.reduce(0) { try $0 + $1.receive().processor }
    return Timing(
      elapsed: (ContinuousClock.now - start) / .seconds(1), processor: processor / Double(peers.count))
  }

  private func send(_ line: String) {
    input.fileHandleForWriting.write(Data("\(line)\n".utf8))
  }

  private func receive() throws -> Answer {
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != UInt8(ascii: "\n") {
      line += byte
    }
    guard !line.isEmpty else { throw Kernel.Failure(description: "PyTorch ended before it answered") }
    return try JSONDecoder().decode(Answer.self, from: line)
  }
}
