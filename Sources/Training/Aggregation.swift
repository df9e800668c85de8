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

/// How models come together in a round.
public enum AggregationStyle: String, Sendable, Hashable, CaseIterable {
  /// Every participant starts from the model, and theirs are averaged by data, Eq. (6).
  case averaged
  /// One server part takes all steps in the order of the server's events; device parts are averaged by data.
  case sharedServer = "shared-server"
  /// The model is handed on from participant to participant.
  case handedOn = "handed-on"
  /// Each device has a model of its own.
  case alone
  /// The participants' samples lie in one place, where one model is trained.
  case pooled
}

extension Framework.Traits {
  /// How models come together in a round.
  public var style: AggregationStyle {
    switch (upload, order) {
    case (.rawData, _): .pooled
    case (.nothing, _): .alone
    case (_, .sequential): .handedOn
    default: sharesServer ? .sharedServer : .averaged
    }
  }
}
