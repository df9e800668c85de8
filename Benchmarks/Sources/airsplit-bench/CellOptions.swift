import Allocation
import ArgumentParser
import Randomness

/// The cells of the paper's defaults that verbs of allocation measure.
struct CellOptions: ParsableArguments {
  @Option(help: "Devices N.")
  var devices = 1_000

  @Option(help: "Blocks K.")
  var blocks = 400

  @Option(parsing: .upToNextOption, help: "Deadlines of a mini-batch step in seconds.")
  var deadline = [3.8, 4.2, 5, 8]

  @Option(help: "The seed of the cell.")
  var seed: UInt64 = 1

  /// The cell.
  var cell: PaperCell { PaperCell(devices: devices, blocks: blocks, seed: Seed(seed)) }

  func validate() throws {
    guard deadline.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ValidationError("--deadline allows positive numbers of seconds.")
    }
  }

  /// Refuses cells whose gains memory cannot hold.
  func checkStored() throws {
    guard (1...1_000_000).contains(devices), (1...10_000).contains(blocks), devices * blocks <= 100_000_000 else {
      throw ValidationError("--devices allows 1 to 1000000, --blocks 1 to 10000, and 100000000 pairs at most.")
    }
  }
}

extension PolicyRegistry {
  /// The entry that `--policy` names.
  static func entry(option name: String) throws -> PolicyEntry {
    guard let entry = entry(named: name) else {
      throw ValidationError("--policy is '\(name)'; allowed are \(all.map(\.name).joined(separator: ", ")).")
    }
    return entry
  }
}
