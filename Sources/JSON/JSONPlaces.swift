/// Where the values of a JSON text stand, by their paths: `devices[2].power_max_w`.
///
/// For errors only: values are read without their places, and a text with a wrong value is passed over again.
public enum JSONPlaces {
  /// A place in a text.
  public struct Place: Sendable, Hashable {
    /// The line, from 1.
    public var line: Int
    /// The column in bytes, from 1.
    public var column: Int
  }

  /// A key as paths show it: its first 80 characters.
  public static func shown(_ key: String) -> String {
    key.utf8.count <= 80 ? key : String(key.prefix(80))
  }

  /// Where the values at `paths` begin in `text`, which is valid JSON; where the text has no such value, what of the path
  /// there is. Reads no further than it has to.
  ///
  /// - Parameter keys: Paths of which the place of the key is wanted, not of its value.
  public static func places(of paths: Set<String>, keys: Set<String> = [], in text: UnsafeRawBufferPointer)
    -> [String: Place]
  {
    var search = Search(reader: JSONReader(bytes: text, packsNumbers: true), keys: keys)
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { search.reader.position = 3 }
    search.look(for: paths.map { ($0, $0[...]) })
    return places(at: search.offsets, in: text)
  }

  /// Lines and columns of byte offsets, in one pass over the text.
  private static func places(at offsets: [String: Int], in text: UnsafeRawBufferPointer) -> [String: Place] {
    var (line, lineStart, position) = (1, 0, 0)
    var result: [String: Place] = [:]
    for (path, offset) in offsets.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
      while position < offset {
        if text[position] == UInt8(ascii: "\n") { (line, lineStart) = (line + 1, position + 1) }
        position += 1
      }
      result[path] = Place(line: line, column: offset - lineStart + 1)
    }
    return result
  }
}

/// Descends into what lies on the way to the paths that are looked for, and skips the rest.
private struct Search {
  /// A path, and what of it is still to go.
  typealias Wanted = (path: String, rest: Substring)

  var reader: JSONReader
  let keys: Set<String>
  var offsets: [String: Int] = [:]

  /// Notes where the next value begins for all that is `wanted`, follows their paths into it, and passes over it.
  mutating func look(for wanted: [Wanted]) {
    reader.skipSpace()
    for (path, rest) in wanted where !(rest.isEmpty && keys.contains(path)) { offsets[path] = reader.position }
    let inner = wanted.filter { !$0.rest.isEmpty }
    switch reader.peek {
    case UInt8(ascii: "{") where !inner.isEmpty: members(inner)
    case UInt8(ascii: "[") where !inner.isEmpty: elements(inner)
    default: reader.skipValue()
    }
  }

  private mutating func members(_ wanted: [Wanted]) {
    var left = wanted.map { (path: $0.path, rest: $0.rest.first == "." ? $0.rest.dropFirst() : $0.rest) }
    reader.position += 1
    repeat {
      reader.skipSpace()
      let place = reader.position
      guard reader.peek == UInt8(ascii: "\""), let key = try? reader.string() else { break }
      let name = JSONPlaces.shown(key)
      reader.skipSpace()
      reader.position += 1
      guard !left.isEmpty else {
        reader.skipValue()
        reader.skipSpace()
        continue
      }
      var here: [Wanted] = []
      left.removeAll { path, rest in
        guard rest.hasPrefix(name) else { return false }
        let next = rest.dropFirst(name.count)
        guard next.isEmpty || next.first == "." || next.first == "[" else { return false }
        if next.isEmpty, keys.contains(path) { offsets[path] = place }
        here.append((path, next))
        return true
      }
      if here.isEmpty { reader.skipValue() } else { look(for: here) }
      reader.skipSpace()
    } while reader.take(UInt8(ascii: ","))
    _ = reader.take(UInt8(ascii: "}"))
  }

  private mutating func elements(_ wanted: [Wanted]) {
    var left: [Int: [Wanted]] = [:]
    for (path, rest) in wanted {
      guard rest.first == "[", let end = rest.firstIndex(of: "]"), let index = Int(rest.dropFirst().prefix(upTo: end))
      else { continue }
      left[index, default: []].append((path, rest[rest.index(after: end)...]))
    }
    reader.position += 1
    reader.skipSpace()
    if reader.take(UInt8(ascii: "]")) { return }
    var index = 0
    repeat {
      if let here = left.removeValue(forKey: index) { look(for: here) } else { reader.skipValue() }
      index += 1
      reader.skipSpace()
    } while reader.take(UInt8(ascii: ","))
    _ = reader.take(UInt8(ascii: "]"))
  }
}

extension JSONReader {
  /// Passes over one value of a text that is known to be valid.
  fileprivate mutating func skipValue() {
    skipSpace()
    var depth = 0
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""): skipString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
        position += 1
      case UInt8(ascii: ",") where depth == 0: return
      default: position += 1
      }
    }
  }

  private mutating func skipString() {
    position += 1
    while let byte = peek, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
    position += 1
  }
}
