import Foundation
import Testing

@Suite("airsplit link")
struct LinkCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder.withSmallScenario() }

  private func rows(_ options: String...) throws -> [[String]] {
    let outcome = try Tool.run(["link", "small.yaml"] + options, in: folder)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    return outcome.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("a row per ratio and index; the one chosen is the last whose blocks fail seldom enough")
  func staircase() throws {
    let rows = try rows("--set", "uplink.link={mcs: {table: 64qam}}", "--from=-10", "--to", "10", "--step", "20")
    #expect(
      rows[0] == ["snr_db", "mcs", "modulation_bits", "code_rate", "block_error_rate", "efficiency", "is_chosen"])
    #expect(rows.count == 1 + 2 * 29)
    #expect(rows[1...29].allSatisfy { $0[0] == "-10.0" && $0[6] == "0" }, "no index works at -10 dB")
    let high = rows.dropFirst(30)
    let chosen = try #require(high.first { $0[6] == "1" })
    #expect(high.filter { $0[6] == "1" }.count == 1)
    for row in high where row[5] != "" {
      let fails = try #require(Double(row[4])) > 0.1 * (1 + 1e-6)
      #expect(try fails == (#require(Int(row[1])) > #require(Int(chosen[1]))))
    }
    #expect(rows[18][1] == "17" && rows[18][5] == "", "64QAM at 438/1024 carries less than 16QAM at 658/1024")
  }

  @Test("Shannon's bound has one row per ratio")
  func bound() throws {
    let rows = try rows("--from", "0 dB", "--to", "10 dB", "--step", "10")
    #expect(rows[1] == ["0.0", "", "", "", "", "1.0", "1"])
    #expect(try abs(#require(Double(rows[2][5])) - log2(11)) < 1e-12 && rows.count == 3)
  }

  @Test(
    "what cannot be printed is refused in one line",
    arguments: [
      (["--from", "3", "--to", "2"], "--to '2' is below --from '3'"),
      (["--step", "0"], "--step '0' is out of range; it may be from 1e-06 dB to 400.0 dB"),
      (["--to", "nan"], "--to 'nan' is out of range; it may be from -200.0 dB to 200.0 dB"),
      (["--from", "1 W"], "--from '1 W' has the unit 'W'; use dB"),
      (["--step", "1e-6"], "these are 40000001 ratios; at most 1000000 are printed: choose a longer --step"),
    ])
  func refused(options: [String], message: String) throws {
    let outcome = try Tool.run(["link", "small.yaml"] + options, in: folder)
    #expect(outcome.status == 2 && outcome.output == "")
    #expect(outcome.errors == "error: \(message)\n")
  }
}
