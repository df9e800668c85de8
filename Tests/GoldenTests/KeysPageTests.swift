import Foundation
import Scenario
import Testing

@Suite("The page of a scenario's keys")
struct KeysPageTests {
  @Test("is what the schema writes")
  func page() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Scenario/Scenario.docc/ScenarioKeys.md").standardizedFileURL
    let text = KeyDocumentation.page(of: ScenarioReader.documentation())
    if ProcessInfo.processInfo.environment["REFRESH_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text, "tools/refresh-golden writes it anew")
  }
}
