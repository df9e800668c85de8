import Units

/// Takes the text of a ``SweepCondition`` apart.
struct ConditionParser {
  private typealias Term = SweepCondition.Term

  private enum Token: Equatable {
    case number(Double, unit: String)
    case word(String)
    case truth(Bool)
    case name(String)
    case sign(String)
    case end
  }

  /// Characters of a condition at most.
  private static let longest = 1000
  /// Parentheses, signs and negations inside each other at most.
  private static let deepest = 50

  private var tokens: [(token: Token, column: Int)] = []
  private var place = 0
  private var depth = 0

  /// - Throws: ``ConditionError`` for a character or a unit that has no place in a condition.
  init(_ text: String) throws(ConditionError) {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= Self.longest else {
      throw ConditionError("has \(scalars.count) characters; at most \(Self.longest) are allowed")
    }
    try scan(scalars)
  }

  /// The whole text as one condition.
  mutating func condition() throws(ConditionError) -> SweepCondition.Term {
    let term = try either()
    guard token == .end else { throw error("an operator or the end is expected here, not \(shown)") }
    return term
  }

  // MARK: - Grammar

  private mutating func either() throws(ConditionError) -> Term {
    try chain(["or"]) { parser throws(ConditionError) in
      try parser.chain(["and"]) { parser throws(ConditionError) in try parser.negation() }
    }
  }

  private mutating func negation() throws(ConditionError) -> Term {
    guard token == .sign("not") else { return try comparison() }
    return try nested { parser, column throws(ConditionError) in
      Term(kind: .not(try parser.negation()), column: column)
    }
  }

  private mutating func comparison() throws(ConditionError) -> Term {
    let left = try sum()
    guard case .sign(let sign) = token, ["==", "!=", "<", "<=", ">", ">="].contains(sign) else { return left }
    let column = column
    place += 1
    return Term(kind: .both(sign, left, try sum()), column: column)
  }

  private mutating func sum() throws(ConditionError) -> Term {
    try chain(["+", "-"]) { parser throws(ConditionError) in
      try parser.chain(["*", "/"]) { parser throws(ConditionError) in try parser.factor() }
    }
  }

  private mutating func factor() throws(ConditionError) -> Term {
    let column = column
    switch token {
    case .number(let number, let unit):
      place += 1
      return Term(kind: .number(number, unit: unit), column: column)
    case .word(let word):
      place += 1
      return Term(kind: .word(word), column: column)
    case .truth(let truth):
      place += 1
      return Term(kind: .truth(truth), column: column)
    case .name(let name):
      place += 1
      return Term(kind: .name(name), column: column)
    case .sign("-"):
      return try nested { parser, column throws(ConditionError) in
        Term(kind: .negative(try parser.factor()), column: column)
      }
    case .sign("("):
      return try nested { parser, _ throws(ConditionError) in
        let term = try parser.either()
        guard parser.token == .sign(")") else { throw parser.error("a ')' is expected here, not \(parser.shown)") }
        parser.place += 1
        return term
      }
    default: throw error("a key, a number or a word is expected here, not \(shown)")
    }
  }

  /// Terms with one of `signs` between them, from the left.
  private mutating func chain(
    _ signs: [String], _ term: (inout Self) throws(ConditionError) -> Term
  ) throws(ConditionError) -> Term {
    var left = try term(&self)
    while case .sign(let sign) = token, signs.contains(sign) {
      let column = column
      place += 1
      left = Term(kind: .both(sign, left, try term(&self)), column: column)
    }
    return left
  }

  /// Steps over a token that opens a level.
  private mutating func nested(
    _ body: (inout Self, Int) throws(ConditionError) -> Term
  ) throws(ConditionError) -> Term {
    guard depth < Self.deepest else { throw error("is nested too deeply") }
    let column = column
    depth += 1
    defer { depth -= 1 }
    place += 1
    return try body(&self, column)
  }

  private var token: Token { tokens[place].token }
  private var column: Int { tokens[place].column }
  private func error(_ message: String) -> ConditionError { ConditionError("column \(column): \(message)") }

  private var shown: String {
    switch token {
    case .number(let number, let unit): unit.isEmpty ? "\(number)" : "\(number) \(unit)"
    case .word(let text), .name(let text), .sign(let text): ShownText.quoted(text)
    case .truth(let truth): "\(truth)"
    case .end: "the end"
    }
  }

  // MARK: - Tokens

  private mutating func scan(_ scalars: [Unicode.Scalar]) throws(ConditionError) {
    var scanner = Scanner(scalars: scalars)
    while let (token, column) = try scanner.next() { tokens.append((token, column)) }
    tokens.append((.end, scalars.count + 1))
  }

  /// Walks over the text, token after token.
  private struct Scanner {
    let scalars: [Unicode.Scalar]
    var index = 0

    mutating func next() throws(ConditionError) -> (Token, column: Int)? {
      _ = run { " \t\n".unicodeScalars.contains($0) }
      guard let scalar = peek else { return nil }
      let column = index + 1
      switch scalar {
      case "'", "\"": return (.word(try quoted(scalar, column)), column)
      case _ where scalar.isDigit || scalar == ".": return (try number(column), column)
      case _ where scalar.isWordLetter:
        let name = run { $0.isWordLetter || $0.isDigit || $0 == "." || $0 == "-" }
        if ["and", "or", "not"].contains(name) { return (.sign(name), column) }
        return (name == "true" || name == "false" ? .truth(name == "true") : .name(name), column)
      default: return (.sign(try sign(column)), column)
      }
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func run(_ isPart: (Unicode.Scalar) -> Bool) -> String {
      let start = index
      while index < scalars.count, isPart(scalars[index]) { index += 1 }
      return String(String.UnicodeScalarView(scalars[start..<index]))
    }

    private mutating func quoted(_ quote: Unicode.Scalar, _ column: Int) throws(ConditionError) -> String {
      index += 1
      let word = run { $0 != quote }
      guard peek != nil else { throw ConditionError("column \(column): the quote does not end") }
      index += 1
      return word
    }

    private mutating func sign(_ column: Int) throws(ConditionError) -> String {
      var sign = run { "=!<>".unicodeScalars.contains($0) }
      if sign.isEmpty, let scalar = peek {
        sign = String(scalar)
        index += 1
      }
      guard ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "(", ")"].contains(sign) else {
        let hint = sign == "=" ? "; write '=='" : ""
        throw ConditionError("column \(column): \(ShownText.quoted(sign)) is no operator\(hint)")
      }
      return sign
    }

    /// A number with the unit that follows it, if one does.
    private mutating func number(_ column: Int) throws(ConditionError) -> Token {
      var text = run { $0.isDigit || $0 == "." }
      if peek == "e" || peek == "E" {
        let rest = scalars[(index + 1)...].prefix(2)
        let signs = rest.first == "-" || rest.first == "+" ? 1 : 0
        if let digit = rest.dropFirst(signs).first, digit.isDigit {
          text += String(String.UnicodeScalarView(scalars[index...(index + signs)]))
          index += 1 + signs
          text += run(\.isDigit)
        }
      }
      guard let number = Double(text), number.isFinite else {
        throw ConditionError("column \(column): \(ShownText.quoted(text)) is not a number")
      }
      let start = index
      _ = run { $0 == " " }
      let symbol = run { $0.isWordLetter || $0.isDigit || "/^%".unicodeScalars.contains($0) }
      if symbol.isEmpty || symbol.hasPrefix("/") || ["and", "or", "not"].contains(symbol) {
        index = start
        return .number(number, unit: "")
      }
      guard let si = UnitTable.siValue(of: number, unit: symbol) else {
        let advice = NearestName.advice(symbol, among: UnitTable.symbols)
        throw ConditionError("column \(column): there is no unit \(ShownText.quoted(symbol))\(advice)")
      }
      return .number(si.value, unit: si.unit)
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isWordLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
