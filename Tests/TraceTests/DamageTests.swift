import Foundation
import TestSupport
import Testing
import Trace

@Suite("Damaged files")
struct DamageTests {
  /// The text with a few bytes overwritten, removed or cut off behind.
  private func damaged(_ text: String, seed: UInt64) -> Data {
    var random = SplitMix(state: seed)
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: Array(",\"\n0".utf8), at: place)
      default: bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      if bytes.isEmpty { break }
    }
    return Data(bytes)
  }

  @Test("a trace damaged anywhere reads, or says where it is damaged")
  func traces() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/devices.csv"
    let file = try TraceFile<DeviceRecord>(path: path)
    for outcome in Outcome.allCases {
      var record = DeviceRecord()
      record.block = 3
      record.outcome = outcome
      try file.append(record)
    }
    try file.flush()
    let text = try folder.text("devices.csv")
    let most = Outcome.allCases.count + 2
    var told = 0
    for seed in 1...500 as ClosedRange<UInt64> {
      try damaged(text, seed: seed).write(to: URL(fileURLWithPath: path))
      do throws(TraceError) {
        var reader = try TraceReader<DeviceRecord>(path: path)
        let count = try reader.remaining().count
        #expect(count <= most, "seed \(seed)")
      } catch {
        guard case .damaged(path, 1...most, 1..., _) = error else {
          Issue.record("seed \(seed): \(error)")
          continue
        }
        told += 1
      }
    }
    #expect(told > 300)
  }
}
