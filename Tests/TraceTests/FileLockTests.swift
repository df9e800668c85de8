import TestSupport
import Testing
import Trace

@Suite("A lock")
struct FileLockTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private var path: String { "\(scratch.path)/lock" }

  @Test("is had by one, and free again when that one lets go")
  func exclusive() throws {
    var first = try FileLock(path, note: "the first")
    #expect(first != nil)
    #expect(try FileLock(path) == nil && FileLock(path, isShared: true) == nil)
    #expect(FileLock.state(of: path).isHeld && FileLock.state(of: path).note == "the first")
    first = nil
    #expect(!FileLock.state(of: path).isHeld)
    #expect(try FileLock(path) != nil)
  }

  @Test("is shared by those who ask for no more")
  func shared() throws {
    let first = try FileLock(path, isShared: true)
    let second = try FileLock(path, isShared: true)
    #expect(first != nil && second != nil)
    #expect(try FileLock(path) == nil)
  }

  @Test("is refused with the system's reason where its file cannot be")
  func refused() {
    let error = #expect(throws: TraceError.self) { try FileLock("\(scratch.path)/nowhere/lock") }
    #expect(error.map { "\($0)".contains("nowhere/lock: No such file or directory") } == true)
  }
}
