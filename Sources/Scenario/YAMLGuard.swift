/// Looks through a YAML text before it is parsed: refuses what could hurt the parser, and what scenarios do without.
///
/// Anchors, aliases and tags, text blocks, `?` keys and quotes over several lines are YAML that no scenario needs. The
/// scanner knows just enough of the grammar to tell them from the same characters inside text and comments.
struct YAMLGuard {
  /// Bytes that a scenario file may have.
  static let largestFile = 1_000_000
  /// Lists and mappings inside each other.
  static let deepest = 32
  /// Columns of indentation, which bound the depth of block structure.
  static let widestIndentation = 200
  /// Words that look like anchors or aliases, wherever they stand: what slips through in so few is no bomb.
  static let mostSuspects = 16

  private let source: String
  private var depth = 0
  private var suspects = 0

  /// The text of `bytes`, checked.
  ///
  /// - Throws: ``ScenarioErrors`` with the first thing that is refused.
  static func text(of bytes: [UInt8], source: String) throws -> String {
    guard bytes.count <= largestFile else {
      throw ScenarioErrors(
        at: Diagnostic.Position(source),
        "the file has more than \(largestFile) bytes; a scenario is small: give long lists of devices as a CSV file")
    }
    var start = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
    let lines = try decodedLines(of: start, source: source)
    var scanner = YAMLGuard(source: source)
    for (index, line) in lines.enumerated() { try scanner.scan(line, number: index + 1) }
    return String(decoding: start, as: UTF8.self)
  }

  private init(source: String) { self.source = source }

  /// The lines of valid UTF-8 without control characters.
  private static func decodedLines(of bytes: ArraySlice<UInt8>, source: String) throws -> [[Unicode.Scalar]] {
    var lines: [[Unicode.Scalar]] = []
    var line: [Unicode.Scalar] = []
    var afterReturn = false
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    func place() -> Diagnostic.Position {
      Diagnostic.Position(source, line: lines.count + 1, column: line.count + 1)
    }
    while true {
      switch decoder.decode(&iterator) {
      case .emptyInput:
        lines.append(line)
        return lines
      case .error:
        throw ScenarioErrors(at: place(), "the file is not UTF-8 text here")
      case .scalarValue(let scalar):
        switch scalar.value {
        case 0x0A where afterReturn: break
        case 0x0A, 0x0D:
          lines.append(line)
          line = []
        case 0..<0x09, 0x0B..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
          throw ScenarioErrors(
            at: place(), "the control character U+\(String(scalar.value, radix: 16, uppercase: true)) is not text")
        default: line.append(scalar)
        }
        afterReturn = scalar.value == 0x0D
      }
    }
  }

  /// Scans one line: `expectsNode` is true wherever a value, key or item may begin.
  private mutating func scan(_ line: [Unicode.Scalar], number: Int) throws {
    var index = line.firstIndex { $0 != " " } ?? line.count
    guard index < line.count, line[index] != "#" else { return }
    let source = source
    func refuse(_ message: String) -> ScenarioErrors {
      ScenarioErrors(at: Diagnostic.Position(source, line: number, column: index + 1), message)
    }
    func isBlank(at position: Int) -> Bool {
      position >= line.count || line[position] == " " || line[position] == "\t"
    }
    if line[index] == "\t" {
      guard line[index...].contains(where: { $0 != " " && $0 != "\t" }) else { return }
      throw refuse("a tab indents this line; indent with spaces")
    }
    var expectsNode = true
    var isLeading = true
    while index < line.count {
      let scalar = line[index]
      let isAtBlank = index == 0 || isBlank(at: index - 1)
      if scalar == "#", isAtBlank { return }
      try countSuspect(line, at: index, refuse)
      if scalar == " " || scalar == "\t" {
        index += 1
        continue
      }
      if isLeading, index > Self.widestIndentation { throw refuse("indented by more than \(Self.widestIndentation)") }
      guard expectsNode else {
        expectsNode =
          depth == 0
          ? scalar == ":" && isBlank(at: index + 1)
          : try structure(scalar, isBlankNext: isBlank(at: index + 1), refuse)
        index += 1
        continue
      }
      switch scalar {
      case "&", "*": throw refuse("anchors and aliases ('\(scalar)') are not allowed; write the value out")
      case "!": throw refuse("tags ('!') are not allowed; write the plain value")
      case "|" where depth == 0, ">" where depth == 0: throw refuse("blocks of text ('\(scalar)') are not allowed")
      case "?" where isBlank(at: index + 1): throw refuse("'?' keys are not allowed; write 'key: value'")
      case "\"", "'":
        guard let end = Self.closingQuote(line, from: index) else { throw refuse("a quoted text must end on its line") }
        index = end
        (expectsNode, isLeading) = (false, false)
      case "-" where isBlank(at: index + 1): break
      case "-" where index == 0 && line.starts(with: "---".unicodeScalars) && isBlank(at: 3): index = 2
      default:
        isLeading = false
        expectsNode = try structure(scalar, isBlankNext: isBlank(at: index + 1), refuse)
      }
      index += 1
    }
  }

  /// Whether a node may begin after `scalar`, which stands where structure counts.
  private mutating func structure(
    _ scalar: Unicode.Scalar, isBlankNext: Bool, _ refuse: (String) -> ScenarioErrors
  ) throws -> Bool {
    switch scalar {
    case "[", "{":
      depth += 1
      guard depth <= Self.deepest else {
        throw refuse("more than \(Self.deepest) lists and mappings inside each other")
      }
      return true
    case "]", "}":
      depth = max(0, depth - 1)
      return false
    case ",": return depth > 0
    case ":": return depth > 0 || isBlankNext
    default: return false
    }
  }

  /// Counts `*a` and `&a` after a blank or bracket, whatever they turn out to be.
  private mutating func countSuspect(
    _ line: [Unicode.Scalar], at index: Int, _ refuse: (String) -> ScenarioErrors
  ) throws {
    guard line[index] == "*" || line[index] == "&", index + 1 < line.count else { return }
    let before = index == 0 ? " " : line[index - 1]
    guard !before.properties.isAlphabetic, !("0"..."9").contains(before) else { return }
    suspects += 1
    guard suspects <= Self.mostSuspects else {
      throw refuse("too many words that look like anchors or aliases ('\(line[index])…')")
    }
  }

  /// The index of the quote that ends the text beginning at `start`.
  private static func closingQuote(_ line: [Unicode.Scalar], from start: Int) -> Int? {
    var index = start + 1
    while index < line.count {
      if line[index] == "\\", line[start] == "\"" {
        index += 1
      } else if line[index] == line[start] {
        guard line[start] == "'", index + 1 < line.count, line[index + 1] == "'" else { return index }
        index += 1
      }
      index += 1
    }
    return nil
  }
}
