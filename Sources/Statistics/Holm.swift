/// Holm's adjustment of many tests, which keeps the chance of any false finding at the level of one.
public enum Holm {
  /// The adjusted probabilities, in the order given: p(i) times the number of tests not smaller, never falling, at most 1.
  public static func adjusted(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    var result = probabilities
    var least = 0.0
    for (rank, index) in order.enumerated() {
      least = max(least, min(1, probabilities[index] * Double(probabilities.count - rank)))
      result[index] = least
    }
    return result
  }
}
