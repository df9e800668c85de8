import Randomness
import Wireless

extension RoundContext {
  /// The reference block of every device that a start of `bcd` begins with: the given ones in the first, or each drawn
  /// uniformly, for every start anew.
  ///
  /// - Throws: ``PolicyError`` where the given ones are not one block of the problem for every device.
  public func initialBlocks(for problem: Problem, restart: Int = 0) throws -> [Int] {
    let (devices, blocks) = (problem.devices.count, problem.blockCount)
    guard let given = initialBlocks, restart == 0 else {
      guard blocks > 0 else { throw PolicyError("bcd needs at least one block") }
      var stream = seed.stream(.initialBlocks, round, restart)
      return (0..<devices).map { _ in stream.integer(in: 0...blocks - 1) }
    }
    guard given.count == devices, given.allSatisfy({ $0 >= 0 && $0 < blocks }) else {
      throw PolicyError("bcd needs \(devices) initial blocks from 0 to \(blocks - 1), one for every device")
    }
    return given
  }

  /// The device on every block for `rb`, `nil` for none: the given ones, or min(N, K) devices drawn uniformly, each on
  /// a block of its own.
  ///
  /// - Throws: ``PolicyError`` where the given ones are not one device of the problem, or −1, for every block.
  public func deviceOnBlock(for problem: Problem) throws -> [Int?] {
    let (devices, blocks) = (problem.devices.count, problem.blockCount)
    guard let given = deviceOnBlock else {
      var stream = seed.stream(.randomBlocks, round)
      var drawn = [Int?](repeating: nil, count: blocks)
      if devices >= blocks {
        drawn = stream.choose(blocks, of: devices)
      } else {
        for (device, block) in stream.choose(devices, of: blocks).enumerated() { drawn[block] = device }
      }
      return drawn
    }
    let placed = given.filter { $0 >= 0 }
    guard given.count == blocks, given.allSatisfy({ $0 >= -1 && $0 < devices }), Set(placed).count == placed.count
    else {
      throw PolicyError(
        "rb needs a device for each of the \(blocks) blocks: different ones from 0 to \(devices - 1), or -1 for none")
    }
    return given.map { $0 < 0 ? nil : $0 }
  }

  /// The pairs of ``deviceOnBlock(for:)``.
  func randomPairs(_ problem: Problem) throws -> [(device: Int, block: Int)] {
    try deviceOnBlock(for: problem).enumerated().compactMap { block, device in device.map { ($0, block) } }
  }

  /// The devices in random order, each on a random one of the free blocks that it can use, if there is one.
  ///
  /// - Parameter isFeasible: whether a device can use a block of a gain.
  func feasiblePairs(
    _ problem: Problem, isFeasible: (_ device: Int, _ gain: Double) -> Bool
  ) -> [(device: Int, block: Int)] {
    var stream = seed.stream(.randomBlocks, round)
    var devices = Array(problem.devices.indices)
    stream.shuffle(&devices)
    var free = Array(0..<problem.blockCount)
    var pairs: [(device: Int, block: Int)] = []
    for device in devices where !free.isEmpty {
      let row = problem.gains.row(device: device)
      let places = free.indices.filter { isFeasible(device, row[free[$0]]) }
      guard !places.isEmpty else { continue }
      pairs.append((device, free.remove(at: places[stream.integer(in: 0...places.count - 1)])))
    }
    return pairs
  }
}
