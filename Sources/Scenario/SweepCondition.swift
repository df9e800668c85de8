import Units

/// A condition on the values in force of a scenario: `devices.count >= uplink.blocks and policy != rb`.
///
/// Numbers have units as in a scenario, words may stand in quotes, and there are `+ - * /`, `== != < <= > >=`, `and`,
/// `or`, `not` and parentheses.
struct SweepCondition: Sendable {
  private let root: Term

  /// Reads a condition.
  ///
  /// - Throws: ``ConditionError``.
  init(_ text: String) throws(ConditionError) {
    var parser = try ConditionParser(text)
    root = try parser.condition()
  }

  /// Whether the condition holds for a resolved scenario.
  ///
  /// - Throws: ``ConditionError`` for a key that is not there, or values that cannot be compared.
  func holds(in scenario: ResolvedNode) throws(ConditionError) -> Bool {
    guard case .truth(let truth) = try root.value(in: scenario) else {
      throw root.error("is no condition; compare it, as in 'devices.count >= 10'")
    }
    return truth
  }

  /// A node of the expression, with the column that it begins at.
  struct Term: Sendable {
    indirect enum Kind: Sendable {
      case number(Double, unit: String)
      case word(String)
      case truth(Bool)
      case name(String)
      case negative(Term)
      case not(Term)
      case both(String, Term, Term)
    }

    var kind: Kind
    var column: Int

    func error(_ message: String) -> ConditionError { ConditionError("column \(column): \(message)") }
  }

  /// What a term comes to.
  enum Value: Sendable {
    case number(Double, unit: String)
    case word(String)
    case truth(Bool)

    var shown: String {
      switch self {
      case .number(let number, let unit): unit.isEmpty ? "\(number)" : "\(number) \(unit)"
      case .word(let word): "'\(word)'"
      case .truth(let truth): "\(truth)"
      }
    }
  }
}

/// What is wrong with a condition, as one sentence.
struct ConditionError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

extension SweepCondition.Term {
  fileprivate typealias Value = SweepCondition.Value

  fileprivate func value(in scenario: ResolvedNode) throws(ConditionError) -> Value {
    switch kind {
    case .number(let number, let unit): return .number(number, unit: unit)
    case .word(let word): return .word(word)
    case .truth(let truth): return .truth(truth)
    case .name(let name): return try value(of: name, in: scenario)
    case .negative(let term):
      guard case .number(let number, let unit) = try term.value(in: scenario) else {
        throw term.error("is no number, and '-' stands before it")
      }
      return .number(-number, unit: unit)
    case .not(let term): return .truth(!(try term.truth(in: scenario)))
    case .both("and", let left, let right):
      let first = try left.truth(in: scenario)
      return .truth(try right.truth(in: scenario) && first)
    case .both("or", let left, let right):
      let first = try left.truth(in: scenario)
      return .truth(try right.truth(in: scenario) || first)
    case .both(let sign, let left, let right):
      let (first, second) = (try left.value(in: scenario), try right.value(in: scenario))
      if ["+", "-", "*", "/"].contains(sign) { return try calculate(sign, first, second) }
      return .truth(try compare(sign, first, second, left, right, scenario))
    }
  }

  private func truth(in scenario: ResolvedNode) throws(ConditionError) -> Bool {
    guard case .truth(let truth) = try value(in: scenario) else {
      throw error("is neither true nor false; compare it, as in 'devices.count >= 10'")
    }
    return truth
  }

  /// A key's value in force; a name without dots that is no key is a word.
  private func value(of name: String, in scenario: ResolvedNode) throws(ConditionError) -> Value {
    let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let node = scenario[path[...]] else {
      guard path.count > 1 else { return .word(name) }
      throw error(
        "there is no key '\(ShownText.shortened(name, to: 60))'"
          + NearestName.advice(name, among: scenario.paths))
    }
    switch node {
    case .scalar(.integer(let number)): return .number(Double(number), unit: "")
    case .scalar(.number(let number)): return .number(number, unit: "")
    case .scalar(.bool(let truth)): return .truth(truth)
    case .scalar(.null): return .word("null")
    case .scalar(.text(let text)):
      let parts = text.split(separator: " ", maxSplits: 1)
      if parts.count == 2, let number = Double(parts[0]), let si = UnitTable.siValue(of: number, unit: String(parts[1]))
      {
        return .number(si.value, unit: si.unit)
      }
      return .word(text)
    case .list, .map: throw error("'\(name)' is not one value but \(node.flowText.prefix(60))")
    }
  }

  private func calculate(_ sign: String, _ left: Value, _ right: Value) throws(ConditionError) -> Value {
    guard case .number(let first, let unit) = left, case .number(let second, let other) = right else {
      throw error("'\(sign)' needs numbers, and these are \(left.shown) and \(right.shown)")
    }
    switch sign {
    case "+", "-":
      guard unit == other else { throw error("\(left.shown) and \(right.shown) have different units") }
      return .number(sign == "+" ? first + second : first - second, unit: unit)
    case "*":
      guard unit.isEmpty || other.isEmpty else { throw error("\(left.shown) times \(right.shown) has no unit here") }
      return .number(first * second, unit: unit + other)
    default:
      guard other.isEmpty || unit == other else { throw error("\(left.shown) by \(right.shown) has no unit here") }
      return .number(first / second, unit: other.isEmpty ? unit : "")
    }
  }

  private func compare(
    _ sign: String, _ left: Value, _ right: Value, _ first: Self, _ second: Self, _ scenario: ResolvedNode
  ) throws(ConditionError) -> Bool {
    switch (left, right) {
    case (.number(let a, let unit), .number(let b, let other)):
      guard unit == other else { throw error("\(left.shown) and \(right.shown) have different units") }
      switch sign {
      case "==": return a == b
      case "!=": return a != b
      case "<": return a < b
      case "<=": return a <= b
      case ">": return a > b
      default: return a >= b
      }
    case (.word(let a), .word(let b)) where sign == "==" || sign == "!=":
      guard first.isKey(in: scenario) || second.isKey(in: scenario) else {
        if case .name = first.kind { throw first.unknown(in: scenario) }
        throw second.unknown(in: scenario)
      }
      return (a == b) == (sign == "==")
    case (.truth(let a), .truth(let b)) where sign == "==" || sign == "!=": return (a == b) == (sign == "==")
    default:
      for term in [first, second] {
        if case .name = term.kind, !term.isKey(in: scenario) { throw term.unknown(in: scenario) }
      }
      throw error("\(left.shown) and \(right.shown) cannot be compared by '\(sign)'")
    }
  }

  private func isKey(in scenario: ResolvedNode) -> Bool {
    guard case .name(let name) = kind else { return false }
    return scenario[name.split(separator: ".").map(String.init)[...]] != nil
  }

  private func unknown(in scenario: ResolvedNode) -> ConditionError {
    guard case .name(let name) = kind else { return error("a word is compared with no key") }
    return error(
      "there is no key '\(ShownText.shortened(name, to: 60))'" + NearestName.advice(name, among: scenario.paths))
  }
}

extension ResolvedNode {
  /// The paths of all values.
  fileprivate var paths: [String] {
    guard case .map(let entries) = self else { return [] }
    return entries.flatMap { entry in
      let inner = entry.value.paths
      return inner.isEmpty ? [entry.key] : [entry.key] + inner.map { "\(entry.key).\($0)" }
    }
  }
}
