import Foundation
import Testing

@Suite("airsplit validate")
struct ValidateTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  @Test("a valid file has a line, and a warning says whom the deadline excludes")
  func valid() throws {
    let outcome = try Tool.run("validate", "small.yaml", in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.output == "small.yaml: ok: 12 devices, 3 blocks, 4 rounds, framework sflam, policy exact\n")
    #expect(
      outcome.errors.wholeMatch(
        of:
          /small\.yaml: warning: the deadline of 5\.0 s per step excludes \d+ of 12 devices \([\d.]+ %\) by computing alone\n/
      )
        != nil)
  }

  @Test("a scenario of the nearest folder 'scenarios' goes by its name, and a file of that name comes first")
  func shipped() throws {
    let here = try TemporaryFolder()
    try here.write(smallScenario, to: "scenarios/cell.yaml")
    for name in ["cell", "cell.yaml"] {
      let outcome = try Tool.run("validate", name, "--resolved", in: here)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("\nrounds: 4\n"))
    }
    let unknown = try Tool.run("validate", "sell", in: here)
    #expect(unknown.status == 2)
    #expect(unknown.errors.hasPrefix("sell: error: the file does not exist"))
    try here.write(smallScenario.replacingOccurrences(of: "rounds: 4", with: "rounds: 5"), to: "cell.yaml")
    #expect(try Tool.run("validate", "cell.yaml", "--resolved", in: here).output.contains("\nrounds: 5\n"))
  }

  @Test("a deadline that no device can meet is warned of")
  func nobody() throws {
    let compute = try Tool.run("validate", "small.yaml", "--set", "deadline=1 ms", in: folder)
    #expect(compute.status == 0)
    #expect(
      compute.errors
        == "small.yaml: warning: the deadline of 0.001 s per step excludes every device: computing alone takes longer\n"
    )
    let power = try Tool.run("validate", "small.yaml", "--set", "uplink.noise_density=1 W/Hz", in: folder)
    #expect(
      power.errors.contains("warning: no device can meet the deadline of 5.0 s per step in round 1: the power does not")
    )
    #expect(try Tool.run("validate", "small.yaml", "--set", "deadline=60 s", in: folder).errors == "")
  }

  @Test("rounds of very many events are warned of")
  func longRounds() throws {
    let outcome = try Tool.run(
      "validate", "small.yaml", "--set", "deadline=60 s", "--set", "devices.samples=1000000000", in: folder)
    #expect(
      outcome.errors
        == "small.yaml: warning: a device has up to 15625000 steps per round and up to 3 devices take part: a round may take "
        + "minutes or longer\n")
  }

  @Test("all errors of all files are named, valid files still have their line, and the exit code is 2")
  func invalid() throws {
    let text = smallScenario.replacingOccurrences(of: "rounds: 4", with: "ruonds: 4")
      .replacingOccurrences(of: "20 MHz", with: "20 MW")
    try folder.write(text, to: "wrong.yaml")
    let outcome = try Tool.run("validate", "wrong.yaml", "small.yaml", "none.yaml", in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.output.hasPrefix("small.yaml: ok: ") && outcome.output.split(separator: "\n").count == 1)
    let lines = outcome.errors.split(separator: "\n").filter { $0.contains("error: ") }
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("wrong.yaml:5:1: error: ruonds: ") && lines[0].hasSuffix("did you mean 'rounds'?"))
    #expect(lines[1].hasPrefix("wrong.yaml:15:38: error: uplink.block_bandwidth: "))
    #expect(lines[2].hasPrefix("none.yaml: error: the file does not exist"))
  }

  @Test("the resolved scenario, read again, resolves to itself")
  func resolved() throws {
    let first = try Tool.run("validate", "small.yaml", "--resolved", "--set", "deadline=6 s", in: folder)
    #expect(first.status == 0)
    #expect(first.output.contains("\ndeadline: 6.0 s\n"))
    try folder.write(first.output, to: "again.yaml")
    let second = try Tool.run("validate", "again.yaml", "--resolved", in: folder)
    #expect(second.status == 0 && second.output == first.output)
  }
}
