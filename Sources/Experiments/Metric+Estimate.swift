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
    Self.index(of: name).flatMap { estimate(of: runs, at: $0) }
  }

  /// The same of the metric that stands at `index` of all.
  func estimate(of runs: some Collection<RunMetrics>, at index: Int) -> Estimate? {
    guard weight == .participant else { return Estimate(Sample(runs.compactMap { $0.values[index] })) }
    let having = runs.filter { $0.values[index] != nil }
    return ratio(of: having, at: index).estimate
  }

  /// The difference to other runs of the same draws in the same order, each of which has the figure; `nil` for none.
  func difference(of runs: [RunMetrics], to others: [RunMetrics], paired: PairedComparison) -> Estimate? {
    guard weight == .participant, let index = Self.index(of: name) else { return paired.difference }
    return ratio(of: runs, at: index).difference(to: ratio(of: others, at: index))
  }

  private func ratio(of runs: [RunMetrics], at index: Int) -> RatioEstimate {
    let counts = runs.map(\.participants)
    return RatioEstimate(parts: zip(runs, counts).map { ($0.values[index] ?? 0) * $1 }, counts: counts)
  }
}
