import Foundation
import TestSupport
import Testing

@testable import Scenario

@Suite("Hostile input")
struct HostileInputTests {
  private func paper(_ name: String = "paper") throws -> [UInt8] {
    Array(try Data(contentsOf: repository.appendingPathComponent("scenarios/\(name).yaml")))
  }

  /// Reads `bytes`, which must end with a scenario or with errors that have something to say.
  private func read(_ bytes: [UInt8], _ what: String) {
    do {
      _ = try ScenarioReader.read(bytes: bytes, file: "test.yaml", overrides: [])
    } catch let errors as ScenarioErrors {
      #expect(!errors.diagnostics.isEmpty && errors.diagnostics.allSatisfy { !$0.message.isEmpty }, "\(what)")
      #expect(errors.diagnostics.count <= DiagnosticLog.limit + 1, "\(what)")
    } catch {
      Issue.record("\(what): \(error)")
    }
  }

  @Test("random bytes are answered")
  func randomBytes() {
    for seed in 0..<300 {
      var random = SplitMix(state: UInt64(seed))
      read((0..<Int(random.next() % 400)).map { _ in UInt8(truncatingIfNeeded: random.next()) }, "seed \(seed)")
    }
  }

  @Test("random YAML structure is answered")
  func randomStructure() {
    let words = [
      "[", "]", "{", "}", ",", ": ", ":", "- ", "-", "? ", "&a ", "*a", "!t ", "\"", "'", "#", " #", "\n", "\n  ", "|",
      ">", "devices", "count", "uniform", "5 s", "%", "@", "`", "\\", "---\n", "...\n", "<<", "~", "\t", "é", "x",
    ]
    for seed in 0..<1000 {
      var random = SplitMix(state: UInt64(seed))
      let text = (0..<Int(random.next() % 60)).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined()
      read(Array(text.utf8), "seed \(seed)")
      read(Array((minimal + "deadline: " + text).utf8), "seed \(seed), after a scenario")
    }
  }

  @Test("every beginning of a scenario is answered")
  func truncations() throws {
    let bytes = try paper()
    for length in stride(from: 0, through: bytes.count, by: 7) { read(Array(bytes[..<length]), "\(length) bytes") }
  }

  @Test("a scenario with one byte changed is answered", arguments: ["paper", "fig6-cifar10"])
  func mutations(name: String) throws {
    let bytes = try paper(name)
    for seed in 0..<500 {
      var random = SplitMix(state: UInt64(seed))
      var changed = bytes
      let index = Int(random.next() % UInt64(bytes.count))
      changed[index] =
        seed.isMultiple(of: 2)
        ? UInt8(truncatingIfNeeded: random.next()) : bytes[Int(random.next() % UInt64(bytes.count))]
      read(changed, "seed \(seed)")
    }
  }

  @Test("fifty thousand errors do not fill the screen")
  func manyErrors() {
    let text = minimal + (0..<50_000).map { "k\($0): 1\n" }.joined()
    read(Array(text.utf8), "many keys")
  }

  @Test("depth is refused before it is parsed", arguments: ["[", "{", "- ", "{a: ", "a: [", "[#]\n", "a:\n "])
  func depth(piece: String) {
    let text = String(repeating: piece, count: 100_000)
    let message = message("deadline: " + text) ?? ""
    #expect(message.contains("error"), "\(message.prefix(200))")
  }

  @Test("bombs of aliases are refused before they are parsed")
  func bombs() {
    var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in 1...12 {
      lines.append(
        "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]")
    }
    let text = lines.joined(separator: "\n")
    #expect(message(text) == "test.yaml:1:5: error: anchors and aliases ('&') are not allowed; write the value out")
    #expect(message("? *a\n: " + text)?.contains("not allowed") == true)
    // Hidden from a scanner that takes the second line's quote for the start of a quoted text.
    let hidden = "[ a\n\", &a [x, x], &b [*a, *a], &c [*b, *b], *c, \"b]"
    #expect(message(hidden) != nil)
  }

  @Test(
    "the characters of anchors, aliases and tags are text inside text",
    arguments: ["a&b", "\"& *x !t\"", "'*x'", "a # *x &y !z", "a *b", "x! &"])
  func plainText(value: String) {
    let message = message(minimal + "band: \(value)\n")
    #expect(message?.contains("is not one of one-block, all") == true, "\(message ?? "")")
  }

  @Test("a file of 100 MB is refused without reading it")
  func hugeFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID()).yaml").path
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 100_000_000)
    try file.close()
    let errors = try #require(throws: ScenarioErrors.self) { try ScenarioReader.read(path: path) }
    #expect(errors.description == "\(path): error: the file has 100000000 bytes; a scenario has at most 1000000")
  }

  @Test("positions of 2 GB are refused without reading them, and a table whose line has no end as soon as that is seen")
  func hugeTable() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID()).csv").path
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? file.close() }
    func answer() throws -> String {
      let text = minimal + "mobility: {file: '\(path)'}\n"
      return try #require(throws: ScenarioErrors.self) { try ScenarioReader.read(text: text, file: "s.yaml") }
        .description
    }
    try file.truncate(atOffset: 2 << 30)
    let refusal = try answer()
    #expect(
      refusal.hasSuffix("the file '\(path)' has 2147483648 bytes; a file of positions has at most 1000000000"),
      "\(refusal)")
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data("time_s,device,x_m,y_m\n".utf8))
    try file.truncate(atOffset: 2_000_000)
    #expect(try answer() == "\(path):2:1: error: the line has more than 1048576 bytes; is this a CSV file?")
    try file.truncate(atOffset: 0)
    try file.seek(toOffset: 0)
    try file.write(contentsOf: Data(repeating: UInt8(ascii: ","), count: 2_000_000))
    #expect(try answer() == "\(path):1:1: error: the line has more than 1048576 bytes; is this a CSV file?")
  }

  @Test("what is no file is answered")
  func noFile() throws {
    func answer(_ path: String) throws -> String {
      try #require(throws: ScenarioErrors.self) { try ScenarioReader.read(path: path) }.description
    }
    let scenarios = repository.appendingPathComponent("scenarios").path
    #expect(try answer(scenarios) == "\(scenarios): error: the file is a folder; name a scenario in it")
    #expect(try answer("/dev/zero") == "/dev/zero: error: the file is not a regular file; save it to one first")
    #expect(
      try answer("\(scenarios)/papr.yaml")
        == "\(scenarios)/papr.yaml: error: the file does not exist; did you mean 'paper.yaml'?")
    #expect(try answer("").contains("does not exist"))
    #expect(try answer("a\0b").contains("NUL"))
    #expect(try answer("\(scenarios)/paper.yaml/x").contains("cannot be read"))
  }
}
