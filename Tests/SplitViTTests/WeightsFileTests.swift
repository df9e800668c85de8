import Foundation
import Randomness
import SplitViT
import TestSupport
import Testing
import Training

extension Scratch {
  /// Writes a file of weights.
  func write(_ bytes: [UInt8]) throws -> String { try write(bytes, to: "w.safetensors") }
}

@Suite("Files of weights")
struct WeightsFileTests {
  /// A safetensors file with this header and body.
  private func file(_ header: String, _ body: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + body
  }

  private func message(_ path: String) -> String {
    do {
      let file = try WeightsFile(reading: path)
      for entry in file.entries {
        let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: entry.count)
        defer { values.deallocate() }
        values.initialize(repeating: 0)
        try file.read(entry, into: values)
      }
      return "read"
    } catch {
      return "\(error)"
    }
  }

  private func values(_ path: String, _ name: String) throws -> [Float] {
    let file = try WeightsFile(reading: path)
    let entry = try #require(file[name])
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: entry.count)
    defer { values.deallocate() }
    values.initialize(repeating: 0)
    try file.read(entry, into: values)
    return Array(values)
  }

  @Test("what is written reads back, bit for bit, with its texts")
  func roundTrip() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/w.safetensors"
    let numbers: [Float] = [1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 3]
    try numbers.withUnsafeBufferPointer { buffer in
      try WeightsFile.write(
        [
          ("a.weight", [2, 2], UnsafeBufferPointer(rebasing: buffer[..<4])),
          ("b", [2], UnsafeBufferPointer(rebasing: buffer[4...])),
        ],
        metadata: [("format", "pt"), ("note", "\"ä\"")], to: path)
    }
    let file = try WeightsFile(reading: path)
    #expect(file.entries.map(\.name) == ["a.weight", "b"])
    #expect(file["a.weight"]?.shape == [2, 2])
    #expect(file.metadata.map(\.key) == ["format", "note"])
    #expect(file.metadata.map(\.value) == ["pt", "\"ä\""])
    #expect(try values(path, "a.weight").map(\.bitPattern) == numbers[..<4].map(\.bitPattern))
    #expect(try values(path, "b") == [0.1, 3])
    #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
  }

  @Test(
    "what another file is, is said in words, with what to do",
    arguments: [
      ("<!DOCTYPE html>\n<html><head>", "is a web page, which a download gave"),
      ("\n  <html>", "is a web page"),
      ("Entry not found", "is a text that begins 'Entry not found'; a download may have failed"),
      ("404", "is a text that begins '404'"),
      (
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1815512\n",
        "is a Git LFS pointer, which stands for the weights of 1815512 bytes; fetch them with: git lfs pull"
      ),
      (
        #"{"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}"#,
        "is the index of weights"
      ),
      (#"{"architectures": ["ViTForImageClassification"]}"#, "is a JSON text, a model's configuration perhaps"),
      (
        "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{b}\0\0\0w/data.pkl",
        "is a file of PyTorch's own format (pickle in a zip"
      ),
      (
        "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{7}\0\0\0cls.npy",
        "is an archive of NumPy arrays (.npz)"
      ),
      ("GGUF\u{3}\0\0\0\0\0\0\0", "is a GGUF file"),
    ])
  func otherFiles(text: String, expected: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(Array(text.utf8))
    #expect(message(path).hasPrefix("'\(path)' \(expected)"), "\(message(path))")
  }

  @Test("no length of a header makes a file look like another format", arguments: [638, 640, 642])
  func headerLength(length: Int) throws {
    let scratch = try Scratch()
    let header = #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#
    let path = try scratch.write(
      file(header + String(repeating: " ", count: length - header.utf8.count), [0, 0, 0, 0]))
    #expect(message(path) == "read")
  }

  @Test("half, brain and double precision become float32")
  func conversions() throws {
    let scratch = try Scratch()
    // 1.5, -2, 2^-24 (the least half), as binary16; 1.5, -2 as bfloat16; 0.25 as binary64.
    let body: [UInt8] = [0x00, 0x3e, 0x00, 0xc0, 0x01, 0x00, 0xc0, 0x3f, 0x00, 0xc0, 0, 0, 0, 0, 0, 0, 0xd0, 0x3f]
    let path = try scratch.write(
      file(
        #"{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[6,10]},"#
          + #""d":{"dtype":"F64","shape":[1],"data_offsets":[10,18]}}"#, body))
    #expect(try values(path, "h") == [1.5, -2, 0x1p-24])
    #expect(try values(path, "b") == [1.5, -2])
    #expect(try values(path, "d") == [0.25])
  }

  @Test("every half becomes the number that its parts say")
  func halves() throws {
    let finite = (0..<0x1_0000).filter { $0 & 0x7C00 != 0x7C00 }
    let scratch = try Scratch()
    let path = try scratch.write(
      file(
        #"{"h":{"dtype":"F16","shape":[\#(finite.count)],"data_offsets":[0,\#(2 * finite.count)]}}"#,
        finite.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }))
    let expected = finite.map { bits in
      let (exponent, fraction) = (bits >> 10 & 31, Float(bits & 1023))
      let magnitude =
        exponent == 0
        ? fraction * 0x1p-24 : Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
      return bits < 0x8000 ? magnitude : -magnitude
    }
    #expect(try values(path, "h").map(\.bitPattern) == expected.map(\.bitPattern))
    for bits in [0x7C00, 0xFC01] {
      let path = try scratch.write(
        file(
          #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, UInt8(bits & 255), UInt8(bits >> 8)]))
      #expect(message(path).contains("element 1 of the tensor 'h' is"))
    }
  }

  @Test(
    "a hostile or foreign file is told what it is",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "has 4 bytes, and its shape 8"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 2, "lies outside of the file"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "lies outside of the file"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "no shape of whole numbers"),
      (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,9],"data_offsets":[0,4]}}"#, 4, "more elements than"),
      (#"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, 8, "of type I64"),
      (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "has no dtype"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 6, "2 bytes after its last tensor"),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        4,
        "does not begin where the one before it ends"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        8,
        "its header is no JSON"
      ),
      ("[1]", 0, "its header is no JSON object"), ("{", 0, "would have 1 bytes"), ("{]", 0, "its header is no JSON"),
    ])
  func hostile(header: String, body: Int, expected: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(file(header, [UInt8](repeating: 0, count: body)))
    #expect(message(path).contains(expected), "\(message(path))")
    #expect(message(path).hasPrefix("'\(path)' "))
  }

  @Test("other formats, folders, missing files and numbers that are none are named")
  func foreign() throws {
    let scratch = try Scratch()
    #expect(message(try scratch.write([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0])).contains("safetensors.torch.save_file"))
    #expect(message(try scratch.write([0x93] + Array("NUMPY".utf8) + [1, 0, 0])).contains("NumPy"))
    #expect(message(try scratch.write([1, 2])).contains("has 2 bytes, too few"))
    #expect(
      message(try scratch.write([255, 255, 255, 255, 255, 255, 255, 255, 1])).contains(
        "would have 18446744073709551615"))
    #expect(message(try scratch.write([100, 0, 0, 0, 0, 0, 0, 0, 1])).contains("should end at byte 108 of 9"))
    #expect(message(scratch.path).contains("is a folder"))
    _ = try scratch.write([], to: "model.safetensors")
    #expect(message("\(scratch.path)/modle.safetensors").contains("does not exist; did you mean 'model.safetensors'?"))
    #expect(message("\(scratch.path)/no/w.safetensors").contains("there is no folder '\(scratch.path)/no'"))
    let path = try scratch.write(
      file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, [0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f]))
    #expect(message(path).contains("element 1 of the tensor 'a' is nan"))
  }

  @Test("a file that is changed or cut anywhere reads or is an error, never a trap")
  func mutations() throws {
    let scratch = try Scratch()
    let whole = file(
      #"{"__metadata__":{"x":"y"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[2],"data_offsets":[8,12]}}"#,
      [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0x3c, 0, 0x3c])
    for length in 0..<whole.count {
      let message = message(try scratch.write(Array(whole[..<length])))
      #expect(message != "read", "cut at \(length)")
    }
    var stream = Seed(7).stream(.weights)
    for round in 0..<2000 {
      var bytes = whole
      for _ in 0...stream.integer(in: 0...2) {
        bytes[stream.integer(in: 0...bytes.count - 1)] = UInt8(stream.integer(in: 0...255))
      }
      #expect(!message(try scratch.write(bytes)).isEmpty, "round \(round)")
    }
  }
}
