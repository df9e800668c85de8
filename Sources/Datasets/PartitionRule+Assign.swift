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
    case .dirichlet(let alpha, let minimum, let sizes):
      let (least, overflow) = minimum.multipliedReportingOverflow(by: devices)
      guard !overflow, least <= labels.count else {
        throw DatasetError(
          "\(labels.count) training samples cannot give each of \(devices) devices min_samples, \(minimum)")
      }
      let members = Self.members(labels, classes: classes)
      switch sizes {
      case .drawn: lists = try Self.dirichlet(alpha, minimum, members: members, devices: devices, seed: seed)
      case .equal: lists = Self.equalDirichlet(alpha, members: members, devices: devices, seed: seed)
      }
    case .shards(let perDevice):
      lists = try Self.shards(
        perDevice, members: Self.members(labels, classes: classes), devices: devices, seed: seed)
    case .iid:
      var order = (0..<labels.count).map(Int32.init)
      var stream = seed.stream(.partition)
      stream.shuffle(&order)
      lists = try Self.runs(order, devices: devices, sizes: sizes)
    case .contiguous:
      lists = try Self.runs((0..<labels.count).map(Int32.init), devices: devices, sizes: sizes)
    case .file(let path, let partition):
      guard partition.samples.count == devices else {
        throw DatasetError("'\(path)' deals to \(partition.samples.count) devices, and there are \(devices)")
      }
      for (device, own) in partition.samples.enumerated() {
        guard let last = own.last, last < labels.count else {
          throw DatasetError(
            own.isEmpty
              ? "'\(path)' gives device \(device) no sample"
              : "'\(path)' gives device \(device) the sample \(own[own.count - 1]), and \(labels.count) training samples are used, "
                + "numbered from 0")
        }
      }
      return partition
    }
    return Partition(samples: lists.map { $0.sorted() })
  }

  /// The samples of each class, ascending.
  private static func members(_ labels: [UInt8], classes: Int) -> [[Int32]] {
    var members = [[Int32]](repeating: [], count: classes)
    for (sample, label) in labels.enumerated() { members[Int(label)].append(Int32(sample)) }
    return members
  }

  /// `total` in so many parts, of which the first take the remainder.
  static func equalSizes(_ total: Int, parts: Int) -> [Int] {
    (0..<parts).map { total / parts + ($0 < total % parts ? 1 : 0) }
  }

  /// Runs of `order`, one per device: of the given sizes, or equal ones.
  private static func runs(_ order: [Int32], devices: Int, sizes: [Int]?) throws(DatasetError) -> [[Int32]] {
    var start = 0
    var lists: [[Int32]] = []
    for (device, size) in (sizes ?? equalSizes(order.count, parts: devices)).enumerated() {
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
}
