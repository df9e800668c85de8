/// How a number varies over devices: a plain value or a distribution, numbers in SI units.
public enum Distribution: Sendable, Hashable {
  /// Always the same.
  case constant(Double)
  /// Uniform on [low, high).
  case uniform(low: Double, high: Double)
  /// A whole number, each of low…high equally likely.
  case integer(low: Int, high: Int)
  /// One of the values, equally likely.
  case choice([Double])
  /// Gaussian with mean and standard deviation.
  case normal(mean: Double, standardDeviation: Double)
  /// exp of a Gaussian: `median` is exp of its mean, `sigma` its standard deviation in nepers (natural logarithm).
  case lognormal(median: Double, sigma: Double)
  /// Exponential with a mean.
  case exponential(mean: Double)
  /// The n-th value for the n-th device.
  case each([Double])
}
