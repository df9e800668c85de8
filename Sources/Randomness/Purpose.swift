/// What a stream's numbers are for. The raw value is part of the stream's key: never reuse or renumber one.
public enum Purpose: UInt8, Sendable, CaseIterable {
  /// Attributes of devices, one stream a device and attribute.
  case deviceAttribute = 1
  /// Attributes of the server.
  case serverAttribute = 2
  /// Log-normal shadowing and line of sight, a stream a device.
  case shadowing = 3
  /// Small-scale fading, a stream a round and device.
  case fading = 4
  /// Blocks drawn by the policy `rb` and `fixed`, a stream a round.
  case randomBlocks = 5
  /// BCD's first reference blocks, a stream a round.
  case initialBlocks = 6
}
