/// Who holds which training samples.
public enum PartitionRule: Sendable, Hashable {
  /// For every class, the devices' shares are drawn from Dirichlet(alpha, …, alpha): small alphas give each device few
  /// classes. Drawn again until every device has `minimumSamples`.
  case dirichlet(alpha: Double, minimumSamples: Int)
  /// Samples in random order, dealt out in runs: equal ones (a remainder goes to the first devices), or of given sizes.
  case iid
  /// Each device holds samples of this many classes: samples are sorted by label and cut into `classes` × N shards.
  case shards(classes: Int)
  /// The n-th run of samples, in the order of the file, for device n.
  case contiguous

  /// Whether `devices.samples` may set the sizes.
  public var takesSizes: Bool {
    switch self {
    case .iid, .contiguous: true
    case .dirichlet, .shards: false
    }
  }
}
