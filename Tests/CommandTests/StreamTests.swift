import Foundation
import Testing

@Suite("Standard streams")
struct StreamTests {
  @Test("a reader that closes early ends a command quietly")
  func closedPipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let folder = try TemporaryFolder.withSmallScenario()
    let outcome = try Tool.run(
      ["draw", "small.yaml", "--count", "16777216"], in: folder, output: pipe.fileHandleForWriting)
    #expect(outcome.status == 0 && outcome.errors == "")
  }

  @Test("a full disk behind standard output is a failure with its reason")
  func fullOutput() throws {
    guard let full = FileHandle(forWritingAtPath: "/dev/full") else { return }
    let outcome = try Tool.run(["list", "policies"], in: TemporaryFolder(), output: full)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "error: cannot write to standard output: No space left on device\n")
  }

  @Test("a full disk below a file to draw into leaves no half of it")
  func fullFile() throws {
    let folder = try TemporaryFolder.withSmallScenario()
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let outcome = try Tool.run("draw", "small.yaml", "--out", "/dev/full", in: folder)
    #expect(outcome.status == 1 && outcome.errors == "error: cannot write /dev/full: No space left on device\n")
  }

  @Test(
    "a file that may not grow further is a failure with its reason, and what was written stays out of its place",
    arguments: [
      ("draw small.yaml --count 20000 --out i.jsonl", "i.jsonl"),
      ("run small.yaml --rounds 20000 --quiet --out r", "r/manifest.json"), ("draw small.yaml --count 20000 > o", ""),
    ])
  func fullQuota(command: String, result: String) throws {
    let folder = try TemporaryFolder.withSmallScenario()
    let outcome = try Tool.shell("ulimit -f 64; \"$0\" \(command)", in: folder)
    #expect(outcome.status == 1 && outcome.errors.contains("File too large"), "\(outcome.errors)")
    #expect(outcome.errors.contains("error: cannot write") && !folder.has(result.isEmpty ? "-" : result))
  }
}
