import Allocation
import Foundation
import Units
import Wireless

/// `Peers/allocate-numpy.py` as a process that lives as long as this: Python's start and imports are not counted.
final class NumpyPeer {
  /// One answer: the optimum and how long it took, reading not counted.
  struct Answer: Decodable {
    var objective: Double
    var ms: Double
  }

  /// How it is written: level after level in place, or one array over devices, blocks and levels.
  enum Style: String, CaseIterable {
    case lean
    case broadcast
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let file = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString).f8")

  /// Starts it; nil, with a sentence on stderr, where that python lacks numpy or scipy.
  init?(python: String, style: Style) {
    let probe = Process()
    probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    probe.arguments = [python, "-c", "import numpy, scipy.optimize"]
    probe.standardError = FileHandle.nullDevice
    guard (try? probe.run()) != nil else { return nil }
    probe.waitUntilExit()
    guard probe.terminationStatus == 0 else {
      note("\(python) has no numpy and scipy: the peer is left out")
      return nil
    }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, PeerFolder.script("allocate-numpy.py"), style.rawValue]
    // Settings that some machines carry for old builds of OpenBLAS would slow a current numpy down.
    process.environment = ProcessInfo.processInfo.environment.filter {
      $0.key != "OPENBLAS_CORETYPE" && $0.key != "OPENBLAS_L2_SIZE"
    }
    process.standardInput = input
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: file)
  }

  /// Its answer to a problem of the paper's kind: linear payload, ideal radios, one clock, a deadline of one step.
  func solve(_ problem: Problem) throws -> Answer {
    let (first, last) = (problem.levels[0], problem.levels[problem.levels.count - 1])
    var numbers = [
      Double(problem.devices.count), Double(problem.blockCount), problem.bandwidth.value, problem.noise.value,
      problem.deadline.value, first.payload.value / Double(first.bits), Double(first.bits), Double(last.bits),
    ]
    for terms in problem.devices {
      numbers += [
        terms.dataShare, terms.powerMin.value, terms.powerMax.value, terms.computeTime.value,
        terms.computeEnergy.value, terms.serverTime.value,
      ]
    }
    for device in problem.devices.indices { numbers += problem.gains.row(device: device) }
    try numbers.withUnsafeBytes { try Data($0).write(to: file) }
    input.fileHandleForWriting.write(Data("\(file.path)\n".utf8))
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != UInt8(ascii: "\n") {
      line += byte
    }
    return try JSONDecoder().decode(Answer.self, from: line)
  }
}
