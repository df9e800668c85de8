import CGSL

/// What the GNU Scientific Library answers where it can't compute.
///
/// GSL's own handler would end the process; ``Numerics`` turns it off before its first call and reads status codes.
public struct NumericsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The function that was asked.
  public var function: String
  /// GSL's status code, `GSL_EDOM` say.
  public var status: Int32

  /// GSL's sentence for the status, after the function's name.
  public var description: String { "\(function): \(String(cString: gsl_strerror(status)))" }
}

/// Special functions and solvers of the GNU Scientific Library that can fail, with errors instead of an abort.
public enum Numerics {
  /// Turned off once, before the first call that could fail.
  private static let handlerIsOff: Void = { _ = gsl_set_error_handler_off() }()

  static func check(_ function: String, _ call: () -> Int32) throws(NumericsError) {
    _ = handlerIsOff
    let status = call()
    if status != Int32(GSL_SUCCESS) { throw NumericsError(function: function, status: status) }
  }
}
