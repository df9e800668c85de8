import Foundation
import Scenario
import Simulation
import TestSupport
import Testing
import Trace

@testable import Experiments

@Suite("What of a sweep is there")
struct SweepInventoryTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Does a sweep in a folder and writes its tables.
  private func sweep(_ reading: SweepReading, _ name: String = "r", jobs: Int = 2) throws -> SweepFolder {
    let folder = try SweepFolder(beginning: "\(scratch.path)/\(name)", reading, source: "small.yaml")
    var options = Sweep.Options()
    options.jobs = jobs
    var sweep = try Sweep(folder, reading, options: options)
    let isWhole = try sweep.run(sweep.tasks) { _, _ in true }
    #expect(isWhole)
    try sweep.writeTables()
    return folder
  }

  private func tables(_ folder: SweepFolder) throws -> [[UInt8]] {
    try ["points", "runs", "summary", "failures"].map { try FileSystem.contents(of: "\(folder.path)/\($0).csv") }
  }

  private func journal(_ folder: SweepFolder) throws -> String {
    "\(folder.journals)/\(try #require(try FileSystem.names(in: folder.journals).first))"
  }

  @Test(
    "is found in the journals: a line that is changed, cut off or gone is missing, and done again to the same tables")
  func losses() throws {
    let reading = try smallSweep("{grid: {policy: [rb, ep, exact], deadline: [5 s, 8 s]}, repetitions: 4}")
    let expected = try tables(sweep(reading, "whole"))
    for (loss, damaged, missing) in [("changed", 1, 1), ("cut", 0, 1), ("gone", 0, 24)] {
      let folder = try sweep(reading, loss)
      let path = try journal(folder)
      var bytes = try FileSystem.contents(of: path)
      switch loss {
      case "changed":
        // Within a line's key: the end of a line would be two lines' loss.
        let end = try #require(bytes[..<(bytes.count / 2)].lastIndex(of: UInt8(ascii: "\n")))
        bytes[end + 3] ^= 1
      case "cut": bytes.removeLast(30)
      default: bytes = []
      }
      if bytes.isEmpty {
        try FileManager.default.removeItem(atPath: path)
      } else {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
      }
      let inventory = try SweepInventory(of: folder, reading)
      #expect((inventory.damaged, inventory.missing, inventory.failed) == (damaged, missing, 0), "\(loss)")
      #expect(inventory.done == 24 - missing && inventory.tasks().count == missing, "\(loss)")
      var again = try Sweep(folder, reading)
      _ = try again.run(again.tasks) { _, _ in true }
      try again.writeTables()
      #expect(try tables(folder) == expected, "\(loss)")
    }
  }

  @Test("is the same whichever thread and journal a run's line went to, and reads back as it was written")
  func journals() throws {
    let reading = try smallSweep(
      "{grid: {policy: [rb, ep], deadline: {range: {start: 4 s, stop: 8 s, step: 0.5 s}}}, repetitions: 3}")
    let expected = try tables(sweep(reading, "one", jobs: 1))
    #expect(try tables(sweep(reading, "four", jobs: 4)) == expected)
    let folder = try SweepFolder(beginning: "\(scratch.path)/shards", reading, source: "small.yaml")
    for index in 1...3 {
      var options = Sweep.Options()
      options.shard = try #require(Shard("\(index)/3"))
      var part = try Sweep(folder, reading, options: options)
      _ = try part.run(part.tasks) { _, _ in true }
    }
    let inventory = try SweepInventory(of: folder, reading)
    try inventory.writeTables(to: folder)
    #expect(try tables(folder) == expected)
    let alone = try figures(of: reading)
    for row in try inventory.table().rows {
      #expect(row.figures == alone[SweepTask(point: row.point, repetition: row.repetition)])
    }
    #expect(try inventory.repeatedPoints() == (18, 0))
  }

  @Test("is told of all points that have one key")
  func sameKey() throws {
    let reading = try smallSweep("{grid: {deadline: [5 s, 5000 ms]}}")
    let folder = try sweep(reading)
    let path = try journal(folder)
    let lines = try FileSystem.contents(of: path).split(separator: UInt8(ascii: "\n"))
    try Data(lines[0] + [UInt8(ascii: "\n")]).write(to: URL(fileURLWithPath: path))
    #expect(try SweepInventory(of: folder, reading).done == 2)
  }

  @Test("leaves tables alone that stay as they are, and writes whole what differs anywhere")
  func tablesAlone() throws {
    let path = "\(scratch.path)/table.csv"
    func write(_ pieces: String...) throws -> (text: String, isNew: Bool) {
      let before = try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
      let file = try ReplacedFile(path)
      for piece in pieces { try file.append(Array(piece.utf8)) }
      try file.finish()
      let after = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
      return (String(decoding: try FileSystem.contents(of: path), as: UTF8.self), before != after)
    }
    #expect(try write("head\n", "row\n") == ("head\nrow\n", true))
    #expect(try write("head\n", "row\n") == ("head\nrow\n", false))
    #expect(try write("head\n", "raw\n", "more\n") == ("head\nraw\nmore\n", true))
    #expect(try write("head\n") == ("head\n", true))
    #expect(try write("head\n", "row\n") == ("head\nrow\n", true))
    #expect(try FileSystem.names(in: scratch.path) == ["table.csv"])
  }
}
