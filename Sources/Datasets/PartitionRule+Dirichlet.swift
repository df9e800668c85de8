import Randomness

extension PartitionRule {
  /// How often a Dirichlet partition is drawn before giving up.
  public static let tries = 1000

  /// Label by label, the devices' shares of a class are drawn from a Dirichlet distribution; a device that has its equal
  /// part of all samples already gets none. Drawn again until every device has the minimum: the convention of Li, Diao,
  /// Chen, He: "Federated learning on non-IID data silos", ICDE 2022.
  static func dirichlet(
    _ alpha: Double, _ minimum: Int, members: [[Int32]], devices: Int, seed: Seed
  ) throws(DatasetError) -> [[Int32]] {
    let total = members.reduce(0) { $0 + $1.count }
    for attempt in 0..<tries {
      var stream = seed.stream(.partition, attempt)
      var lists = [[Int32]](repeating: [], count: devices)
      for var own in members where !own.isEmpty {
        stream.shuffle(&own)
        var shares = stream.dirichlet(alpha: alpha, count: devices)
        for device in lists.indices where lists[device].count * devices >= total { shares[device] = 0 }
        deal(own, by: shares, to: &lists)
      }
      if lists.allSatisfy({ $0.count >= minimum }) { return lists }
    }
    throw DatasetError(
      "none of \(tries) partitions from Dirichlet(\(alpha)) gave each of \(devices) devices \(minimum) samples; choose a "
        + "larger alpha, fewer devices, more samples, a smaller min_samples or 'samples: equal'")
  }

  /// Cuts a class where the shares' running sum falls, rounded down; the last device that has a share takes the rest.
  private static func deal(_ own: [Int32], by shares: [Double], to lists: inout [[Int32]]) {
    let total = shares.reduce(0, +)
    var shares = shares
    // Shares that all underflowed, or fell to devices that are full: the emptiest device takes the class.
    if !(total > 0) {
      let emptiest = lists.indices.min { lists[$0].count < lists[$1].count } ?? 0
      shares = shares.indices.map { $0 == emptiest ? 1 : 0 }
    }
    let scale = Double(own.count) / (total > 0 ? total : 1)
    let last = shares.lastIndex { $0 > 0 } ?? 0
    var start = 0
    var sum = 0.0
    for device in lists.indices {
      sum += shares[device]
      let end = device >= last ? own.count : min(own.count, max(start, Int(sum * scale)))
      lists[device] += own[start..<end]
      start = end
    }
  }

  /// Device by device, the classes' shares are drawn from a Dirichlet distribution; a ``MarginTable`` then fits them to
  /// equal devices and to the classes as they are, so that every sample has an owner.
  ///
  /// The fit is a choice of ours. Where samples are drawn one after another from each device's shares, as is also done,
  /// classes run out, and what is left over falls to the last devices or to all devices' last samples.
  static func equalDirichlet(_ alpha: Double, members: [[Int32]], devices: Int, seed: Seed) -> [[Int32]] {
    var stream = seed.stream(.partition)
    var members = members.filter { !$0.isEmpty }
    for place in members.indices { stream.shuffle(&members[place]) }
    let columns = members.map(\.count)
    let rows = equalSizes(columns.reduce(0, +), parts: devices)
    let shares = rows.flatMap { _ in stream.dirichlet(alpha: alpha, count: columns.count) }
    let counts = MarginTable(rows: rows, columns: columns).counts(like: shares)
    var starts = [Int](repeating: 0, count: columns.count)
    return rows.indices.map { device in
      columns.indices.flatMap { place in
        let start = starts[place]
        starts[place] += counts[device * columns.count + place]
        return members[place][start..<starts[place]]
      }
    }
  }
}
