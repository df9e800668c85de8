import Allocation
import ArgumentParser
import Randomness
import Wireless

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The verb `city`: allocation rounds of a cell whose gains nobody could store, beside drawing them all.
struct City: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure allocation rounds of a city, beside a bare loop that draws all its gains.")

  @Option(help: "Devices N.")
  var devices = 1_000_000

  @Option(help: "Blocks K.")
  var blocks = 100

  @Option(parsing: .upToNextOption, help: "Deadlines of a mini-batch step in seconds.")
  var deadline = [3.8, 5, 8]

  @Option(help: "Warm rounds a deadline, after a first one.")
  var rounds = 20

  @Option(help: "The seed of the cell.")
  var seed: UInt64 = 1

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...10_000_000).contains(devices), (1...10_000).contains(blocks), (1...100_000).contains(rounds) else {
      throw ValidationError("--devices allows 1 to 10000000, --blocks 1 to 10000, --rounds 1 to 100000.")
    }
    guard deadline.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ValidationError("--deadline allows positive numbers of seconds.")
    }
  }

  func run() throws {
    let cell = PaperCell(devices: devices, blocks: blocks, seed: Seed(seed))
    var results: [(deadline: Double, first: Double, warm: Double, drawing: Double)] = []
    for deadline in deadline {
      let policy = ExactPolicy()
      func round(_ number: Int) -> Double {
        let problem = cell.problem(gains: cell.channel.generatedGains(round: number), deadline: deadline)
        let context = RoundContext(round: number, seed: Seed(seed))
        return ContinuousClock().measure { _ = policy.allocate(problem, in: context) } / .milliseconds(1)
      }
      let first = round(1)
      var warm = (2...rounds + 1).map(round)
      warm.sort()
      results.append((deadline, first, warm[warm.count / 2], drawAll()))
    }
    let memory = peakMemory / 1_048_576
    switch format {
    case .table:
      print("N = \(devices), K = \(blocks), at most \(decimals(memory, 1)) MiB")
      for (deadline, first, warm, drawing) in results {
        print(
          """
          \(decimals(deadline, 1)) s: first round \(decimals(first, 1)) ms, warm round \(decimals(warm, 3)) ms, \
          drawing all gains \(decimals(drawing, 1)) ms, ratio \(decimals(drawing / warm, 1))
          """)
      }
    case .json:
      let rows = results.map { deadline, first, warm, drawing in
        """
        {"deadline_s": \(deadline), "first_ms": \(first), "warm_ms": \(warm), "drawing_ms": \(drawing), \
        "ratio": \(drawing / warm)}
        """
      }
      print(
        """
        {"devices": \(devices), "blocks": \(blocks), "peak_mib": \(memory), "results": [\(rows.joined(separator: ", "))]}
        """)
    }
  }

  /// How long it takes to draw every exponential of a round and do nothing with it, ms.
  private func drawAll() -> Double {
    var sum = 0.0
    let elapsed = ContinuousClock().measure {
      for device in 0..<devices {
        var stream = Seed(seed).stream(.fading, 1, device)
        for _ in 0..<blocks { sum += stream.exponential() }
      }
    }
    precondition(sum > 0, "the loop is not optimised away")
    return elapsed / .milliseconds(1)
  }

  /// The most memory this process ever held, bytes.
  private var peakMemory: Double {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss)
    #endif
  }
}
