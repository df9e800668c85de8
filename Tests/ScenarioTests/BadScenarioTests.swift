import Foundation
import Scenario
import Testing

/// A scenario that does not read, and the whole message that says why.
///
/// Where a text needs other files, or no literal can hold its bytes, they lie in the folder `Bad`.
struct BadScenario: CustomTestStringConvertible {
  static let all =
    syntax + keys + values + fleets + server + uplink + optimum + link + movement + availability + battery + radioEnergy
    + jitter + aggregation + policies + models + cuts + adapterRanks + datasets
    + training
    + sweeps

  /// Every section of a scenario with its defaults: lines 1 to 6.
  static let defaults = """
    schema: 1
    name: bad
    devices: {}
    server: {}
    uplink: {}
    model: {}
    """

  static let folder = repository.appendingPathComponent("Tests/ScenarioTests/Bad")

  /// The name of its file, without `.yaml`.
  let name: String
  /// What it says; `nil` where it is a file of the folder.
  let text: String?
  /// The message, in which files are named from the folder on.
  let message: String

  init(_ name: String, _ lines: String, _ message: String) {
    self.name = name
    self.text = lines.isEmpty ? "" : lines + "\n"
    self.message = message
  }

  init(inFile name: String, _ message: String) {
    self.name = name
    self.text = nil
    self.message = message
  }

  var testDescription: String { name }

  func read() throws {
    let path = Self.folder.appendingPathComponent("\(name).yaml").path
    if let text {
      _ = try ScenarioReader.read(text: text, file: path)
    } else {
      _ = try ScenarioReader.read(path: path)
    }
  }
}

@Suite("Bad scenarios")
struct BadScenarioTests {
  @Test("a bad scenario is answered with exactly the expected message", arguments: BadScenario.all)
  func message(of scenario: BadScenario) throws {
    let error = try #require(throws: ScenarioErrors.self) { try scenario.read() }
    #expect("\(error)".replacing(BadScenario.folder.path + "/", with: "") == scenario.message)
  }

  @Test("a name stands once, and every file of the folder belongs to one")
  func names() throws {
    let names = BadScenario.all.map(\.name)
    #expect(Set(names).count == names.count)
    for file in try FileManager.default.contentsOfDirectory(atPath: BadScenario.folder.path) {
      let belongs = BadScenario.all.contains {
        $0.text.map { $0.contains(file) } ?? (file == "\($0.name).yaml") || $0.message.contains("'\(file)'")
      }
      #expect(belongs, "\(file) belongs to no scenario")
    }
  }
}
