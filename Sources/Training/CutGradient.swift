/// What trains the device's part of a split model.
public enum CutGradient: String, Sendable, Hashable, CaseIterable {
  /// The gradient at the cut, which the server returns in each step.
  case returned
  /// A loss of the device's own, behind an auxiliary head at the cut; the server returns nothing.
  case localLoss = "local-loss"
}
