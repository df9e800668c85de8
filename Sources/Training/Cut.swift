/// Where a Vision Transformer is cut: what lies before stands on the device, what lies behind on the server.
public enum Cut: Sendable, Hashable {
  /// Behind the patch projection, as in the paper: patches × width activations go on the air, and the server adds the
  /// class token and the positions.
  case embedding
  /// Behind class token and positions: tokens × width activations go on the air.
  case afterEmbedding
  /// Behind the block of this number, counted from 1: tokens × width activations go on the air.
  case afterBlock(Int)

  /// Blocks that stand on the device.
  public var deviceBlocks: Int {
    if case .afterBlock(let count) = self { count } else { 0 }
  }
}

extension Cut: LosslessStringConvertible {
  /// As scenarios write it: `embedding`, `after-embedding`, `after-block-4`.
  public var description: String {
    switch self {
    case .embedding: "embedding"
    case .afterEmbedding: "after-embedding"
    case .afterBlock(let count): "after-block-\(count)"
    }
  }

  /// Reads what ``description`` writes; `nil` for anything else.
  public init?(_ text: String) {
    switch text {
    case "embedding": self = .embedding
    case "after-embedding": self = .afterEmbedding
    default:
      let prefix = "after-block-"
      guard text.hasPrefix(prefix), let count = Int(text.dropFirst(prefix.count)), count >= 1 else { return nil }
      self = .afterBlock(count)
    }
    guard description == text else { return nil }
  }
}
