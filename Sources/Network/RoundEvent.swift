import EventKernel

/// What may happen in a round. The raw values are the order of events at one instant and part of the model:
/// completions come before the deadline that they meet, and a round is aggregated after all else that ends in it.
public enum RoundEvent: UInt8, EventKind, Sendable, Hashable, Codable, CaseIterable {
  /// A device's download ended: the gradient of a step's activations, what its head reads or, before the first step, the model.
  case downlink = 0
  /// A device's forward pass ended.
  case forward = 1
  /// A device's upload ended: activations of a step, the gradient from its head, or raw data.
  case uplink = 2
  /// The server's forward and backward pass for a device ended, or one of the two where the device has the head.
  case server = 3
  /// A device's backward pass ended, and with it the step, unless that has something left; or the pass through its head.
  case backward = 4
  /// A model upload ended, and with it the device's round.
  case modelUpload = 5
  /// A step (or round) had to be done by now.
  case deadline = 6
  /// Every admitted device is done: models are aggregated, Eq. (6).
  case aggregated = 7
  /// A link was given up, and with it the device's round.
  case linkLost = 8
  /// A device left, and with it its round ended.
  case left = 9
  /// A block became free while others are at work: somebody else may begin. The last of an instant.
  case decision = 10
  /// A device was stopped when others merged. Only a row of `events.csv`: nobody waits for it.
  case withdrawn = 11

  /// A device's battery ran empty, and with it its round ended.
  case empty = 12

  /// The name in `events.csv`.
  public var name: String {
    switch self {
    case .downlink: "downlink"
    case .forward: "forward"
    case .uplink: "uplink"
    case .server: "server"
    case .backward: "backward"
    case .modelUpload: "model_upload"
    case .deadline: "deadline"
    case .aggregated: "aggregated"
    case .linkLost: "link_lost"
    case .left: "left"
    case .decision: "decision"
    case .withdrawn: "withdrawn"
    case .empty: "empty"
    }
  }
}
