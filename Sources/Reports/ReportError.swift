/// Why there is no report.
package enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The folder holds neither a run nor a sweep.
  case nothing(path: String, reason: String)
  /// There is a run or a sweep, and too little of it to show.
  case tooLittle(path: String, reason: String)
  /// A metric that no run has.
  case unknownMetric(String, among: [String])

  /// One sentence for the person who asked.
  package var description: String {
    switch self {
    case .nothing(let path, let reason), .tooLittle(let path, let reason): "\(path): \(reason)"
    case .unknownMetric(let name, let among):
      "there is no metric '\(name)'; there are \(among.joined(separator: ", "))"
    }
  }
}
