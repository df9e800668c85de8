import JSON

/// The index of weights that lie in several files beside it, as Hugging Face keeps large models:
/// `{"weight_map": {"vit.layernorm.weight": "model-00002-of-00002.safetensors", …}}`.
public struct WeightsIndex: Sendable {
  /// Why a text is no such index: the rest of a sentence about it.
  public struct Refusal: Error, Sendable, Hashable {
    /// `is no JSON`, say.
    public let reason: String
    /// Whether it is JSON at all.
    public let isJSON: Bool
  }

  /// The names of the files, ascending.
  public let files: [String]
  /// Each tensor's name with that of its file.
  public let tensors: [(tensor: String, file: String)]

  /// Bytes that an index has at most.
  public static let largest = 64_000_000

  /// Whether the file of this name is an index.
  public static func isNamed(_ path: String) -> Bool { path.hasSuffix(".index.json") }

  /// The index that the bytes of a file are.
  ///
  /// - Throws: ``Refusal``.
  public init(parsing text: [UInt8]) throws(Refusal) {
    guard let index = try? JSONValue(parsing: text) else { throw Refusal(reason: "is no JSON", isJSON: false) }
    func refuse(_ reason: String) -> Refusal { Refusal(reason: reason, isJSON: true) }
    guard let map = index["weight_map"]?.members, !map.isEmpty else {
      throw refuse("is no index of weights: it has no 'weight_map' from tensors to files")
    }
    var tensors: [(String, String)] = []
    for member in map {
      guard let file = member.value.text else {
        throw refuse("says that '\(member.key.prefix(80))' lies in a file that does not have it")
      }
      guard file.hasSuffix(Self.ending), file.count > Self.ending.count, !file.contains("/"), !file.utf8.contains(0)
      else {
        throw refuse("names the file '\(file.prefix(80))'; files of an index lie beside it and end in \(Self.ending)")
      }
      tensors.append((member.key, file))
    }
    self.tensors = tensors
    files = Set(tensors.map(\.1)).sorted()
  }

  private static let ending = ".safetensors"
}
