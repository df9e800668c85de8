import Charts
import JSON

/// Every value of a resolved scenario with where it comes from.
struct ParameterTable {
  /// A value of the scenario.
  struct Row: Equatable {
    var path: String
    var value: String
    /// `paper`, `release`, `assumed`, `changed`, `varies`, or empty where nobody marked it.
    var source: String
  }

  var rows: [Row] = []

  /// - Parameters:
  ///   - scenario: The resolved scenario.
  ///   - provenance: Marks by key path; one of a section speaks of all its keys.
  ///   - policies: The policies in use; the settings of others are left out.
  ///   - varying: Key paths that a sweep varies.
  init(_ scenario: JSONValue, provenance: JSONValue, policies: [String], varying: [String] = []) {
    let marks = (provenance.members ?? []).compactMap { member in member.value.text.map { (member.key, $0) } }
    for member in scenario.members ?? [] where member.key != "provenance" && member.key != "sweep" {
      if member.key == "policies", let all = member.value.members {
        for policy in all where policies.contains(policy.key) {
          collect(policy.value, at: "policies.\(policy.key)", marks, varying, depth: 1)
        }
      } else {
        collect(member.value, at: member.key, marks, varying, depth: 0)
      }
    }
  }

  private mutating func collect(
    _ value: JSONValue, at path: String, _ marks: [(String, String)], _ varying: [String], depth: Int
  ) {
    if let members = value.members, !members.isEmpty, !Self.isDistribution(members), depth < 16 {
      for member in members { collect(member.value, at: "\(path).\(member.key)", marks, varying, depth: depth + 1) }
      return
    }
    func covers(_ outer: String) -> Bool { outer == path || path.hasPrefix("\(outer).") }
    let mark = marks.filter { covers($0.0) }.max { $0.0.utf8.count < $1.0.utf8.count }?.1
    let source = varying.contains(where: covers) ? "varies" : mark ?? ""
    rows.append(Row(path: path, value: Self.text(value), source: source))
  }

  /// `{uniform: [50 m, 1000 m]}` is one value.
  private static func isDistribution(_ members: [JSONValue.Member]) -> Bool {
    members.count == 1 && members[0].value.elements != nil
  }

  /// A value in one line, quantities with a prefix: `uniform: 1 GHz, 1.5 GHz`.
  static func text(_ value: JSONValue, depth: Int = 0) -> String {
    guard depth < 16 else { return "…" }
    switch value {
    case .null: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .string(let text): return quantity(text)
    case .integer(let number): return "\(number)"
    case .unsigned(let number): return "\(number)"
    case .number(let number): return NumberText.cell(number)
    case .array, .numbers:
      return (value.elements ?? []).map { text($0, depth: depth + 1) }.joined(separator: ", ")
    case .object(let members):
      return members.map { "\($0.key): \(text($0.value, depth: depth + 1))" }.joined(separator: "; ")
    }
  }

  /// `1500000000.0 Hz` as `1.5 GHz`; any other text as it is.
  static func quantity(_ text: String) -> String {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let number = Double(parts[0]), number.isFinite else { return text }
    let prefixes = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
    let isFrequency = parts[1] == "Hz" || parts[1] == "bit/s"
    if isFrequency, let (factor, prefix) = prefixes.first(where: { number.magnitude >= $0.0 }) {
      return "\(NumberText.cell(number / factor)) \(prefix)\(parts[1])"
    }
    return "\(NumberText.cell(number)) \(parts[1])"
  }

  /// The table, the keys of a section under its name.
  var html: HTML {
    var body: [HTML] = []
    var section: Substring?
    for row in rows {
      let parts = row.path.split(separator: ".", maxSplits: 1)
      if parts.count == 2, let first = parts.first, first != section {
        section = first
        body.append("<tr class=\"group\"><th colspan=\"3\" scope=\"rowgroup\">\(String(first))</th></tr>\n")
      }
      body.append(
        """
        <tr><th scope="row"><code>\(row.path)</code></th><td>\(row.value)</td>\
        <td>\(Self.badge(row.source))</td></tr>

        """)
    }
    return """
      <div class="scroll" role="region" aria-label="Parameters" tabindex="0"><table>
      <thead><tr><th>key</th><th>value</th><th>source</th></tr></thead>
      <tbody>
      \(body)</tbody></table></div>

      """
  }

  private static func badge(_ source: String) -> HTML {
    source.isEmpty ? "<span class=\"plain\">not marked</span>" : "<span class=\"source \(source)\">\(source)</span>"
  }
}
