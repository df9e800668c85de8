/// Collects the elements of a drawing.
struct Canvas {
  /// Where a text stands relative to its place.
  enum Anchor: String {
    case start, middle, end
  }

  static let fontSize = 13.0
  let width: Double
  private(set) var elements = ""
  private(set) var classes: Set<String> = []

  init(width: Double) { self.width = width }

  /// A path that is filled with the colour of series `slot`, or with a class of the page's.
  mutating func fill(_ path: String, slot: Int, opacity: Double = 1, hint: String? = nil) {
    guard !path.isEmpty else { return }
    classes.insert("f\(slot)")
    add(
      "path", "class=\"f\(slot)\" fill=\"\(Palette.colors[slot])\"\(Self.opacity(opacity)) d=\"\(path)\"", hint: hint)
  }

  /// A path that is filled like the key of a legend.
  mutating func fill(_ path: String, key: Plot.Key) {
    switch key {
    case .line(let look): fill(path, slot: look.color)
    case .area(let look): fill(path, slot: look.color)
    case .shade(let look): fill(path, slot: look.color, opacity: Plot.shadeOpacity)
    case .category(let index): fill(path, class: "k\(index)", color: Palette.classes[index])
    case .color(let color): if !path.isEmpty { add("path", "fill=\"\(color)\" d=\"\(path)\"") }
    }
  }

  mutating func fill(_ path: String, class name: String, color: String, opacity: Double = 1) {
    guard !path.isEmpty else { return }
    classes.insert(name)
    add("path", "class=\"\(name)\" fill=\"\(color)\"\(Self.opacity(opacity)) d=\"\(path)\"")
  }

  /// A line in the colour of series `slot`.
  mutating func stroke(_ path: String, slot: Int, width: Double = 1.8, dash: String = "") {
    guard !path.isEmpty else { return }
    classes.insert("s\(slot)")
    let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    add(
      "path",
      "class=\"s\(slot)\" fill=\"none\" stroke=\"\(Palette.colors[slot])\" stroke-width=\"\(NumberText.coordinate(width))\""
        + "\(dashes) stroke-linejoin=\"round\" d=\"\(path)\"")
  }

  /// A line that belongs to the frame.
  mutating func rule(_ path: String, class name: String, width: Double = 1) {
    guard !path.isEmpty else { return }
    classes.insert(name)
    let color =
      name == "grid" ? "#ddd" : name == "edge" ? "#fff" : name == "ink" ? "#222" : name == "faint" ? "#b9bfc6" : "#666"
    add(
      "path",
      "class=\"\(name)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(NumberText.coordinate(width))\" d=\"\(path)\""
    )
  }

  /// A line of text; `turned` is in degrees around its place.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, size: Double = fontSize, isBold: Bool = false,
    isMuted: Bool = false, color: String? = nil, turned: Double = 0, hint: String? = nil
  ) {
    var attributes = "x=\"\(NumberText.coordinate(x))\" y=\"\(NumberText.coordinate(y))\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if size != Self.fontSize { attributes += " font-size=\"\(NumberText.coordinate(size))\"" }
    if isBold { attributes += " font-weight=\"600\"" }
    if isMuted {
      classes.insert("muted")
      attributes += " class=\"muted\" fill=\"#595959\""
    }
    if let color { attributes += " style=\"fill:\(color)\"" }
    if turned != 0 { attributes += " transform=\"rotate(\(NumberText.coordinate(turned)) \(Path.at(x, y)))\"" }
    add("text", attributes, content: Markup.escaped(text), hint: hint)
  }

  /// A drawing within this one.
  mutating func place(_ drawing: Drawing, x: Double, y: Double) {
    classes.formUnion(drawing.classes)
    elements += "<g transform=\"translate(\(Path.at(x, y)))\">\n\(drawing.elements)</g>\n"
  }

  private mutating func add(_ name: String, _ attributes: String, content: String = "", hint: String? = nil) {
    let inner = content + (hint.map { "<title>\(Markup.escaped($0))</title>" } ?? "")
    elements += inner.isEmpty ? "<\(name) \(attributes)/>\n" : "<\(name) \(attributes)>\(inner)</\(name)>\n"
  }

  private static func opacity(_ opacity: Double) -> String {
    opacity == 1 ? "" : " fill-opacity=\"\(NumberText.coordinate(opacity))\""
  }
}
