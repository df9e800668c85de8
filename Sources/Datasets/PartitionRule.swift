/// Who holds which training samples.
public enum PartitionRule: Sendable, Hashable {
  /// Shares are drawn from Dirichlet(alpha, …, alpha): small alphas give each device few classes. Every device has
  /// `minimumSamples` or more; `sizes` says what the shares are of.
  case dirichlet(alpha: Double, minimumSamples: Int, sizes: Sizes = .drawn)
  /// Samples in random order, dealt out in runs: equal ones (a remainder goes to the first devices), or of given sizes.
  case iid
  /// Each device holds samples of exactly this many classes: classes are cut into `classes` × N shards in all, as alike in
  /// size as whole shards of one class can be, and a device has as many of them, each of another class.
  case shards(classes: Int)
  /// The n-th run of samples, in the order of the file, for device n.
  case contiguous
  /// What a file says, read from `path`: places among the training samples that are used, from 0. Samples may be left over.
  case file(path: String, Partition)

  /// How many samples the devices of a Dirichlet partition have.
  public enum Sizes: String, Sendable, Hashable, CaseIterable {
    /// As many as fall to them: the devices' shares are drawn class by class, and drawn again until every device has the
    /// minimum.
    case drawn
    /// As many as the others, or one more: the classes' shares are drawn device by device.
    case equal
  }

  /// The file that says who holds what, where one does.
  public var path: String? { if case .file(let path, _) = self { path } else { nil } }

  /// Whether `devices.samples` may set the sizes.
  public var takesSizes: Bool {
    switch self {
    case .iid, .contiguous: true
    case .dirichlet, .shards, .file: false
    }
  }
}
