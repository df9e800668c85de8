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
    #expect(try folder.text("results/listed/scenario.yaml").contains("devices: {file: inputs/fleet.csv, "))
    try FileManager.default.removeItem(atPath: folder.path("in"))
    let outcome = try Tool.run("explain", "results/listed", "--round", "2", "--device", "1", in: folder)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("Device 1 was not selected: "), "\(outcome.errors)")
  }

  @Test("a fleet's file may name devices and leave out what has a default; nobody makes distances up")
  func names() throws {
    try folder.write("name,power_max_w\nroof,1\ncellar,1\nshed,1\n", to: "fleet.csv")
    try folder.write("round,device,block,gain_db\n1,0,0,-100\n1,1,0,-110\n1,2,0,\n", to: "gains.csv")
    try folder.write(
      """
      schema: 1
      name: named
      rounds: 2
      deadline: 8 s
      devices: {file: fleet.csv, clock: 1.4 GHz, cores: 6, samples: 90}
      server: {clock: 3 GHz, cores: 4000}
      uplink: {blocks: 1, block_bandwidth: 20 MHz, gains: gains.csv}
      model: {name: vit_base_patch32_224, classes: 10}
      """, to: "named.yaml")
    #expect(try Tool.run("run", "named.yaml", "--out", "r", in: folder).status == 0)
    let lines = try folder.lines("r/devices.csv")
    #expect(lines[0].hasPrefix("round,device,name,gain_db,block,"))
    #expect(
      lines[1].hasPrefix("1,0,roof,-100.0,0,") && lines[3].hasPrefix("1,2,shed,,,") && lines[3].hasSuffix("no_link"))
    let shed = try Tool.run("explain", "r", "--round", "2", "--device", "shed", in: folder)
    #expect(
      shed.output.hasPrefix(
        "Device 2 (shed) did not take part: it has no link on any block.\nIts best block, 0, has no gain at all.\n"))
    #expect(shed.output.hasSuffix("devices.csv says the same.\n"), "\(shed.errors)")
    let unknown = try Tool.run("explain", "r", "--round", "2", "--device", "rof", in: folder)
    #expect(unknown.errors == "error: --device: there is no device 'rof'; did you mean 'roof'?\n")
    #expect(try Tool.run("report", "r", in: folder).status == 0)
    #expect(try folder.text("r/report.html").contains("cellar"))
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
