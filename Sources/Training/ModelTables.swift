/// Tables I and II of the paper: ours from first principles beside what the paper prints.
public struct ModelTables: Sendable, Encodable {
  /// Mini-batch size b that work, memory and communication are of.
  public let batch: Int
  /// How ours is counted.
  public let notes: [String]
  /// Table I: cost of frameworks, a column each.
  public let frameworks: [FrameworkColumn]
  /// Table II: the device-side embedding of four transformers, a column each.
  public let embeddings: [EmbeddingColumn]

  /// A column of Table I.
  public struct FrameworkColumn: Sendable, Encodable {
    /// Framework and model, `FL ViT-B/32`.
    public let name: String
    /// What is communicated, in MB.
    public let communication: TableEntry<Double>
    /// Forward work of a device on a batch, in GFLOP.
    public let compute: TableEntry<Double>
    /// Memory that a device needs for a batch, in MB.
    public let memory: TableEntry<Double>

    enum CodingKeys: String, CodingKey {
      case name
      case communication = "communication_mb"
      case compute = "compute_gflop"
      case memory = "memory_mb"
    }
  }

  /// A column of Table II.
  public struct EmbeddingColumn: Sendable, Encodable {
    /// timm's name of the model.
    public let name: String
    /// Weights of the patch embedding, P² × 3 × d × 4 bytes, in MB.
    public let parameters: TableEntry<Double>
    /// Forward work on a batch, b × patches × P² × 3 × d × 2, in GFLOP.
    public let compute: TableEntry<Double>
    /// Activations and their gradients, b × patches × d × 4 × 2 bytes, in MB.
    public let memory: TableEntry<Double>
    /// Shape of what goes over the air.
    public let outputShape: TableEntry<String>

    enum CodingKeys: String, CodingKey {
      case name
      case parameters = "parameters_mb"
      case compute = "compute_gflop"
      case memory = "memory_mb"
      case outputShape = "output_shape"
    }
  }

  enum CodingKeys: String, CodingKey {
    case batch
    case notes
    case frameworks = "table_1"
    case embeddings = "table_2"
  }
}
