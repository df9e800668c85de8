import Foundation
import Testing

@Suite("CONTRIBUTING")
struct ContributingTests {
  @Test("shows the example policy as it stands in its test, in under 40 lines")
  func example() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "CONTRIBUTING.md"), encoding: .utf8)
    let source = try String(contentsOf: tests.appending(path: "ExamplePolicyTests.swift"), encoding: .utf8)
    let example = try #require(page.split(separator: "```swift\n").dropFirst().first?.split(separator: "```").first)
    #expect(source.contains(example))
    #expect(example.split(separator: "\n", omittingEmptySubsequences: false).count < 40)
  }
}
