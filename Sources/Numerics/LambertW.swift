import CGSL

extension Numerics {
  /// The principal branch of Lambert's W: the w ≥ −1 with w eʷ = x, for x ≥ −1/e.
  ///
  /// - Throws: ``NumericsError`` where x is below −1/e or NaN.
  public static func lambertW0(_ x: Double) throws(NumericsError) -> Double {
    var result = gsl_sf_result()
    try check("Lambert W") { x.isNaN ? Int32(GSL_EDOM) : gsl_sf_lambert_W0_e(x, &result) }
    return result.val
  }
}
