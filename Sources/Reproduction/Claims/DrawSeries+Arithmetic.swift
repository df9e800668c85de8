import Statistics

extension DrawSeries {
  /// Draw by draw, the figures' own.
  func minus(_ other: DrawSeries) -> DrawSeries {
    DrawSeries(
      zip(values, other.values).map { left, right -> Double? in
        guard let left, let right else { return nil }
        return left - right
      })
  }

  /// Draw by draw, the figures' own; none where the other's is 0.
  func over(_ other: DrawSeries) -> DrawSeries {
    DrawSeries(
      zip(values, other.values).map { left, right -> Double? in
        guard let left, let right, right != 0 else { return nil }
        return left / right
      })
  }

  /// Draw by draw, the figures' own.
  func times(_ factor: Double) -> DrawSeries {
    DrawSeries(values.map { value -> Double? in value.map { factor * $0 } })
  }

  /// The same number in each draw.
  func constant(_ value: Double) -> DrawSeries { DrawSeries(sums.map { _ -> Double? in value }) }
}
