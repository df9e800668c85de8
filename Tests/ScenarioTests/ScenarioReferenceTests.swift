import Foundation
import Scenario
import Testing

@Suite("The scenario reference")
struct ScenarioReferenceTests {
  @Test("names every key that the reader knows")
  func complete() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "Sources/Scenario/Scenario.docc/ScenarioReference.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let keys = ScenarioReader.documentation()
    #expect(keys.count > 50)
    let leaves = keys.filter { key in !keys.contains { $0.path.hasPrefix(key.path + ".") } }
    for key in leaves {
      // `uplink.path_loss.model` stands in the table of `uplink` as `path_loss.model`.
      let parts = key.path.split(separator: ".")
      let isNamed = parts.indices.contains { page.contains("`\(parts[$0...].joined(separator: "."))`") }
      #expect(isNamed, "\(key.path): \(key.summary)")
    }
  }
}
