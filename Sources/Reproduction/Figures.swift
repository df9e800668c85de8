/// Numbers for readers.
enum Figures {
  /// At most four significant digits, without trailing zeros.
  static func short(_ value: Double?, digits: Int = 4) -> String {
    guard let value, value.isFinite else { return "-" }
    guard abs(value) < 1e15, abs(value) >= 1e-9 || value == 0 else { return "\(value)" }
    if value == 0 { return "0" }
    var magnitude = 0
    var scaled = abs(value)
    while scaled >= 10 { (scaled, magnitude) = (scaled / 10, magnitude + 1) }
    while scaled < 1 { (scaled, magnitude) = (scaled * 10, magnitude - 1) }
    let decimals = digits - 1 - magnitude
    guard decimals > 0, decimals <= 12 else { return decimals <= 0 ? "\(Int(value.rounded()))" : "\(value)" }
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let rounded = (value * power).rounded() / power
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `-0.12 to 0.34`.
  static func short(_ interval: ClosedRange<Double>?) -> String {
    interval.map { "\(short($0.lowerBound)) to \(short($0.upperBound))" } ?? "-"
  }

  /// `97.5 %`.
  static func percent(_ share: Double?) -> String { share.map { "\(short($0 * 100, digits: 3)) %" } ?? "-" }
}
