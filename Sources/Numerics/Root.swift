import CGSL

extension Numerics {
  /// A root of a continuous function that changes its sign over `bracket`, by Brent's method.
  ///
  /// - Parameter tolerance: Relative width of the last bracket, with `absoluteTolerance` beside it for roots near 0.
  /// - Throws: ``NumericsError`` where the signs at the ends agree, the function gives no finite number, or 200
  ///   steps don't suffice.
  public static func root(
    in bracket: ClosedRange<Double>, tolerance: Double = 1e-14, absoluteTolerance: Double = 0,
    of function: (Double) -> Double
  ) throws(NumericsError) -> Double {
    guard let solver = gsl_root_fsolver_alloc(brent_solver()) else {
      throw NumericsError(function: "root", status: Int32(GSL_ENOMEM))
    }
    defer { gsl_root_fsolver_free(solver) }
    var root = bracket.lowerBound
    try check("root") {
      withoutActuallyEscaping(function) { function in
        withUnsafePointer(to: function) { pointer in
          var target = gsl_function(
            function: { x, parameters in
              parameters?.assumingMemoryBound(to: ((Double) -> Double).self).pointee(x) ?? .nan
            }, params: UnsafeMutableRawPointer(mutating: pointer))
          var status = gsl_root_fsolver_set(solver, &target, bracket.lowerBound, bracket.upperBound)
          for _ in 0..<200 where status == Int32(GSL_SUCCESS) {
            status = gsl_root_fsolver_iterate(solver)
            guard status == Int32(GSL_SUCCESS) else { break }
            root = gsl_root_fsolver_root(solver)
            let width = gsl_root_test_interval(
              gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver), absoluteTolerance, tolerance)
            if width == Int32(GSL_SUCCESS) { return width }
          }
          return status == Int32(GSL_SUCCESS) ? Int32(GSL_EMAXITER) : status
        }
      }
    }
    return root
  }
}
