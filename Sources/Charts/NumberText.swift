import CElementary
/// Numbers as text.
package enum NumberText {
  /// A value with six significant digits, `0.00321457`; empty where it is missing or not finite.
  package static func cell(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    let rounded = significant(value, 6)
    return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }

  /// A value for readers: three significant digits, whole numbers below a million as they are; empty where it is missing.
  package static func short(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    if value == value.rounded(), value.magnitude < 1e6 { return "\(Int(value))" }
    return cell(significant(value, 3))
  }

  /// A value rounded to so many significant digits.
  static func significant(_ value: Double, _ digits: Int) -> Double {
    guard value != 0, value.isDrawable, value.magnitude > 1e-290 else { return value.isFinite ? value + 0 : value }
    let places = digits - 1 - Int(elementary_log10(value.magnitude).rounded(.down))
    let power = elementary_pow(10, Double(abs(places)))
    let mantissa = (places >= 0 ? value * power : value / power).rounded()
    // Reading a decimal rounds once, so that 1e-29 stays 1e-29.
    return Double("\(Int(mantissa))e\(-places)") ?? value
  }

  /// A value with a fixed number of decimals, `3.60`; it must be less than 1e15 in magnitude.
  static func fixed(_ value: Double, decimals: Int) -> String {
    var scale = 1
    for _ in 0..<min(max(decimals, 0), 9) { scale *= 10 }
    let scaled = (value * Double(scale)).rounded()
    guard scaled.magnitude < 9e17 else { return "\(value)" }
    let whole = Int(scaled.magnitude)
    let sign = scaled < 0 ? "-" : ""
    guard scale > 1 else { return "\(sign)\(whole)" }
    let fraction = "\(whole % scale)"
    let zeros = String(repeating: "0", count: "\(scale)".count - 1 - fraction.count)
    return "\(sign)\(whole / scale).\(zeros)\(fraction)"
  }

  /// A place in a drawing: at most two decimals, no sign on zero.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, fraction) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    if fraction == 0 { return "\(sign)\(whole)" }
    if fraction % 10 == 0 { return "\(sign)\(whole).\(fraction / 10)" }
    return "\(sign)\(whole).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
