import Foundation
import Network
import TestSupport
import Testing
import Units
import Wireless

@testable import Scenario

@Suite("Fleets and gains from CSV files")
struct CSVFileTests {
  @Test("a fleet has a device a row, whatever the order of the columns")
  func fleet() throws {
    let text = """
      \u{FEFF}samples,"distance_m",clock_hz,cores,flops_per_cycle,kappa_w_per_hz3,power_min_w,power_max_w,circuit_power_w\r
      400, 100.5 ,1e9,4,1,1e-29,0.1,1,0.25\r

      500,200,1.5e9,6,2,2e-29,0.2,2,0
      """
    let fleet = try FleetFile(Array(text.utf8), file: "fleet.csv")
    #expect(fleet.count == 2 && fleet.names == nil)
    #expect(
      fleet.values == [
        "distance": [100.5, 200], "clock": [1e9, 1.5e9], "cores": [4, 6], "flops_per_cycle": [1, 2],
        "kappa": [1e-29, 2e-29], "power_min": [0.1, 0.2], "power_max": [1, 2], "samples": [400, 500],
        "circuit_power": [0.25, 0],
      ])
  }

  @Test("gains have a matrix per round, rows of a round in any order")
  func gains() throws {
    let text = """
      round,device,block,gain_db
      1,1,0,-20
      1,0,0,0
      1,0,1,-10
      1,1,1,-30
      2,0,0,10
      2,0,1,0
      2,1,0,0
      2,1,1,0

      """
    let gains = try GainTable(Array(text.utf8), file: "gains.csv", deviceCount: 2, blockCount: 2).gains
    #expect(gains.rounds.count == 2)
    let first = try #require(gains.rounds.first)
    let expected = [1, 0.1, 0.01, 0.001]
    #expect(zip(first.values, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(abs(gains.rounds[1][0, 0] - 10) < 1e-12)
  }

  @Test(
    "a file of availability is refused where a span is none or comes before its time",
    arguments: [
      ("device,on_s,off_s\n0,5,5\n", "a.csv:2:5: error: off_s: device 0 leaves at 5.0 s, but comes at 5.0 s"),
      (
        "device,on_s,off_s\n0,5,9\n1,0,1\n0,8,12\n",
        "a.csv:4:3: error: on_s: device 0 comes at 8.0 s, but was there until 9.0 s; its spans must rise"
      ),
      ("device,on_s,off_s\n2,5,9\n", "a.csv:2:1: error: device: 2 is out of range; it may be from 0 to 1"),
      ("device,on_s,off_s\n0,5,99\n", "a.csv:2:5: error: off_s: 99 is out of range; it may be from 0.0 to 20.0"),
      ("device,on_s\n0,5\n", "a.csv:1:1: error: the column 'off_s' is missing"),
      ("device,on_s,off_s\n", "a.csv: error: the file has no row, so no device is ever there"),
    ])
  func badAvailability(text: String, message: String) {
    let error = #expect(throws: ScenarioErrors.self) {
      try AvailabilityFile.table(Array(text.utf8), file: "a.csv", deviceCount: 2, period: Seconds(20))
    }
    #expect(error.map { "\($0)" } == message)
  }

  @Test("spans with no time between them are one")
  func touchingSpans() throws {
    let text = "off_s,device,on_s\n5,1,0\n9,1,5\n12,1,10\n"
    let table = try AvailabilityFile.table(Array(text.utf8), file: "a.csv", deviceCount: 2, period: nil)
    #expect(table.spans == [[], [.init(on: 0, off: 9), .init(on: 10, off: 12)]])
  }

  @Test("the example of measured gains gives two rounds of four devices and three blocks")
  func example() throws {
    let path = repository.appendingPathComponent("scenarios/measured.yaml").path
    let measured = try ScenarioReader.read(path: path).scenario
    #expect(measured.devices.count == 4)
    #expect(measured.gains?.rounds.map(\.deviceCount) == [4, 4])
    #expect(measured.gains?.rounds.map(\.blockCount) == [3, 3])
  }

  @Test("the resolved scenario finds the files from anywhere")
  func absolute() throws {
    let path = repository.appendingPathComponent("scenarios/measured.yaml").path
    let measured = try ScenarioReader.read(path: path).scenario
    let again = try ScenarioReader.read(text: measured.resolved.yaml, file: "/elsewhere/scenario.yaml").scenario
    #expect(again.devices == measured.devices)
    #expect(again.gains?.rounds == measured.gains?.rounds)
  }

  @Test("a table without a header, or without anything, says so")
  func empty() {
    #expect(throws: ScenarioErrors.self) { try FleetFile([], file: "fleet.csv") }
    #expect(throws: ScenarioErrors.self) {
      try GainTable(Array("\n\n".utf8), file: "gains.csv", deviceCount: 2, blockCount: 2)
    }
  }

  @Test("no bytes make the readers of tables crash")
  func fuzz() {
    let letters = Array("0123456789,.-e\"\n\rrounddeviceblockgain_db \t\0\u{e9}".utf8)
    for seed in 0..<300 {
      var random = SplitMix(state: UInt64(seed))
      var bytes = Array("round,device,block,gain_db\n1,0,0,-90\n1,0,1,-91\n".utf8)
      for _ in 0..<4 {
        let index = Int(random.next() % UInt64(bytes.count))
        bytes[index] = letters[Int(random.next() % UInt64(letters.count))]
      }
      _ = try? GainTable(bytes, file: "gains.csv", deviceCount: 1, blockCount: 2)
      _ = try? FleetFile(bytes, file: "fleet.csv")
    }
  }
}
