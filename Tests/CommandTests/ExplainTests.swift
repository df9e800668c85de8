import Foundation
import Testing

@Suite("airsplit explain")
struct ExplainTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  @Test("every device's part in a round is explained and agrees with the trace")
  func agrees() throws {
    #expect(try Tool.run("run", "small.yaml", "--policy", "bcd", "--out", "r", in: folder).status == 0)
    let rows = try folder.lines("r/devices.csv").filter { $0.hasPrefix("3,") }
    for device in 0..<12 {
      let outcome = try Tool.run(
        "explain", "r", "--round", "3", "--device", "\(device)", "--format", "json", in: folder)
      #expect(outcome.status == 0 && outcome.errors == "")
      let explanation = try object(outcome.output)
      #expect(explanation["agrees_with_trace"] as? Bool == true)
      #expect(explanation["outcome"] as? String == rows[device].split(separator: ",").last.map(String.init))
    }
  }

  @Test("in every framework the round is found again", arguments: ["sflam", "sfl", "sfl-v2", "sl", "fl", "ll", "cl"])
  func frameworks(framework: String) throws {
    #expect(try Tool.run("run", "small.yaml", "--framework", framework, "--out", "r", in: folder).status == 0)
    for device in ["0", "11"] {
      let outcome = try Tool.run("explain", "r", "--round", "4", "--device", device, in: folder)
      #expect(outcome.status == 0 && outcome.output.hasSuffix("devices.csv says the same.\n"), "\(outcome.errors)")
    }
  }

  @Test("devices and gains from files are explained from the folder of the results alone")
  func files() throws {
    let columns = "distance_m,clock_hz,cores,flops_per_cycle,kappa_w_per_hz3,power_min_w,power_max_w,samples\n"
    try folder.write(columns + "100,1.4e9,6,1,1e-29,0.1,1,90\n200,1.4e9,6,1,1e-29,0.1,1,90\n", to: "in/fleet.csv")
    try folder.write("round,device,block,gain_db\n1,0,0,-100\n1,1,0,-110\n", to: "in/gains.csv")
    try folder.write(
      """
      schema: 1
      name: listed
      rounds: 2
      devices: {file: fleet.csv}
      server: {clock: 3 GHz, cores: 4000}
      uplink: {blocks: 1, block_bandwidth: 20 MHz, gains: gains.csv}
      model: {name: vit_base_patch32_224, classes: 10}
      """, to: "in/listed.yaml")
    #expect(try Tool.run("run", "in/listed.yaml", in: folder).status == 0)
    #expect(try folder.text("results/listed/scenario.yaml").contains("devices: {file: inputs/fleet.csv}\n"))
    try FileManager.default.removeItem(atPath: folder.path("in"))
    let outcome = try Tool.run("explain", "results/listed", "--round", "2", "--device", "1", in: folder)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("Device 1 was not selected: "), "\(outcome.errors)")
  }

  @Test("rounds and devices that the run does not have are named with their ranges")
  func ranges() throws {
    #expect(try Tool.run("run", "small.yaml", "--out", "r", in: folder).status == 0)
    for (round, device, sentence) in [
      ("5", "0", "error: there is no round 5; the run has rounds 1 to 4\n"),
      ("0", "0", "error: there is no round 0; the run has rounds 1 to 4\n"),
      ("1", "12", "error: there is no device 12; the run has devices 0 to 11\n"),
      ("1", "-1", "error: there is no device -1; the run has devices 0 to 11\n"),
    ] {
      let outcome = try Tool.run("explain", "r", "--round", round, "--device", device, in: folder)
      #expect(outcome.status == 2 && outcome.output == "" && outcome.errors == sentence)
    }
  }

  @Test("a trace that was changed is noticed")
  func changed() throws {
    #expect(try Tool.run("run", "small.yaml", "--out", "r", in: folder).status == 0)
    let trace = try folder.text("r/devices.csv")
    try folder.write(trace.replacingOccurrences(of: "\n2,0,", with: "\n2,0,1"), to: "r/devices.csv")
    let outcome = try Tool.run("explain", "r", "--round", "2", "--device", "0", in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: r/devices.csv says something else about device 0 in round 2: "))
    try FileManager.default.removeItem(atPath: folder.path("r/devices.csv"))
    #expect(try Tool.run("explain", "r", "--round", "2", "--device", "0", in: folder).status == 0)
  }
}
