import CZlib
import Foundation
import TestSupport
import Testing
import Units
import Wireless

@testable import Scenario

@Suite("What a gains file may say")
struct GainFileTests {
  private static func rows(_ gains: [String]) -> String {
    "round,device,block,gain_db\n" + gains.enumerated().map { "1,\($0 / 2),\($0 % 2),\($1)\n" }.joined()
  }

  private func read(_ text: String) throws -> GainTable {
    try GainTable(Array(text.utf8), file: "gains.csv", deviceCount: 2, blockCount: 2)
  }

  private func message(_ text: String) -> String {
    do {
      _ = try read(text)
      return "reads"
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "no link is an empty gain, -inf or nan, and comes to a gain of 0",
    arguments: ["", " ", "-inf", "-Inf", "-Infinity", "nan", "NaN", "\"\""])
  func noLink(gain: String) throws {
    let table = try read(Self.rows(["-90", "-91", gain, "-92"]))
    #expect(table.gains.rounds.first?.row(device: 1).first == 0)
    #expect(table.gains.rounds.first?.row(device: 0) == [Decibel.ratio(-90), Decibel.ratio(-91)])
    #expect(table.warnings.isEmpty)
  }

  @Test("a gain that is no number, or infinite, is none of these", arguments: ["inf", "none", "-", "NA", "1e999"])
  func notAGain(gain: String) {
    #expect(message(Self.rows(["-90", "-91", gain, "-92"])).hasPrefix("gains.csv:4:7: error: gain_db: "))
  }

  @Test("every decimal reads as the library reads it")
  func decimals() throws {
    var random = SplitMix(state: 5)
    for _ in 0..<20_000 {
      let digits = Int(random.next() % 18) + 1
      var text = (0..<digits).map { _ in "\(random.next() % 10)" }.joined()
      text.insert(".", at: text.index(text.startIndex, offsetBy: Int(random.next() % UInt64(digits)) + 1))
      if text.hasSuffix(".") { text += "0" }
      if random.next() % 2 == 0 { text = "-" + text }
      var table = try CSVTable(Array("x\n\(text)\n".utf8), file: "t.csv")
      var fields: [CSVTable.Field] = []
      #expect(try table.next(&fields) && table.number(fields[0]) == Double(text), "\(text)")
    }
    for text in ["", "-", ".", "1.", ".5", "+1", "1e3", "0x10", "1 2", "1_0", "-0"] {
      var table = try CSVTable(Array("x,y\n\(text),1\n".utf8), file: "t.csv")
      var fields: [CSVTable.Field] = []
      #expect(try table.next(&fields) && table.number(fields[0]) == Double(text), "\(text)")
    }
  }

  @Test("linear numbers are warned of, with what to do")
  func linear() throws {
    let warnings = try read(Self.rows(["8.5e-10", "3.7e-10", "7.4e-11", "4.0e-12"])).warnings.map(\.description)
    #expect(
      warnings == [
        "gains.csv:2:7: warning: gain_db: every gain lies between 4e-12 and 8.5e-10 dB, as if a device stood in the "
          + "antenna: these look like linear power gains; write 10 log10 of them (pandas: 10 * np.log10(gain))"
      ])
  }

  @Test("positive losses are warned of, with what to do, also where only some gains are above 0 dB")
  func losses() throws {
    let warnings = try read(Self.rows(["-9", "90.67", "101.28", "94"])).warnings.map(\.description)
    #expect(
      warnings == [
        "gains.csv:3:7: warning: gain_db: gains reach 101.28 dB, and above 0 dB more power arrives than was sent: these "
          + "look like losses; write them with a minus, gain_db = -loss_db"
      ])
    #expect(try read(Self.rows(["-9", "-90.67", "0", "-94"])).warnings.isEmpty)
    #expect(try read(Self.rows(["", "", "", ""])).warnings.isEmpty)
  }

  @Test(
    "another separator than commas is one error that names it", arguments: [(";", "';'"), ("\t", "tabs"), ("|", "'|'")])
  func separators(separator: String, name: String) {
    let text = message("round,device,block,gain_db\n1,0,0,-90,67\n".replacing(",", with: separator))
    #expect(text.hasPrefix("gains.csv:1:1: error: the columns are separated by \(name), not by commas; "))
    #expect(!text.contains("\n"))
  }

  @Test("a table with a column per block is refused with the columns' names and the way out")
  func wide() {
    let text = message("round,device,rb0,rb1\n1,0,-90,-91\n1,1,-92,-93\n")
    #expect(text.hasPrefix("gains.csv:1:14: error: 'rb0', 'rb1' look like a column per block; write a row per round, "))
    #expect(text.contains("round, device, block, gain_db") && text.contains(".melt(") && !text.contains("\n"))
    let many = message("device," + (0..<40).map { "b\($0)" }.joined(separator: ",") + "\n")
    #expect(many.contains("'b5' and 34 more look like"))
  }

  // MARK: - gzip

  /// `bytes` as one member of a gzip file.
  private static func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    let folder = try Scratch()
    let handle = try #require(gzopen("\(folder.path)/x.gz", "wb9"))
    gzwrite(handle, bytes, UInt32(bytes.count))
    gzclose(handle)
    return try folder.bytes(of: "x.gz")
  }

  private func unpack(_ bytes: [UInt8], limit: Int = 1 << 30) throws -> [UInt8] {
    let folder = try Scratch()
    let path = try folder.write(bytes, to: "gains.csv.gz")
    return try InputFile.Reader(path, limit: limit, kind: "a gain file").rest()
  }

  private func failure(_ bytes: [UInt8], limit: Int = 1 << 30) -> String {
    do {
      return "unpacks to \(try unpack(bytes, limit: limit).count) bytes"
    } catch {
      return "\(error)"
    }
  }

  @Test("a packed file reads as it was, in one member or several, and with padding")
  func gzip() throws {
    var random = SplitMix(state: 1)
    let text = Array((0..<100_000).map { _ in "1,2,3,\(random.next() % 1000)\n" }.joined().utf8)
    let packed = try Self.packed(text)
    #expect(packed.count < text.count / 2)
    #expect(try unpack(packed) == text)
    let halves = try Self.packed(Array(text.prefix(1000))) + Self.packed(Array(text.dropFirst(1000)))
    #expect(try unpack(halves + [0, 0]) == text)
    #expect(try unpack(text) == text)
  }

  @Test("a table that is longer than what is held of it has its rows, in their lines, packed or not")
  func longTable() throws {
    let folder = try Scratch()
    func rows(_ bytes: [UInt8]) throws -> [String] {
      let reader = try InputFile.Reader(try folder.write(bytes, to: "t.csv"), limit: 1 << 30, kind: "a table")
      var table = try CSVTable(reader.next(), file: "t.csv", source: reader, longestLine: 64)
      var (fields, rows): ([CSVTable.Field], [String]) = ([], [])
      while try table.next(&fields) { rows.append("\(table.position(fields[1])) \(table.text(fields[1]))") }
      return rows
    }
    func text(_ last: String = "") -> [UInt8] {
      Array(("x,y\n" + (1...20_000).map { "1,\($0)\n" }.joined() + last).utf8)
    }
    let expected = (1...20_000).map { "t.csv:\($0 + 1):3 \($0)" }
    #expect(try rows(text()) == expected)
    #expect(try rows(Self.packed(text())) == expected)
    #expect(try rows(text("1,2")) == expected + ["t.csv:20002:3 2"])
    do {
      _ = try rows(text(String(repeating: "9,", count: 1 << 17)))
      Issue.record("it reads")
    } catch {
      #expect("\(error)" == "t.csv:20002:1: error: the line has more than 64 bytes; is this a CSV file?")
    }
  }

  @Test("a bomb, a damaged and a cut file are refused in words")
  func hostileGzip() throws {
    let bomb = try Self.packed([UInt8](repeating: 48, count: 1 << 26))
    #expect(failure(bomb).contains("too many for a gain file of \(bomb.count) packed bytes"))
    let text = Array((0..<50_000).map { "1,2,3,\($0)\n" }.joined().utf8)
    let packed = try Self.packed(text)
    #expect(failure(packed, limit: packed.count).contains("too many for a gain file"))
    #expect(failure(Array(packed.dropLast(9))).contains("is cut off"))
    #expect(failure([0x1F, 0x8B]).contains("is cut off"))
    var damaged = packed
    damaged[packed.count / 2] ^= 0xFF
    #expect(failure(damaged).contains("is damaged"))
    var random = SplitMix(state: 9)
    for _ in 0..<300 {
      var bytes = packed
      for _ in 0..<3 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
      _ = failure(Array(bytes.prefix(Int(random.next() % UInt64(bytes.count + 1)))))
    }
  }
}
