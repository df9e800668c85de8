/// The resolved scenario as a tree that keeps the order of its keys: what `validate --resolved` and manifests print.
public indirect enum ResolvedNode: Sendable, Hashable {
  /// A value, as YAML and JSON scalars print it.
  case scalar(Scalar)
  /// A list.
  case list([ResolvedNode])
  /// Keys with values, in order.
  case map([Entry])

  /// A scalar of one of JSON's kinds.
  public enum Scalar: Sendable, Hashable {
    /// Text, a quantity with its unit included: `"20000000.0 Hz"`.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// A truth value.
    case bool(Bool)
    /// Nothing: the key has no value and that means something.
    case null
  }

  /// A key with its value.
  public struct Entry: Sendable, Hashable {
    /// The key.
    public var key: String
    /// Its value.
    public var value: ResolvedNode

    /// A key with its value.
    public init(_ key: String, _ value: ResolvedNode) {
      self.key = key
      self.value = value
    }
  }
}
