extension BadScenario {
  private static func scenario(_ aggregation: String, framework: String = "sflam", training: String = "{}") -> String {
    """
    schema: 1
    name: bad
    framework: \(framework)
    aggregation: \(aggregation)
    training: \(training)
    devices: {count: 20}
    server: {}
    uplink: {blocks: 4}
    model: {}
    """
  }

  /// When models merge.
  static let aggregation: [BadScenario] = [
    BadScenario(
      "aggregation-mode", scenario("{mode: bufered}"),
      """
      aggregation-mode.yaml:4:21: error: aggregation.mode: 'bufered' is not one of synchronous, deadline, quorum, buffered, \
      asynchronous; did you mean 'buffered'?
      """),
    BadScenario(
      "aggregation-other", scenario("{mode: quorum, size: 2, after: 3 s}"),
      """
      aggregation-other.yaml:4:45: error: aggregation.after: this key goes with 'mode: deadline' only
      """),
    BadScenario(
      "aggregation-stale", scenario("{mode: quorum, size: 2, max_staleness: 3}"),
      """
      aggregation-stale.yaml:4:53: error: aggregation.max_staleness: this key goes with 'mode: buffered', 'mode: \
      asynchronous' or 'rest: carried' only
      """),
    BadScenario(
      "aggregation-size", scenario("{mode: buffered, size: 5}"),
      """
      aggregation-size.yaml:4:14: error: aggregation: size is 5, and at most 4 devices are at work at once
      """),
    BadScenario(
      "aggregation-concurrency", scenario("{mode: asynchronous, concurrency: 6}"),
      """
      aggregation-concurrency.yaml:4:14: error: aggregation: concurrency is 6, and there are 4 blocks, one for each device at \
      work
      """),
    BadScenario(
      "aggregation-framework", scenario("{mode: asynchronous}", framework: "sl"),
      """
      aggregation-framework.yaml:4:14: error: aggregation: framework sl has nothing that could merge before all are done; use \
      sflam, sfl, sfl-v2 or fl
      """),
    BadScenario(
      "aggregation-shared", scenario("{mode: asynchronous}", framework: "sfl-v2"),
      """
      aggregation-shared.yaml:4:14: error: aggregation: framework sfl-v2 has one server model that takes all steps in turn, of \
      which no device has an old version; use mode deadline or quorum with 'rest: withdrawn'
      """),
    BadScenario(
      "aggregation-law", scenario("{mode: buffered, size: 2, staleness: {polynomial: -1}}"),
      """
      aggregation-law.yaml:4:64: error: aggregation.staleness.polynomial: '-1' is out of range; it may be from 0 to 100
      """),
  ]
}
