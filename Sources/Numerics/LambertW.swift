import CElementary

extension Numerics {
  /// The principal branch of Lambert's W: the w ≥ −1 with w eʷ = x, for x ≥ −1/e.
  ///
  /// Near −1/e the series in sqrt(2 (e x + 1)) of R. M. Corless et al., "On the Lambert W function", Adv. Comput. Math. 5,
  /// 1996, Eq. (4.22); elsewhere the iteration of F. N. Fritsch, R. E. Shafer and W. P. Crowley, "Solution of the
  /// transcendental equation w eʷ = x", CACM 16, 1973, whose error is of fourth order in the last one.
  ///
  /// - Throws: ``NumericsError`` where x is below −1/e or NaN.
  package static func lambertW0(_ x: Double) throws(NumericsError) -> Double {
    let distance = x + 1 / elementary_e
    try require(distance >= 0, "Lambert W")
    guard x != 0, x < .infinity else { return x }
    var w: Double
    if x < -0.25 {
      let p = (2 * elementary_e * distance).squareRoot()
      let inner = 11.0 / 72 + p * (-43.0 / 540 + p * (769.0 / 17280 + p * (-221.0 / 8505)))
      w = -1 + p * (1 + p * (-1.0 / 3 + p * inner))
      if p < 0.01 { return w }
    } else {
      w = elementary_log1p(x)
      w *= 1 - elementary_log1p(w) / (2 + w)
    }
    for _ in 0..<8 {
      guard w != 0, x / w > 0 else { return x }
      let z = elementary_log(x / w) - w
      let q = 2 * (1 + w) * (1 + w + z * (2.0 / 3))
      let change = z / (1 + w) * ((q - z) / (q - 2 * z))
      w *= 1 + change
      if abs(change) < 1e-12 { break }
    }
    return w
  }
}
