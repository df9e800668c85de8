/// Where values stand, by key path: in parts, of which scenarios of one sweep share most.
struct KeyPlaces: Sendable {
  private var parts: [[String: Diagnostic.Position]] = [[:]]

  /// Nothing is given.
  init() {}

  /// Where the value at a key path stands; `nil` where none is given.
  subscript(path: String) -> Diagnostic.Position? {
    get {
      for part in parts { if let place = part[path] { return place } }
      return nil
    }
    set { parts[parts.count - 1][path] = newValue }
  }

  /// Whether values below `path` are given.
  func hasAny(below path: String) -> Bool {
    parts.contains { $0.keys.contains { $0.hasPrefix("\(path).") } }
  }

  /// Begins a part.
  mutating func begin() { parts.append([:]) }

  /// Ends the part that was begun, and returns it; what follows belongs to the part before.
  mutating func end() -> [String: Diagnostic.Position] {
    let part = parts.removeLast()
    add(part)
    return part
  }

  /// Adds a part that is known.
  mutating func add(_ part: [String: Diagnostic.Position]) {
    if !part.isEmpty { parts.insert(part, at: 0) }
  }
}
