import Units

extension Quantity {
  /// What an option says: a number in the unit of ``UnitOfMeasure/symbol``, or one with a unit of its own.
  ///
  /// - Throws: `CommandError.badInput` with the option, its text, and what is allowed.
  init(_ option: String, _ text: String, within range: ClosedRange<Double>) throws {
    let shown = "\(option) '\(text.prefix(60))'"
    if let number = Double(text) {
      self.init(number)
    } else {
      do {
        try self.init(parsing: text)
      } catch {
        throw CommandError.badInput("\(shown) \(error.reason)")
      }
    }
    guard range.contains(value) else {
      let (low, high) = ("\(range.lowerBound) \(Unit.symbol)", "\(range.upperBound) \(Unit.symbol)")
      throw CommandError.badInput("\(shown) is out of range; it may be from \(low) to \(high)")
    }
  }
}
