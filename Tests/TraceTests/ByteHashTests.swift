import TestSupport
import Testing

@testable import Trace

@Suite("The hash of files")
struct ByteHashTests {
  private let bytes: [UInt8] = {
    var random = SplitMix(state: 11)
    return (0..<77).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }()

  @Test("is the same in whatever pieces the bytes come")
  func pieces() {
    let whole = ByteHash(bytes).text
    for size in 1...40 {
      var hash = ByteHash()
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { hash.absorb($0) }
        // To ask changes nothing.
        _ = hash.text
      }
      #expect(hash.text == whole, "pieces of \(size)")
    }
  }

  @Test("changes with every bit")
  func bits() {
    var seen = [ByteHash(bytes).text: 0]
    for bit in 0..<8 * bytes.count {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      seen[ByteHash(flipped).text, default: 0] += 1
    }
    #expect(seen.count == 8 * bytes.count + 1)
  }

  @Test("a file knows its own as it grows, and holds it to that when it goes on")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a"
    let mark: FileMark
    do {
      let file = try OutputFile(creating: path)
      for start in stride(from: 0, to: bytes.count, by: 10) {
        try file.append(bytes[start..<min(start + 10, bytes.count)])
      }
      mark = file.mark(named: "a")
      try file.append([1, 2, 3])
    }
    #expect(mark == FileMark(file: "a", bytes: bytes.count, hash: ByteHash(bytes).text))
    do {
      let file = try OutputFile(resuming: path, beginning: [bytes[0]], contents: "bytes", mark: mark)
      #expect(file.mark(named: "a") == mark)
      try file.append([9])
      #expect(file.mark(named: "a").hash == ByteHash(bytes + [9]).text)
    }
    try OutputFile(creating: path).append(Array(bytes.dropLast()) + [bytes[76] ^ 4])
    #expect(throws: TraceError.self) {
      try OutputFile(resuming: path, beginning: [bytes[0]], contents: "bytes", mark: mark)
    }
  }
}
