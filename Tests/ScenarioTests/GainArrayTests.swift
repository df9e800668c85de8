import Foundation
import Testing
import Units
import Wireless

@testable import Scenario

@Suite("Gains as arrays of NumPy")
struct GainArrayTests {
  /// What NumPy 2.4 writes of one array of 2 rounds, 2 devices and 3 blocks; `zip64` is by hand, with all its lengths in the fields
  /// of zip64, and numpy.load reads it.
  static let files: [String: String] = [
    "float32":
      """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIsIDMpLCB9ICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAALXCAAC2wgCAuMIAALrCAACA/wAA\
    vsIAAKDCAACiwgAAwH8AAKfCAACowgAAqsI=
    """,
    "float64, Fortran":
      """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMiwgMyksIH0gICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAKBWwAAAAAAAAFTAAAAAAABA\
    V8AAAAAAAOBUwAAAAAAAwFbAAAAAAABAVMAAAAAAAADw/wAAAAAAAFXAAAAAAAAQV8AAAAAAAAD4fwAAAAAAwFfAAAAAAABAVcA=
    """,
    "savez":
      """
    UEsDBC0AAAAAAAAAIQB+avvJ//////////8IABQAcmF0ZS5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2Ny\
    JzogJzxpOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAABAAAAAAAAAFBLAwQtAAAAAAAAACEA4T4R+///////\
    ////CwAUAGdhaW5fZGIubnB5AQAQALAAAAAAAAAAsAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9v\
    cmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgCgAAtcIAALbCAIC4wgAAusIAAID/AAC+wgAAoMIAAKLCAADAfwAAp8IAAKjCAACqwlBLAQItAy0AAAAA\
    AAAAIQB+avvJkAAAAJAAAAAIAAAAAAAAAAAAAACAAQAAAAByYXRlLm5weVBLAQItAy0AAAAAAAAAIQDhPhH7sAAAALAAAAALAAAA\
    AAAAAAAAAACAAcoAAABnYWluX2RiLm5weVBLBQYAAAAAAgACAG8AAAC3AQAAAAA=
    """,
    "savez_compressed":
      """
    UEsDBC0AAAAIAAAAIQD5wbud//////////8JABQAZ2FpbnMubnB5AQAQAOAAAAAAAAAAcAAAAAAAAACb7BfqGxDJyFDGUK2eklqc\
    XKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgpAZKypo1CrQB7gYgCBBWEHwPQBKC0QDqEdoDTDh/8Q\
    eRg/BCoPpRl+1IOpBzB+KFQ+9AAAUEsBAi0DLQAAAAgAAAAhAPnBu51wAAAA4AAAAAkAAAAAAAAAAAAAAIABAAAAAGdhaW5zLm5w\
    eVBLBQYAAAAAAQABADcAAACrAAAAAAA=
    """,
    "zip64":
      """
    UEsDBC0AAAAAAAAAIQDhPhH7//////////8LABQAZ2Fpbl9kYi5ucHkBABAAsAAAAAAAAACwAAAAAAAAAJNOVU1QWQEAdgB7J2Rl\
    c2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAyLCAzKSwgfSAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAC1wgAAtsIAgLjCAAC6wgAAgP8AAL7CAACgwgAAosIAAMB/\
    AACnwgAAqMIAAKrCUEsBAi0ALQAAAAAAAAAhAOE+Efv//////////wsAHAAAAAAAAAAAAAAA/////2dhaW5fZGIubnB5AQAYALAA\
    AAAAAAAAsAAAAAAAAAAAAAAAAAAAAFBLBgYsAAAAAAAAAC0ALQAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAABVAAAAAAAAAO0AAAAA\
    AAAAUEsGBwAAAABCAQAAAAAAAAEAAABQSwUGAAAAAP///////////////wAA
    """,
  ]

  private static let csv = """
    round,device,block,gain_db
    1,0,0,-90.5\n1,0,1,-91\n1,0,2,-92.25\n1,1,0,-93\n1,1,1,-inf\n1,1,2,-95
    2,0,0,-80\n2,0,1,-81\n2,0,2,\n2,1,0,-83.5\n2,1,1,-84\n2,1,2,-85
    """

  private func read(_ bytes: [UInt8], devices: Int = 2, blocks: Int = 3) throws -> GainTable {
    try GainTable(bytes, file: "gains.npy", deviceCount: devices, blockCount: blocks)
  }

  private func message(_ bytes: [UInt8], devices: Int = 2, blocks: Int = 3) -> String {
    do {
      let table = try read(bytes, devices: devices, blocks: blocks)
      return table.warnings.first?.description ?? "reads"
    } catch {
      return "\(error)"
    }
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try #require(files[name].flatMap { Data(base64Encoded: $0) }))
  }

  /// A `.npy` file of a header and numbers.
  private static func array(
    _ type: String = "<f8", order: String = "False", shape: String, _ numbers: [Double]
  ) -> [UInt8] {
    array(header: "{'descr': \(type == "<f8" ? "'<f8'" : type), 'fortran_order': \(order), 'shape': \(shape), }")
      + numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) } }
  }

  private static func array(header: String, version: UInt8 = 1) -> [UInt8] {
    let text = Array("\(header)\n".utf8)
    let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text
  }

  @Test("read as the same gains in CSV do", arguments: files.keys.sorted())
  func sameAsCSV(name: String) throws {
    let table = try GainTable(Array(Self.csv.utf8), file: "gains.csv", deviceCount: 2, blockCount: 3)
    let array = try read(Self.bytes(name))
    #expect(array.gains.rounds == table.gains.rounds)
    #expect(array.warnings.isEmpty)
    #expect(array.gains.rounds[0].row(device: 0)[2] == Decibel.ratio(-92.25))
    #expect(array.gains.rounds[1].row(device: 0)[2] == 0)
  }

  @Test("of two axes are one round, and the header's keys may stand in any order")
  func oneRound() throws {
    let numbers: [Double] = [-90.5, -91, -92.25, -93, -.infinity, -95]
    let first = try read(Self.bytes("float32")).gains.rounds[0]
    #expect(try read(Self.array(shape: "(2, 3)", numbers)).gains.rounds == [first])
    let header = Self.array(header: #"{"shape":(1,2,3),"fortran_order":False,"descr":"<f8"}"#, version: 2)
    #expect(try read(header + Self.array(shape: "(2, 3)", numbers).suffix(48)).gains.rounds == [first])
  }

  @Test("that are anything else are refused with what may be")
  func refused() throws {
    let six: [Double] = [-90, -91, -92, -93, -94, -95]
    for type in ["'>f4'", "'<i8'", "'|O'", "'<c16'", "'<f2'", "'|u1'"] {
      let text = message(Self.array(type, shape: "(2, 3)", six))
      #expect(text.hasPrefix("gains.npy: error: the file holds numbers of the type \(type)"), "\(text)")
      #expect(text.contains("allowed are '<f4' and '<f8'"))
    }
    #expect(message(Self.array("[('a', '<f4')]", shape: "(2, 3)", six)).contains("records of several fields"))
    for (shape, numbers) in [
      ("(3, 2)", six), ("(6,)", six), ("(0, 2, 3)", []), ("(1, 1, 2, 3)", six), ("()", [-90]), ("(2, 3, 1)", six),
    ] {
      let text = message(Self.array(shape: shape, numbers))
      #expect(
        text
          == "gains.npy: error: the file has the shape \(shape); with 2 devices and 3 blocks it may be (rounds, 2, 3), "
          + "or (2, 3) for one round")
    }
    #expect(message(Self.array(shape: "(2, 3)", six + [1])).contains("has 48 bytes, and 56 are here"))
    #expect(message(Self.array(shape: "(4611686018427387904, 2, 3)", six)).contains("more bytes than there can be"))
    for shape in ["(99999999999999999999, 2, 3)", "(-1, 2, 3)", "(2 3)", "(2, 3", "None"] {
      #expect(message(Self.array(shape: shape, six)).contains("is damaged: its header"), "\(shape)")
    }
    #expect(message(Self.array(order: "maybe", shape: "(2, 3)", six)).contains("is damaged: its header"))
    let long = Self.array(header: String(repeating: " ", count: 20_000), version: 2)
    #expect(message(long).contains("a header of 20001 bytes"))
    #expect(message([0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0]).contains("version 4"))
    #expect(message(Self.array(shape: "(2, 3)", six), devices: 20_000, blocks: 20_000).contains("are too many"))
  }

  @Test("say which number is out of range, and look wrong where those of a table do")
  func numbers() {
    func message(_ number: Double) -> String {
      self.message(Self.array(shape: "(1, 2, 3)", [-90, -91, -92, -93, number, -95]))
    }
    #expect(
      message(.infinity)
        == "gains.npy: error: gain_db[0, 1, 1]: inf is out of range; it may be from -1000.0 to 300.0, or "
        + "-inf or nan where there is no link")
    #expect(message(301).hasPrefix("gains.npy: error: gain_db[0, 1, 1]: 301.0 is out of range"))
    #expect(message(40).hasPrefix("gains.npy: warning: gain_db[0, 1, 1]: gains reach 40.0 dB"))
    let linear = self.message(Self.array(shape: "(2, 3)", [1e-9, 2e-9, 3e-9, 4e-9, 5e-9, 1]))
    #expect(linear.hasPrefix("gains.npy: warning: gain_db[0, 0]: every gain lies between 1e-09 and 1.0 dB"))
  }

  @Test("that are cut anywhere are refused, and no byte of them crashes the reader", arguments: files.keys.sorted())
  func hostile(name: String) throws {
    let bytes = try Self.bytes(name)
    for end in bytes.indices { #expect(message(Array(bytes[..<end])).contains("error: "), "\(end)") }
    for place in bytes.indices {
      for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff, bytes[place] ^ 0x10] {
        var changed = bytes
        changed[place] = value
        _ = message(changed)
      }
    }
  }

  @Test("in an archive without one that is meant, or that claims too much, are refused")
  func archives() throws {
    #expect(
      message(Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18)).contains("holds no array; write one"))
    var other = try Self.bytes("savez")
    let name = Array("gain_db".utf8)
    for place in other.indices where other[place...].starts(with: name) { other[place] = UInt8(ascii: "p") }
    #expect(message(other).contains("holds 'rate.npy', 'pain_db.npy'; write one array, or name it gain_db"))
    // The directory's line of the one file: its unpacked length, and whether it is encrypted or packed otherwise.
    let packed = try Self.bytes("savez_compressed")
    let line = try #require(packed.indices.first { packed[$0...].starts(with: Array("PK\u{1}\u{2}".utf8)) })
    func changed(_ offset: Int, _ value: UInt8) -> String {
      var bytes = packed
      bytes[line + offset] = value
      return message(bytes)
    }
    #expect(changed(27, 0x7f).contains("too many for a gain file of"))
    #expect(changed(8, 1).contains("encrypted"))
    #expect(changed(10, 12).contains("packed by the method 12"))
    #expect(changed(16, packed[line + 16] ^ 1).contains("another checksum"))
    #expect(changed(24, packed[line + 24] &- 1).contains("is damaged"))
  }
}
