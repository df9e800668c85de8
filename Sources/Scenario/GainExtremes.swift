/// The least and the largest gain of a file, by which wrong units show; `Place` is where a gain stands.
struct GainExtremes<Place> {
  private var least = Double.infinity
  private var largest = -Double.infinity
  private var first: Place?
  private var firstPositive: Place?

  /// Adds a gain in decibels.
  mutating func add(_ decibels: Double, at place: @autoclosure () -> Place) {
    if first == nil { first = place() }
    if decibels > 0, firstPositive == nil { firstPositive = place() }
    least = min(least, decibels)
    largest = max(largest, decibels)
  }

  /// What looks wrong; `shown` says where a place is, and what is there.
  func warnings(_ shown: (Place) -> (position: Diagnostic.Position, keyPath: String)) -> [Diagnostic] {
    func warning(_ place: Place?, _ message: String) -> [Diagnostic] {
      guard let (position, keyPath) = place.map(shown) else { return [] }
      return [Diagnostic(severity: .warning, position: position, keyPath: keyPath, message: message)]
    }
    if least >= -3, largest <= 3 {
      return warning(
        first,
        "every gain lies between \(least) and \(largest) dB, as if a device stood in the antenna: these look like linear "
          + "power gains; write 10 log10 of them (pandas: 10 * np.log10(gain))")
    }
    return warning(
      firstPositive,
      "gains reach \(largest) dB, and above 0 dB more power arrives than was sent: these look like losses; write them "
        + "with a minus, gain_db = -loss_db")
  }
}
