extension JSONReader {
  /// A number of the text.
  struct Number {
    /// The number as ``JSONValue/integer(_:)`` or ``JSONValue/unsigned(_:)``, where it is written as a whole one that fits.
    var whole: JSONValue?
    /// The double that is nearest.
    var double: Double

    var value: JSONValue { whole ?? .number(double) }
  }

  /// The number that begins here.
  mutating func number() throws(JSONSyntaxError) -> Number {
    let start = position
    var decimal = Decimal(isNegative: take(UInt8(ascii: "-")))
    let beginsWithZero = peek == UInt8(ascii: "0")
    let count = skipDigits { decimal.append($0) }
    guard count == 1 || count > 1 && !beginsWithZero else { throw damage("not a number", at: start) }
    if take(UInt8(ascii: ".")) {
      let count = skipDigits { decimal.append($0) }
      guard count > 0 else { throw damage("not a number", at: start) }
      decimal.exponent = -count
      decimal.isWhole = false
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      let isNegative = take(UInt8(ascii: "-"))
      if !isNegative { _ = take(UInt8(ascii: "+")) }
      var exponent = 0
      guard skipDigits({ exponent = min(10 * exponent + Int($0), 1 << 50) }) > 0 else {
        throw damage("not a number", at: start)
      }
      decimal.exponent += isNegative ? -exponent : exponent
      decimal.isWhole = false
    }
    if let double = decimal.double { return Number(whole: decimal.whole, double: double) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let double = Double(text), double.isFinite else {
      throw damage("the number \(text.prefix(40))\(text.utf8.count > 40 ? "…" : "") is beyond ±1.8e308", at: start)
    }
    return Number(whole: nil, double: double)
  }

  private mutating func skipDigits(_ each: (UInt64) -> Void) -> Int {
    let start = position
    while let byte = peek, UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") {
      each(UInt64(byte - UInt8(ascii: "0")))
      position += 1
    }
    return position - start
  }
}

/// ± digits · 10^exponent.
private struct Decimal {
  var isNegative: Bool
  var exponent = 0
  /// Whether neither a point nor an exponent was written.
  var isWhole = true
  private var digits: UInt64 = 0
  private var fits = true

  init(isNegative: Bool) { self.isNegative = isNegative }

  mutating func append(_ digit: UInt64) {
    let (product, isTooLarge) = digits.multipliedReportingOverflow(by: 10)
    let (sum, isTooLargeNow) = product.addingReportingOverflow(digit)
    digits = sum
    if isTooLarge || isTooLargeNow { fits = false }
  }

  var whole: JSONValue? {
    guard isWhole, fits else { return nil }
    if !isNegative { return Int(exactly: digits).map(JSONValue.integer) ?? .unsigned(digits) }
    return digits <= Int.min.magnitude ? .integer(Int(truncatingIfNeeded: 0 &- digits)) : nil
  }

  /// 5^0 to 5^31.
  private static let powers: [UInt128] = (0..<31).reduce(into: [1]) { powers, index in powers.append(powers[index] * 5)
  }

  /// The nearest double, ties to even; `nil` where the digits exceed 64 bits or 10^exponent is not 1e-31 to 1e27.
  ///
  /// Integers of 128 bits are exact here: digits · 5^exponent is below 2^127, and digits, moved to the top of 128 bits,
  /// over 5^31 (72 bits) leaves at least 56, three more than a double has. What is cut off lives on in the lowest bit,
  /// so that the one rounding, of 64 bits to 53, sees it. Ten times as fast as the library's, which reads the rest.
  var double: Double? {
    guard fits, -31 <= exponent, exponent <= 27 else { return nil }
    guard digits > 0 else { return isNegative ? -0.0 : 0 }
    var binary = UInt128(digits)
    var scale = exponent
    if exponent >= 0 {
      binary *= Self.powers[exponent]
    } else {
      let shift = binary.leadingZeroBitCount
      let (quotient, remainder) = (binary << shift).quotientAndRemainder(dividingBy: Self.powers[-exponent])
      binary = remainder == 0 ? quotient : quotient | 1
      scale -= shift
    }
    let surplus = max(0, 64 - binary.leadingZeroBitCount)
    var top = UInt64(truncatingIfNeeded: binary >> surplus)
    if UInt128(top) << surplus != binary { top |= 1 }
    return Double(sign: isNegative ? .minus : .plus, exponent: scale + surplus, significand: Double(top))
  }
}
