/// Why a file of weights cannot be used.
public struct WeightsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, what is wrong in it and what to do.
  public let description: String

  /// An error that reads as `description`.
  public init(_ description: String) { self.description = description }
}
