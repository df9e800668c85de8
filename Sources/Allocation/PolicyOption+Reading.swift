import Units

extension PolicyOption {
  /// The value that a text gives the setting: `1e-6`, `0.5 W`, `closed-form`.
  ///
  /// - Throws: ``PolicyError`` that says what is allowed.
  public func value(parsing text: String) throws(PolicyError) -> PolicySettings.Value {
    try value(parsing: text, as: kind)
  }

  private func value(parsing text: String, as kind: Kind) throws(PolicyError) -> PolicySettings.Value {
    func refuse() -> PolicyError {
      let shown = text.count > 60 ? "\(text.prefix(60))…" : text
      return PolicyError("\(key): '\(shown)' is not \(self.kind.allowed)")
    }
    switch kind {
    case .power:
      guard let power = try? Watts(parsing: text), power.isFinite, power > .zero else { throw refuse() }
      return .power(power)
    case .integer(_, let range):
      guard let integer = Int(text), range.contains(integer) else { throw refuse() }
      return .integer(integer)
    case .positive:
      guard let number = Double(text), number.isFinite, number > 0 else { throw refuse() }
      return .number(number)
    case .share:
      guard let number = try? Quantity<Share>(parsing: text), (0...1).contains(number.value) else { throw refuse() }
      return .number(number.value)
    case .energy:
      guard let energy = try? Joules(parsing: text), energy.isFinite, energy > .zero else { throw refuse() }
      return .energy(energy)
    case .choice(_, let words):
      guard words.contains(text) else { throw refuse() }
      return .word(text)
    case .word:
      guard !text.isEmpty else { throw refuse() }
      return .word(text)
    case .optimal(let other): return text == Kind.optimal ? .word(text) : try value(parsing: text, as: other)
    }
  }
}

extension PolicyOption.Kind {
  /// What a value may be, as the end of "is not …".
  public var allowed: String {
    switch self {
    case .power: "a power above 0 with its unit, such as '0.5 W'"
    case .integer(_, let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .positive: "a number above 0"
    case .share: "a number from 0 to 1, or from 0 % to 100 %"
    case .energy: "an energy above 0 with its unit, such as '0.5 J'"
    case .choice(_, let words): "one of \(words.joined(separator: ", "))"
    case .word: "a word"
    case .optimal(let other): "'\(Self.optimal)' or \(other.allowed)"
    }
  }
}

extension PolicySettings.Value: CustomStringConvertible {
  /// The value as a scenario writes it.
  public var description: String {
    switch self {
    case .power(let power): power.description
    case .integer(let integer): integer.description
    case .number(let number): number.description
    case .energy(let energy): energy.description
    case .word(let word): word
    }
  }
}
