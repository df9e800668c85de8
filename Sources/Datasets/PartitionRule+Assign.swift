import Randomness

extension PartitionRule {
  /// Deals the samples out to `devices` devices.
  ///
  /// - Parameters:
  ///   - labels: The samples' labels, below `classes`.
  ///   - sizes: Samples of each device, for ``iid`` and ``contiguous`` only; `nil`: all samples in equal parts.
  /// - Throws: ``DatasetError`` where the samples do not suffice.
  public func assign(
    labels: [UInt8], classes: Int, devices: Int, sizes: [Int]? = nil, seed: Seed
  ) throws(DatasetError) -> Partition {
    guard devices >= 1, devices <= labels.count else {
      throw DatasetError(
        "\(labels.count) training samples cannot be dealt out to \(devices) devices, one each at least")
    }
    let lists: [[Int32]]
    switch self {
    case .dirichlet(let alpha, let minimum):
      lists = try Self.dirichlet(alpha, minimum, labels: labels, classes: classes, devices: devices, seed: seed)
    case .shards(let perDevice):
      lists = try Self.shards(perDevice, labels: labels, devices: devices, seed: seed)
    case .iid:
      var order = (0..<labels.count).map(Int32.init)
      var stream = seed.stream(.partition)
      stream.shuffle(&order)
      lists = try Self.runs(order, devices: devices, sizes: sizes)
    case .contiguous:
      lists = try Self.runs((0..<labels.count).map(Int32.init), devices: devices, sizes: sizes)
    }
    return Partition(samples: lists.map { $0.sorted() })
  }

  /// How often a Dirichlet partition is drawn before giving up.
  public static let tries = 1000

  /// Runs of `order`, one a device: of the given sizes, or equal ones of which the first take the remainder.
  private static func runs(_ order: [Int32], devices: Int, sizes: [Int]?) throws(DatasetError) -> [[Int32]] {
    let equal = (0..<devices).map { order.count / devices + ($0 < order.count % devices ? 1 : 0) }
    let sizes = sizes ?? equal
    var start = 0
    var lists: [[Int32]] = []
    for (device, size) in sizes.enumerated() {
      guard size >= 1, size <= order.count - start else {
        throw DatasetError(
          "devices.samples gives device \(device) \(size) samples, and \(order.count - start) of \(order.count) are left; "
            + "give fewer, or leave devices.samples out for equal parts")
      }
      lists.append(Array(order[start..<start + size]))
      start += size
    }
    return lists
  }

  /// Sorted by label, cut into `perDevice` × devices shards, dealt out at random.
  private static func shards(
    _ perDevice: Int, labels: [UInt8], devices: Int, seed: Seed
  ) throws(DatasetError) -> [[Int32]] {
    let (count, overflow) = perDevice.multipliedReportingOverflow(by: devices)
    guard perDevice >= 1, !overflow, count <= labels.count else {
      throw DatasetError(
        "\(labels.count) training samples cannot be cut into \(perDevice) shards for \(devices) devices")
    }
    let sorted = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }.map(Int32.init)
    var pieces = try runs(sorted, devices: count, sizes: nil)
    var stream = seed.stream(.partition)
    stream.shuffle(&pieces)
    return (0..<devices).map { device in
      pieces[device * perDevice..<(device + 1) * perDevice].flatMap(\.self)
    }
  }

  /// Label by label, the devices' shares of a class are drawn from a Dirichlet distribution; a device that has its equal
  /// part of all samples already gets none. Drawn again until every device has the minimum: the convention of Li, Diao,
  /// Chen, He: "Federated learning on non-IID data silos", ICDE 2022.
  private static func dirichlet(
    _ alpha: Double, _ minimum: Int, labels: [UInt8], classes: Int, devices: Int, seed: Seed
  ) throws(DatasetError) -> [[Int32]] {
    let (least, overflow) = minimum.multipliedReportingOverflow(by: devices)
    guard !overflow, least <= labels.count else {
      throw DatasetError(
        "\(labels.count) training samples cannot give each of \(devices) devices min_samples, \(minimum)")
    }
    var members = [[Int32]](repeating: [], count: classes)
    for (sample, label) in labels.enumerated() { members[Int(label)].append(Int32(sample)) }
    for attempt in 0..<tries {
      var stream = seed.stream(.partition, attempt)
      var lists = [[Int32]](repeating: [], count: devices)
      for var own in members where !own.isEmpty {
        stream.shuffle(&own)
        var shares = stream.dirichlet(alpha: alpha, count: devices)
        for device in lists.indices where lists[device].count * devices >= labels.count { shares[device] = 0 }
        deal(own, by: shares, to: &lists)
      }
      if lists.allSatisfy({ $0.count >= minimum }) { return lists }
    }
    throw DatasetError(
      "none of \(tries) partitions from Dirichlet(\(alpha)) gave each of \(devices) devices \(minimum) samples; choose a "
        + "larger alpha, fewer devices, more samples or a smaller min_samples")
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
}
