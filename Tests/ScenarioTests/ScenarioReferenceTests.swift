import Foundation
import Scenario
import Testing

@Suite("The scenario reference")
struct ScenarioReferenceTests {
  private let page: String

  init() throws {
    page = try String(
      contentsOf: repository.appending(path: "Sources/Scenario/Scenario.docc/ScenarioReference.md"), encoding: .utf8)
  }

  @Test("names every key that the reader knows")
  func complete() {
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

  @Test("says the defaults that the reader takes")
  func defaults() throws {
    let keys = ScenarioReader.documentation()
    var (heading, compared) = ("", 0)
    for line in page.split(separator: "\n") {
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, let name = cells[0].wholeMatch(of: /`([a-z0-9_.-]+)`/)?.1,
        let given = cells[3].firstMatch(of: /^(?:`([^`]+)`|([-0-9.e]+))(?:$|[:;]| \()/),
        let key = keys.first(where: { $0.path == "\(heading).\(name)" })
          ?? keys.first(where: { $0.path == name }) ?? keys.first(where: { $0.path.hasSuffix(".\(name)") }),
        let standard = key.defaultText
      else { continue }
      func read(_ value: String) throws -> Scenario {
        try scenario(
          set: Self.contexts.filter { key.path.hasPrefix($0.path) }.map(\.setting) + ["\(key.path)=\(value)"])
      }
      let shown = String(given.1 ?? given.2 ?? "")
      #expect(try read(shown) == read(standard), "\(key.path): the page says \(shown), the reader takes \(standard)")
      compared += 1
    }
    #expect(compared > 80)
  }

  /// What keys need next to them.
  private static let contexts: [(path: String, setting: String)] = [
    ("objective.weight", "objective.kind=difference"),
    ("server.discipline", "server.accelerators=1"),
    ("uplink.fading.rayleigh.", "uplink.fading.rayleigh.doppler=10 Hz"),
    ("aggregation.after", "aggregation.mode=deadline"),
    ("aggregation.mixing", "aggregation.mode=asynchronous"),
    ("aggregation.rest", "aggregation.mode=quorum"),
    ("aggregation.s", "aggregation.mode=buffered"),
    ("aggregation.concurrency", "aggregation.mode=buffered"),
    ("aggregation.max_staleness", "aggregation.mode=buffered"),
    ("aggregation.weights", "aggregation.mode=buffered"),
    ("training.dataset.", "training.dataset.name=fashion-mnist"),
    ("training.partition.classes", "training.partition.kind=shards"),
    ("training.optimizer.epsilon", "training.optimizer.name=adamw"),
    ("training.optimizer.schedule.floor", "training.optimizer.schedule.kind=cosine"),
    ("training.trainer.external.", "training.trainer={external: {command: [program]}}"),
    ("policies.external.", "policies.external.command=[program]"),
    (
      "model.profile.",
      "model.profile={payload: {sample: 1, activations: 1, device_weights: 0, parameters: 0}, work: {device_forward: 0 FLOP, "
        + "device_backward: 0 FLOP, forward: 0 FLOP}}"
    ),
  ]
}
