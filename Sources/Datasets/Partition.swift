/// Who holds which training samples.
public struct Partition: Sendable, Hashable {
  /// For each device the numbers of its samples, ascending: the order in which they are visited without shuffling.
  public let samples: [[Int32]]

  /// A partition over as many devices as lists.
  public init(samples: [[Int32]]) { self.samples = samples }

  /// So many samples a device, numbered one device after another.
  ///
  /// - Precondition: sizes are not negative, and their sum has room in 32 bits.
  public init(numbering sizes: [Int]) {
    var next: Int32 = 0
    samples = sizes.map { size in
      defer { next += Int32(size) }
      return Array(next..<next + Int32(size))
    }
  }

  /// D_n of each device.
  public var sizes: [Int] { samples.map(\.count) }

  /// For each device how many samples of each class it holds.
  ///
  /// - Precondition: the samples are places of `labels`, and labels are below `classes`.
  public func counts(labels: [UInt8], classes: Int) -> [[Int]] {
    samples.map { own in
      own.reduce(into: [Int](repeating: 0, count: classes)) { $0[Int(labels[Int($1)])] += 1 }
    }
  }
}
