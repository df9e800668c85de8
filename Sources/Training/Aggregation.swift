/// How the devices' models become one.
public enum Aggregation {
  /// D_n / sum of the participants' D, in the order of `samples`: the weights of Eq. (6) in the form that the authors'
  /// release runs. With all devices as participants these are the data shares rho_n of Eq. (1).
  ///
  /// All are 0 where nobody has a sample.
  public static func weights(samples: [Int]) -> [Double] {
    let total = samples.reduce(0.0) { $0 + Double($1) }
    return samples.map { total > 0 ? Double($0) / total : 0 }
  }
}
