import Foundation
import Processes
import Testing

@Suite("A program beside this one", .serialized)
struct CompanionTests {
  private func shell(_ script: String) throws -> Companion { try Companion(["sh", "-c", script]) }
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
  private let second = Duration.seconds(1)
  private let patience = Duration.seconds(20)

  private func reason(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch let error as CompanionError {
      return error.reason
    } catch {
      return "\(error)"
    }
  }

  /// Whether a process of this number is there and no zombie.
  private func lives(_ process: Int) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  @Test func answersLineByLine() throws {
    let companion = try shell("while read -r line; do echo \"<$line>\"; done")
    for word in ["one", "two", ""] {
      try companion.write(bytes("\(word)\n"), within: patience)
      #expect(try companion.readLine(limit: 100, within: patience) == bytes("<\(word)>"))
    }
  }

  @Test func startsWithSignalsAsTheyAreByDefault() throws {
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    let companion = try shell("grep SigIgn /proc/self/status || echo SigIgn: 0")
    let line = String(decoding: try companion.readLine(limit: 100, within: patience), as: UTF8.self)
    let ignored = try #require(line.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) })
    for number in [SIGPIPE, SIGXFSZ] { #expect(ignored & 1 << UInt64(number - 1) == 0) }
  }

  @Test func answersInPiecesOfOneByte() throws {
    let companion = try Companion(["cat"])
    let line = bytes("a line\n")
    for byte in line { try companion.write([byte], within: patience) }
    #expect(try companion.readLine(limit: 100, within: patience) == bytes("a line"))
  }

  @Test func takesAndGivesMoreThanAPipeHolds() throws {
    let companion = try shell("cat")
    let block = [UInt8](repeating: 7, count: 3 << 20)
    try companion.write(block, within: patience)
    #expect(try companion.read(count: block.count, within: patience) == block)
  }

  @Test func aProgramThatIsNotThereIsNamed() {
    #expect(reason { _ = try Companion(["no-such-program"]) } == "there is no program 'no-such-program' on PATH")
    #expect(
      reason { _ = try Companion(["./nothing"], directory: "/tmp") } == "there is no program './nothing' (from /tmp)")
    #expect(reason { _ = try Companion([]) } == "names no program")
  }

  @Test func oneThatSaysNothingRunsOutOfTime() throws {
    let companion = try shell("sleep 1000")
    let began = ContinuousClock.now
    #expect(reason { _ = try companion.readLine(limit: 10, within: .milliseconds(200)) }.hasPrefix("did not answer"))
    #expect(began.duration(to: .now) < .seconds(10))
  }

  @Test func oneThatDoesNotReadRunsOutOfTime() throws {
    let companion = try shell("sleep 1000")
    let block = [UInt8](repeating: 7, count: 1 << 20)
    #expect(reason { try companion.write(block, within: .milliseconds(200)) }.hasPrefix("did not read"))
  }

  @Test func oneThatEndsIsToldByItsCodeOrSignalWithItsLastWords() throws {
    let coded = try shell("echo first >&2; echo 'the last words' >&2; exit 3")
    #expect {
      _ = try coded.readLine(limit: 10, within: patience)
    } throws: { error in
      let error = error as? CompanionError
      return error?.reason == "ended with exit code 3" && error?.lastWords == "the last words"
    }
    let killed = try shell("kill -TERM $$")
    #expect(reason { _ = try killed.readLine(limit: 10, within: patience) } == "was ended by signal 15")
  }

  @Test func aLineWithoutEndIsRefused() throws {
    let companion = try shell("tr '\\0' x < /dev/zero")
    #expect(
      reason { _ = try companion.readLine(limit: 100_000, within: patience) } == "wrote a line of over 100000 bytes")
  }

  @Test func nothingThatItStartedOutlivesIt() throws {
    let companion = try shell("trap '' TERM HUP; sleep 1000 & echo $!; trap '' PIPE; while :; do sleep 1; done")
    let line = try companion.readLine(limit: 20, within: patience)
    let sleeper = try #require(Int(String(decoding: line, as: UTF8.self)))
    #expect(lives(sleeper))
    companion.end()
    for _ in 0..<200 where lives(sleeper) { usleep(10_000) }
    #expect(!lives(sleeper))
  }

  @Test func manyCompanionsSideBySideEndAlone() throws {
    var all = try (0..<8).map { _ in try Companion(["cat"]) }
    all.removeFirst(4)
    for companion in all {
      try companion.write(bytes("here\n"), within: patience)
      #expect(try companion.readLine(limit: 10, within: patience) == bytes("here"))
    }
  }
}
