import Units

/// A program that a scenario names and AirSplit starts: a policy or a trainer in any language.
public struct ExternalCommand: Sendable, Hashable {
  /// The program and its arguments; nothing is handed to a shell. A program without a slash is looked up on PATH.
  public var words: [String]
  /// How long it may take to answer.
  public var timeout: Seconds

  /// A program to start.
  public init(words: [String], timeout: Seconds) {
    self.words = words
    self.timeout = timeout
  }
}
