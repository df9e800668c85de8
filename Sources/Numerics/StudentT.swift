import CGSL

extension Numerics {
  /// The quantile of Student's t distribution: the t that is exceeded with probability 1 − `probability`.
  ///
  /// - Throws: ``NumericsError`` where the probability is not within (0, 1) or there are no degrees of freedom.
  public static func studentQuantile(
    _ probability: Double, degreesOfFreedom: Double
  ) throws(NumericsError) -> Double {
    try check("Student's t") {
      probability > 0 && probability < 1 && degreesOfFreedom > 0 ? Int32(GSL_SUCCESS) : Int32(GSL_EDOM)
    }
    return gsl_cdf_tdist_Pinv(probability, degreesOfFreedom)
  }

  /// The probability that |T| exceeds |t|.
  ///
  /// - Throws: ``NumericsError`` where t is NaN or there are no degrees of freedom.
  public static func studentTwoSided(_ t: Double, degreesOfFreedom: Double) throws(NumericsError) -> Double {
    try check("Student's t") { !t.isNaN && degreesOfFreedom > 0 ? Int32(GSL_SUCCESS) : Int32(GSL_EDOM) }
    return 2 * gsl_cdf_tdist_Q(abs(t), degreesOfFreedom)
  }

  /// The quantile of the standard normal distribution.
  ///
  /// - Throws: ``NumericsError`` where the probability is not within (0, 1).
  public static func normalQuantile(_ probability: Double) throws(NumericsError) -> Double {
    try check("the normal distribution") {
      probability > 0 && probability < 1 ? Int32(GSL_SUCCESS) : Int32(GSL_EDOM)
    }
    return gsl_cdf_ugaussian_Pinv(probability)
  }
}
