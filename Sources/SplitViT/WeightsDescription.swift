import Datasets

/// What a file of weights is, as far as its names, shapes and texts tell: for people who were given one.
public struct WeightsDescription: Sendable {
  /// Whose names its tensors have.
  public let library: String
  /// How many files it lies in.
  public let files: Int
  /// How its elements are stored, each kind once.
  public let types: [String]
  /// Elements of all tensors.
  public let parameters: Int
  /// The shape of the Vision Transformer that it holds; `nil` where it holds none that can be read.
  public let shape: Shape?
  /// What its norms add to a variance.
  public let normEpsilon: Double
  /// Whose pixels it was trained on and how these were prepared, where the names or the texts say so.
  public let family: (name: String, normalization: DatasetPlan.Normalization)?

  /// What the tensors say of a Vision Transformer. How many heads its attention has, no tensor says.
  public struct Shape: Sendable, Hashable {
    /// Channels of an image.
    public var channels: Int
    /// Side of an image, where the positions are those of a square.
    public var image: Int?
    /// Side of a patch.
    public var patch: Int
    /// Width of a token.
    public var width: Int
    /// Blocks.
    public var depth: Int
    /// Outputs of the head; `nil` where it has none.
    public var classes: Int?
  }

  /// Looks at the file at `path`, or at the files that an index there names; no values are read.
  ///
  /// - Throws: ``WeightsError`` that says in words what it is instead.
  public init(reading path: String) throws(WeightsError) {
    let folder = try WeightsFolder(reading: path)
    library = folder.names.library
    files = folder.files.count
    let entries = folder.entries
    types = Set(entries.map(\.element.rawValue)).sorted()
    parameters = entries.reduce(0) { $0 + $1.count }
    shape = Shape(folder)
    normEpsilon = folder.normEpsilon
    family = WeightsOrigin.family(of: folder)
  }
}

extension WeightsDescription.Shape {
  fileprivate init?(_ folder: WeightsFolder) {
    guard let projection = folder["patch_embed.proj.weight"]?.shape, projection.count == 4,
      projection[2] == projection[3], folder["blocks.0.attn.qkv.weight"] != nil
    else { return nil }
    (width, channels, patch) = (projection[0], projection[1], projection[2])
    depth = (0...).prefix { folder["blocks.\($0).attn.qkv.weight"] != nil }.count
    classes = folder["head.weight"]?.shape.first
    let positions = folder["pos_embed"].flatMap { $0.shape.count == 3 ? $0.shape[1] - 1 : nil } ?? 0
    let side = Int(Double(max(0, positions)).squareRoot().rounded())
    let (product, overflow) = side.multipliedReportingOverflow(by: patch)
    image = side > 0 && side * side == positions && !overflow ? product : nil
  }
}
