/// A function was asked outside its domain.
package struct NumericsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The function that was asked.
  package var function: String

  /// The function's name and what is wrong.
  package var description: String { "\(function): the argument is outside the domain" }
}

/// Special functions, made of sums, products, quotients, roots and `CElementary`: the same bits on every processor.
package enum Numerics {
  static func require(_ isInDomain: Bool, _ function: String) throws(NumericsError) {
    if !isInDomain { throw NumericsError(function: function) }
  }
}
