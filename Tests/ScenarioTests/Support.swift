import Foundation
import Scenario
import Testing

/// The folder that holds `Package.swift`.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The least that a scenario may say.
let minimal = """
  schema: 1
  name: minimal
  devices: {}
  server: {}
  uplink: {}
  model: {}

  """

/// The scenario of `minimal` with `lines` after it, or with `settings` laid over it.
func scenario(_ lines: String = "", set settings: [String] = []) throws -> Scenario {
  try ScenarioReader.read(
    text: minimal + lines, file: "test.yaml", overrides: settings.map(ScenarioOverride.init(setting:))
  ).scenario
}

/// The message that reading `text` must end with; `nil`, with a failure, where it reads well.
func message(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String? {
  do {
    _ = try ScenarioReader.read(text: text, file: "test.yaml")
    Issue.record("reads without an error: \(text.prefix(200))", sourceLocation: sourceLocation)
    return nil
  } catch {
    return "\(error)"
  }
}
