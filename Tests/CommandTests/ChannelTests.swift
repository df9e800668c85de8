import Foundation
import Testing

@Suite("airsplit channel")
struct ChannelCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  private func rows(_ options: String...) throws -> [[String]] { try rows(options) }

  private func rows(_ options: [String]) throws -> [[String]] {
    let outcome = try Tool.run(["channel", "small.yaml"] + options, in: folder)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    return outcome.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("one row per instant, device and block, ends included; what a model does not know is empty")
  func table() throws {
    let rows = try rows(
      "--devices", "0,3", "--blocks", "0-1", "--from", "0", "--to", "2 ms", "--step", "1 ms",
      "--set", "uplink.fading={rayleigh: {doppler: 10 Hz}}")
    #expect(rows[0] == ["time_s", "device", "block", "x_m", "y_m", "los", "path_loss_db", "shadowing_db", "gain_db"])
    #expect(
      rows.dropFirst().map { $0[0] + " " + $0[1] + " " + $0[2] } == [
        "0.0 0 0", "0.0 0 1", "0.0 3 0", "0.0 3 1", "0.001 0 0", "0.001 0 1", "0.001 3 0", "0.001 3 1", "0.002 0 0",
        "0.002 0 1", "0.002 3 0", "0.002 3 1",
      ])
    for row in rows.dropFirst() {
      let distance = try hypot(#require(Double(row[3])), #require(Double(row[4])))
      let loss = try #require(Double(row[6]))
      #expect(abs(loss - (128.1 + 37.6 * log10(distance / 1000))) < 1e-6)
      #expect(row[5] == "" && row[7] == "0.0" && Double(row[8]) != nil)
    }
  }

  @Test("gains hold for a step, and where nothing moves for ever: those of round 1 of the run")
  func still() throws {
    let moving = try rows("--to", "0.0149", "--set", "uplink.fading={rayleigh: {doppler: 10 Hz}}")
    #expect(Set(moving.dropFirst().map { $0[8] }).count == 3, "5 ms each")
    let other = try rows("--to", "1", "--step", "0.1")
    #expect(Set(other.dropFirst().map { $0[8] }).count == 1)
    #expect(
      try Tool.run("run", "small.yaml", "--trace", "gains", "--out", "r", in: folder).status == 0)
    let kept = try folder.lines("r/gains.csv")[1].split(separator: ",")
    #expect(kept.prefix(3) == ["1", "0", "0"] && String(kept[3]) == other[1][8])
  }

  @Test(
    "with neighbours there is the ratio of the largest power over noise and what they send; a silent one leaves the noise"
  )
  func interference() throws {
    let settings = ["--set", "devices.power_max=0.5 W", "--set", "uplink.fading={rayleigh: {doppler: 1 Hz}}"]
    let silent = try rows(["--to", "0", "--set", "uplink.interference={load: 0}"] + settings)
    #expect(silent[0].suffix(2) == ["gain_db", "sinr_db"])
    // 0.5 W are 26.9897 dBm; -174 dBm/Hz over 20 MHz are -100.9897 dBm.
    let gain = try #require(Double(silent[1][8]))
    #expect(abs(try #require(Double(silent[1][9])) - (gain + 26.9897 + 100.9897)) < 1e-3)
    let loud = try rows(["--to", "0", "--set", "uplink.interference={load: 1}"] + settings)
    #expect(loud[1][8] == silent[1][8])
    #expect(try #require(Double(loud[1][9])) < gain + 127.9)
    let json = try Tool.run(
      ["channel", "small.yaml", "--to", "0", "--format", "json", "--set", "uplink.interference={load: 0}"] + settings,
      in: folder)
    #expect(try object(json.output)["sinr_db"] as? Double == Double(silent[1][9]))
  }

  @Test("JSON has a line per row, with null for what is not known")
  func json() throws {
    let outcome = try Tool.run(
      "channel", "small.yaml", "--to", "0.001", "--format", "json", "--set", "uplink.path_loss=umi", in: folder)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2)
    let first = try object(String(lines[0]))
    #expect(first["los"] is Bool && first["gain_db"] is Double && first["time_s"] as? Double == 0)
  }

  @Test(
    "what cannot be printed is refused in one line",
    arguments: [
      (
        ["--devices", "0,12"], "--devices '0,12': there is no 12: the scenario has 12 devices, the last of which is 11"
      ),
      (["--devices", "a"], "--devices 'a': 'a' is no number from 0 and no range; write 0,3 or 0-9"),
      (["--devices", ""], "--devices '': '' is no number from 0 and no range; write 0,3 or 0-9"),
      (["--devices", "-1"], "--devices '-1': '-1' is no number from 0 and no range; write 0,3 or 0-9"),
      (["--devices", "5-2"], "--devices '5-2': 5 is above 2"),
      (["--devices", "1,0-3"], "--devices '1,0-3': a number stands twice"),
      (["--blocks", "3"], "--blocks '3': there is no 3: the scenario has 3 blocks, the last of which is 2"),
      (["--step", "0"], "--step '0' is out of range; it may be from 1e-09 s to 1000000000.0 s"),
      (["--step", "1 parsec"], "--step '1 parsec' has the unit 'parsec'; use s, ms, us, ns, min, h"),
      (["--to", "nan"], "--to 'nan' is out of range; it may be from 0.0 s to 1000000000.0 s"),
      (["--from", "2", "--to", "1"], "--to '1' is before --from '2'"),
      (["--repetition", "-1"], "--repetition is -1; it may be from 0 to 16777215"),
      (
        ["--to", "1000000000", "--step", "1 ns"],
        "these are 1000000000000000000 rows; at most 100000000 are printed: choose a longer --step, or fewer devices or "
          + "blocks"
      ),
    ])
  func refused(options: [String], message: String) throws {
    let outcome = try Tool.run(["channel", "small.yaml"] + options, in: folder)
    #expect(outcome.status == 2 && outcome.output == "")
    #expect(outcome.errors == "error: \(message)\n")
  }
}
