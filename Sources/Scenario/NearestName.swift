import Units

/// Advice on a name that does not exist.
enum NearestName {
  /// `"; did you mean 'clock'?"`, or nothing where no candidate is near.
  static func advice(_ name: String, among candidates: [String]) -> String {
    Spelling.nearest(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}
