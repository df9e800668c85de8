import Foundation
import Scenario
import Testing

@Suite("Bad scenarios")
struct BadScenarioTests {
  /// Each `NAME.yaml` of the folder `Bad` has the message that it must give in `NAME.expected`. Where a message is meant
  /// to change, run the tests with AIRSPLIT_REFRESH=1 in the environment and read the differences.
  @Test("every bad scenario is answered with exactly the expected message")
  func messages() throws {
    let folder = repository.appendingPathComponent("Tests/ScenarioTests/Bad")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let names = files.filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(names.count >= 40, "the folder has lost its files")
    for name in names {
      let text = try Data(contentsOf: folder.appendingPathComponent(name))
      let path = folder.appendingPathComponent(name).path
      let expectedFile = folder.appendingPathComponent(name.replacing(".yaml", with: ".expected"))
      let message: String
      do {
        _ = try ScenarioReader.read(path: path)
        Issue.record("\(name) reads without an error (\(text.count) bytes)")
        continue
      } catch {
        message = "\(error)\n".replacing(folder.path + "/", with: "")
      }
      if ProcessInfo.processInfo.environment["AIRSPLIT_REFRESH"] == "1" {
        try Data(message.utf8).write(to: expectedFile)
      }
      let expected = try String(contentsOf: expectedFile, encoding: .utf8)
      #expect(message == expected, "\(name)")
    }
    for name in files where name.hasSuffix(".expected") {
      #expect(names.contains(name.replacing(".expected", with: ".yaml")), "\(name) has lost its scenario")
    }
  }
}
