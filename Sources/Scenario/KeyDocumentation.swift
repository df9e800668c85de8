/// One key of a scenario: what `airsplit` and its documentation say about it.
public struct KeyDocumentation: Sendable, Hashable {
  /// Its path, `devices.clock`.
  public var path: String
  /// One line on what it means.
  public var summary: String
  /// What it may be; `nil` for sections, and where the summary says it.
  public var allowed: String?
  /// The default as a scenario would write it; `nil` for sections and required keys.
  public var defaultText: String?
}

extension KeyDocumentation {
  /// Keys as a page of Markdown: a table per section of the file, in the order of a resolved scenario.
  public static func page(of keys: [KeyDocumentation]) -> String {
    var text = """
      # Keys of a scenario

      Every key of a file that says nothing else: what it means, what it may be, and its default. Written by the schema itself.

      ## Overview

      <doc:ScenarioReference> explains them, and the keys that another choice brings, as another path loss or trainer. "Varies": a
      distribution is allowed. `airsplit list keys` prints the same.

      """
    let sections = Set(keys.filter { $0.path.contains(".") }.map(\.section))
    let leaves = keys.filter { $0.defaultText != nil || !sections.contains($0.path) }
    let names = keys.map(\.section).filter(sections.contains).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    let root = leaves.filter { !sections.contains($0.section) }
    for (title, group) in [("The run", root)] + names.map({ name in (name, leaves.filter { $0.section == name }) }) {
      text += "\n## \(title)\n\n| key | is | allowed | default |\n|---|---|---|---|\n"
      for key in group {
        let cells = [key.summary, key.allowed ?? "", key.defaultText.map { "`\($0)`" } ?? ""]
        text += "| `\(key.path)` | \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
      }
    }
    return text
  }

  /// The first word of the path.
  private var section: String { String(path.prefix { $0 != "." }) }
}
