import Foundation
import Testing

/// `airsplit sensitivity` over small scenarios.
@Suite("Sensitivity")
struct SensitivityTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      schema: 1
      name: small
      devices: {count: 12}
      server: {}
      uplink: {blocks: 3}
      model: {name: vit_base_patch32_224}
      provenance: {devices.kappa: assumed, deadline: assumed}
      """, to: "small.yaml")
    try folder.write("ranges: {devices.kappa: [1e-30, 1e-28], policies.ep.power: [2 W]}", to: "ranges.yaml")
  }

  private let arguments = ["sensitivity", "small.yaml", "--ranges", "ranges.yaml", "--no-claims", "--repetitions", "4"]

  @Test("what moves a figure is printed, the widest first, and what has no range is said")
  func table() throws {
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines[0].hasPrefix("objective: U of exact, Eq. (21); ") && lines[0].hasSuffix(" as the scenario is, 4 draws"))
    #expect(lines[2].hasPrefix("devices.kappa  assumed  1e-28 "))
    #expect(lines[3] == "Nothing moves with policies.ep.power.")
    #expect(outcome.errors.contains("note: assumed, but without a range: deadline\n"))
    let other = try Tool.run(arguments + ["--figure", "ep_objective_share"], in: folder)
    #expect(other.output.contains("\npolicies.ep.power  -"))
  }

  @Test("the files are the same on one thread and two, and as printed")
  func files() throws {
    for jobs in ["1", "2"] {
      let outcome = try Tool.run(arguments + ["--jobs", jobs, "--out", "out-\(jobs)", "--format", "csv"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output == (try folder.text("out-\(jobs)/sensitivity.csv")))
    }
    let names = try folder.names("out-1")
    #expect(names == ["README.md", "manifest.json", "sensitivity.csv", "sensitivity.svg"])
    for name in names { #expect(try folder.data("out-1/\(name)") == folder.data("out-2/\(name)"), "\(name)") }
    let manifest = try object(folder.text("out-1/manifest.json"))
    let entry = try #require((manifest["files"] as? [[String: Any]])?.first)
    #expect(
      entry["command"] as? String
        == "airsplit sensitivity small.yaml --ranges ranges.yaml --repetitions 4 --no-claims")
    #expect(entry["draws"] as? Int == 4)
  }

  @Test("json has an object an effect")
  func json() throws {
    let outcome = try Tool.run(arguments + ["--format", "json"], in: folder)
    let effects = try #require(try object(outcome.output)["effects"] as? [[String: Any]])
    #expect(effects.count == 45 && effects[0]["parameter"] as? String == "devices.kappa")
    #expect(effects[0]["n"] as? Int == 4 && effects[0]["ci95_low"] is Double)
  }

  /// Command lines with a mistake, the status they end with, and what standard error then says.
  static let mistakes: [(arguments: [String], status: Int32, says: String)] = [
    (["--repetitions", "1"], 3, "one draw says nothing about another"),
    (["--repetitions", "0"], 2, "--repetitions is 0; it may be from 2 to "),
    (["--figure", "objectiv"], 2, "--figure: there is no figure 'objectiv'; did you mean 'objective'?"),
    (["--set", "devices.kapa=1"], 2, "did you mean 'kappa'?"),
    (["--ranges", "nowhere.yaml"], 2, "nowhere.yaml: error: the file does not exist"),
  ]

  @Test("a mistake is told", arguments: mistakes.indices)
  func mistake(index: Int) throws {
    let (wrong, status, says) = Self.mistakes[index]
    let arguments = ["sensitivity", "small.yaml", "--ranges", "ranges.yaml", "--no-claims"] + wrong
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == status && outcome.output == "", "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
  }
}
