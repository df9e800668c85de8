import Units

extension Section {
  /// Text under `key`; `nil`, with an error, where the file has a list, a mapping or nothing.
  func text(
    _ key: String, _ summary: String, default text: @autoclosure () -> String? = nil,
    allowed: @autoclosure () -> String? = nil
  ) -> (text: String, value: YAMLValue)? {
    guard let value = declare(key, summary, default: text(), allowed: allowed()) else { return nil }
    guard let text = value.text, !value.isNull else {
      fail(key, value, "\(value.shown) is not a word")
      return nil
    }
    return (text, value)
  }

  /// One of `words` under `key`.
  func word(_ key: String, _ summary: String, of words: [String], _ word: inout String) {
    if let (text, value) = text(key, summary, default: word, allowed: words.joined(separator: ", ")) {
      if words.contains(text) { word = text } else { failWord(key, value, of: words) }
    }
    note(key, .scalar(.text(word)))
  }

  /// Reports that `value` is none of `words`.
  func failWord(_ key: String, _ value: YAMLValue, of words: [String]) {
    fail(
      key, value,
      "\(value.shown) is not one of \(words.joined(separator: ", "))"
        + NearestName.advice(value.text ?? "", among: words))
  }

  /// One of `kinds` under `key`: a word, or a mapping of that word to its settings.
  ///
  /// - Returns: The word, the file's value, if any, and the mapping; `nil`, with an error, where the file has something else.
  func kind(
    _ key: String, _ summary: String, of kinds: [String], standard: String
  ) -> (word: String, given: YAMLValue?, settings: Section)? {
    let given = declare(key, summary, default: standard)
    let pairs = if case .map(let pairs)? = given?.content { pairs } else { [YAMLValue.Pair]() }
    let named = given.map { $0.text ?? pairs.first?.key } ?? standard
    guard let word = named, pairs.count <= 1, kinds.contains(word) else {
      guard let given else { return nil }
      let name = pairs.count == 1 ? pairs.first?.key : nil
      let advice = NearestName.advice(given.text ?? name ?? "", among: kinds)
      let shown = name.map { ShownText.quoted($0) } ?? given.shown
      fail(key, given, "\(shown) is not exactly one of \(kinds.joined(separator: ", "))\(advice)")
      return nil
    }
    return (word, given, Section(pairs, path: path(key), position: given?.position ?? position, reading: reading))
  }

  /// One of an enumeration's cases under `key`, by its raw value. A key that goes with `condition` only is refused and not
  /// noted elsewhere.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ summary: String, _ choice: inout Choice, only condition: Condition? = nil
  ) where Choice.RawValue == String {
    guard
      isOpen(
        key, summary, default: choice.rawValue,
        allowed: Choice.allCases.map(\.rawValue).joined(separator: ", "), condition)
    else { return }
    var word = choice.rawValue
    self.word(key, summary, of: Choice.allCases.map(\.rawValue), &word)
    choice = Choice(rawValue: word) ?? choice
  }

  /// One of an enumeration's cases under `key`, with its place; `nil` where the file says `null`, or nothing.
  func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ summary: String, of: Choice.Type
  ) -> (choice: Choice, value: YAMLValue)? where Choice.RawValue == String {
    let allowed = Choice.allCases.map(\.rawValue)
    guard let value = declare(key, summary, default: "null", allowed: allowed.joined(separator: ", ")), !value.isNull
    else { return nil }
    guard let choice = value.text.flatMap(Choice.init(rawValue:)) else {
      failWord(key, value, of: Choice.allCases.map(\.rawValue))
      return nil
    }
    return (choice, value)
  }

  /// `true` or `false` under `key`.
  func boolean(_ key: String, _ summary: String, _ value: inout Bool) {
    if let given = declare(key, summary, default: "\(value)", allowed: "true, false") {
      if let truth = given.text.flatMap(Bool.init) {
        value = truth
      } else {
        fail(key, given, "\(given.shown) is neither true nor false")
      }
    }
    note(key, .scalar(.bool(value)))
  }
}
