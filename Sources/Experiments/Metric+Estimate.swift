import Simulation
import Statistics

/// A metric over many runs: the mean of the runs' figures, or of a figure per participant the ratio of the sums over all of
/// them. Point estimate and interval are of the same thing.
extension Metric {
  /// The figure of every run, ready to be compared with another of the same draws; `nil` for a run that is missing.
  public func series(of runs: [RunMetrics?]) -> DrawSeries {
    let values = runs.map { $0?[self] ?? nil }
    guard weight == .participant else { return DrawSeries(values) }
    let counts = zip(runs, values).map { run, value in value.flatMap { _ in run?.participants } }
    return DrawSeries(
      zip(values, counts).map { value, count in value.flatMap { v in count.map { v * $0 } } }, per: counts)
  }

  /// The figure of all runs together with its standard error; `nil` where none of them has it.
  public func estimate(of runs: some Collection<RunMetrics>) -> Estimate? {
    guard let index = Self.index(of: name) else { return nil }
    guard weight == .participant else { return Estimate(Sample(runs.compactMap { $0.values[index] })) }
    return ratio(of: runs.filter { $0.values[index] != nil }).estimate
  }

  /// The difference to other runs of the same draws in the same order, each of which has the figure; `nil` for none.
  func difference(of runs: [RunMetrics], to others: [RunMetrics], paired: PairedComparison) -> Estimate? {
    weight == .participant ? ratio(of: runs).difference(to: ratio(of: others)) : paired.difference
  }

  private func ratio(of runs: [RunMetrics]) -> RatioEstimate {
    let counts = runs.map(\.participants)
    return RatioEstimate(parts: zip(runs, counts).map { ($0[self] ?? 0) * $1 }, counts: counts)
  }
}
