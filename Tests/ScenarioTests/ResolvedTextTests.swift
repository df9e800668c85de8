import Testing

@testable import Scenario

@Suite("Resolved scenarios as text")
struct ResolvedTextTests {
  @Test(
    "any text reads back as itself",
    arguments: [
      "", " ", "a", "a b", " a", "a ", "yes", "null", "~", "-", "- a", "--", "---", "...", "a: b", "a #b", "#a", "'a'",
      "\"a\"", "a\\b", "[a]", "{a}", "a,b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "?", "? a", ":", "5 s",
      "1e-6",
      "-174 dBm/Hz", "W/(cycle/s)^3", "caf\u{e9}", "\u{1F600}", "a\tb", "a\nb", "a\u{1b}b", "a\u{85}b", "a\u{feff}b",
      "a\u{2028}b", "=", "<<", "0x1F", "1_000", "True",
    ])
  func texts(text: String) throws {
    let node = ResolvedNode.map([.init("key", .scalar(.text(text))), .init("list", .list([.scalar(.text(text))]))])
    let yaml = try YAMLGuard.text(of: Array(node.yaml.utf8), source: "test")
    let root = try #require(try YAMLLoader.root(of: yaml, source: "test"))
    #expect(root.item("key")?.text == text)
    #expect(root.item("list")?.item("0")?.text == text)
    #expect(root.item("key")?.isNull == false)
  }

  @Test(
    "a number has a point and a signed exponent, as YAML 1.1 wants them, and reads back as itself",
    arguments: [
      (1e-29, "1.0e-29"), (1.5e-7, "1.5e-07"), (-2e-12, "-2.0e-12"), (1e20, "1.0e+20"), (3, "3.0"), (0.25, "0.25"),
      (Double.leastNonzeroMagnitude, "5.0e-324"),
    ])
  func numbers(value: Double, text: String) {
    #expect(ResolvedNode.scalar(.number(value)).flowText == text)
    #expect(Double(text) == value)
  }

  @Test("distributions stand on one line, sections on several")
  func layout() throws {
    let yaml = try scenario(set: ["devices.groups=[{name: a, count: 1}, {count: 2}]"]).resolved.yaml
    #expect(yaml.contains("\n    - name: a\n      count: 1\n      distance: {uniform: [50.0 m, 1000.0 m]}\n"))
    #expect(yaml.contains("\n    - count: 2\n"))
    #expect(yaml.contains("\nquantizer: {bits_min: 4, bits_max: 32, payload: approximate}\n"))
    #expect(yaml.contains("\nserver:\n  clock: 3000000000.0 Hz\n  cores: {integer: [2560, 5120]}\n"))
  }
}
