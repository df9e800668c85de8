/// Where the labels of a split model are, and with them its head and the loss.
public enum Labels: String, Sendable, Hashable, CaseIterable {
  /// At the server, which has all behind the cut.
  case server
  /// On the device, which keeps the head (U-shaped split learning): what the head reads comes down, the gradient of it goes up.
  case device
}
