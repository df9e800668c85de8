import Datasets
import Randomness
import Testing

@Suite("Shards")
struct ShardsTests {
  /// Labels of as many samples of class 0, 1, … as `sizes` says, mixed.
  private func labels(_ sizes: [Int]) -> [UInt8] {
    var labels = sizes.enumerated().flatMap { [UInt8](repeating: UInt8($0), count: $1) }
    var stream = Seed(99).stream(.partition)
    stream.shuffle(&labels)
    return labels
  }

  private func deal(_ perDevice: Int, _ sizes: [Int], devices: Int, seed: UInt64 = 1) throws -> [[Int]] {
    let labels = labels(sizes)
    let partition = try PartitionRule.shards(classes: perDevice).assign(
      labels: labels, classes: sizes.count, devices: devices, seed: Seed(seed))
    #expect(partition.samples.flatMap(\.self).sorted() == labels.indices.map(Int32.init), "every sample has one owner")
    return partition.counts(labels: labels, classes: sizes.count)
  }

  @Test(
    "each device holds exactly as many classes as asked, whatever divides what",
    arguments: [
      (1, 10), (1, 13), (2, 5), (2, 10), (2, 12), (3, 4), (3, 7), (7, 9), (10, 1), (10, 3), (9, 19),
    ])
  func exact(perDevice: Int, devices: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      for sizes in [[Int](repeating: 60, count: 10), [200, 120, 80, 60, 40, 30, 20, 60, 60, 60]] {
        let held = try deal(perDevice, sizes, devices: devices, seed: seed)
        #expect(held.allSatisfy { $0.count { $0 > 0 } == perDevice }, "seed \(seed), \(sizes)")
      }
    }
  }

  @Test("with as many shards of each class all devices have as many samples")
  func equal() throws {
    let held = try deal(2, [Int](repeating: 60, count: 10), devices: 10)
    #expect(held.allSatisfy { $0.reduce(0, +) == 60 })
  }

  @Test("the largest classes are cut most often")
  func sizes() throws {
    // 8 shards: 300 / 5, 120 / 2 and 60.
    let held = try deal(1, [300, 120, 60], devices: 8)
    #expect(held.allSatisfy { $0.reduce(0, +) == 60 })
  }

  @Test("which classes a device holds is drawn: every pair of classes comes up, each class as often on every device")
  func drawn() throws {
    var pairs: [Set<Int>: Int] = [:]
    var holders = [Int](repeating: 0, count: 4)
    let draws = 2000
    for seed in 0..<UInt64(draws) {
      let held = try deal(2, [10, 10, 10, 10], devices: 4, seed: seed)
      for (device, counts) in held.enumerated() {
        pairs[Set(counts.indices.filter { counts[$0] > 0 }), default: 0] += 1
        if counts[0] > 0 { holders[device] += 1 }
      }
    }
    #expect(pairs.count == 6)
    // 8000 pairs in 6 kinds of 1333, standard deviation below 40; 1000 of 2000 for a class on a device, 23.
    #expect(pairs.values.allSatisfy { abs($0 - 1333) < 200 }, "\(pairs)")
    #expect(holders.allSatisfy { abs($0 - 1000) < 115 }, "\(holders)")
  }

  @Test("classes without samples count as none")
  func absent() throws {
    #expect(try deal(2, [40, 0, 40, 0], devices: 3).allSatisfy { $0.count { $0 > 0 } == 2 })
  }

  @Test("what cannot be had is said")
  func refused() {
    func message(_ perDevice: Int, _ sizes: [Int], devices: Int) -> String {
      do {
        _ = try deal(perDevice, sizes, devices: devices)
        return "dealt"
      } catch {
        return "\(error)"
      }
    }
    let hundred = [Int](repeating: 5, count: 100)
    let few = message(1, hundred, devices: 4)
    #expect(
      few.contains("with 'classes: 1' 4 devices hold samples of 4 classes at most, and nobody those of the other 96"))
    #expect(few.contains("write 'classes: 25' or more, take 100 devices or more, or name 4 classes in dataset.classes"))
    #expect(message(25, hundred, devices: 4) == "dealt")
    #expect(message(3, [40, 0, 40, 0], devices: 3).contains("the training samples are of 2"))
    #expect(message(2, [10, 1, 1], devices: 10).contains("12 training samples cannot be cut into 20 shards"))
    #expect(message(0, [10, 10], devices: 2).contains("samples of 0 classes"))
    #expect(message(.max, [10, 10], devices: 2).contains("the training samples are of 2"))
  }
}
