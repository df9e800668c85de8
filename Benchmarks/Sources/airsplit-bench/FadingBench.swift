import ArgumentParser
import Foundation
import Randomness
import Units
import Wireless

/// The verb `fading`: gains of Clarke's waves, beside the same formula in numpy.
struct FadingBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fading", abstract: "Measure gains per second of fading in time, beside numpy.")

  @Option(help: "Waves of a link.")
  var rays = 32

  @Option(help: "Links whose gains are found, each on a device of its own.")
  var links = 20

  @Option(help: "Consecutive gains of a link.")
  var samples = 20_000

  @Option(help: "Repetitions; figures are medians.")
  var repetitions = 5

  @Option(help: "A Python with numpy.")
  var python = PeerFolder.python

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard FadingMotion.rayLimits.contains(rays), (1...1000).contains(links), (64...1_000_000).contains(samples),
      (1...1000).contains(repetitions)
    else {
      throw ValidationError(
        "--rays allows \(FadingMotion.rayLimits), --links 1 to 1000, --samples 64 to 1000000, --repetitions 1 to 1000.")
    }
  }

  func run() throws {
    let motion = FadingMotion.clarke(doppler: Hertz(10), step: Seconds(0.005), rays: rays)
    let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: samples)
    buffer.initialize(repeating: 0)
    defer { buffer.deallocate() }
    var (ours, lean, broadcast, sum) = ([Double](), [Double](), [Double](), 0.0)
    let gains = Double(links) * Double(samples)
    for repetition in 0..<repetitions {
      let process = FadingProcess(fading: .rayleigh, motion: motion, blocks: 1, seed: Seed(UInt64(repetition)))
      let before = threadProcessorSeconds()
      for link in 0..<links {
        process.powers(device: link, block: 0, from: 0, into: buffer)
        sum += buffer[samples - 1]
      }
      ours.append(gains / (threadProcessorSeconds() - before) / 1e6)
      guard let answer = try numpy() else { continue }
      lean.append(gains / answer.lean.seconds / 1e6)
      broadcast.append(gains / answer.broadcast.seconds / 1e6)
    }
    precondition(sum > 0, "the loop is not optimised away")
    let ratios = [lean, broadcast].map { peer in
      peer.isEmpty ? Double.nan : median(zip(ours, peer).map { $0 / $1 })
    }
    switch format {
    case .table:
      print("\(decimals(median(ours), 1)) million gains of \(rays) waves per second")
      guard !lean.isEmpty else { return }
      print("numpy lean \(decimals(median(lean), 2)), ratio \(decimals(ratios[0], 1))")
      print("numpy broadcast \(decimals(median(broadcast), 2)), ratio \(decimals(ratios[1], 1))")
    case .json:
      let peers =
        lean.isEmpty
        ? ""
        : """
        , "numpy_lean_million_per_s": \(median(lean)), "numpy_broadcast_million_per_s": \(median(broadcast)), \
        "ratio_lean": \(ratios[0]), "ratio_broadcast": \(ratios[1])
        """
      print("{\"rays\": \(rays), \"million_per_s\": \(median(ours))\(peers)}")
    }
  }

  private struct Answer: Decodable {
    struct Style: Decodable { var seconds: Double }
    var lean: Style
    var broadcast: Style
  }

  /// What numpy took, on one thread; `nil` where there is none.
  private func numpy() throws -> Answer? {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["OMP_NUM_THREADS=1", python, PeerFolder.script("fading-numpy.py")]
    process.standardInput = input
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    let task = "{\"links\": \(links), \"rays\": \(rays), \"samples\": \(samples), \"span\": 0.05}\n"
    input.fileHandleForWriting.write(Data(task.utf8))
    try? input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try? JSONDecoder().decode(Answer.self, from: answer)
  }
}
