import Allocation
import ArgumentParser
import Trace
import Training
import Wireless

/// `airsplit list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists what scenarios and commands may name.",
    discussion: """
      Policies come with their settings and defaults; metrics are what --metric takes. Scenarios are those of the nearest \
      folder 'scenarios' here or above, or else those that were installed with the program; commands take their names as well \
      as files.

        airsplit list policies
        airsplit list metrics --format json
      """)

  /// What may be listed.
  enum Topic: String, CaseIterable {
    case policies, frameworks, models
    case pathLoss = "path-loss"
    case largeScale = "large-scale"
    case scenarios, keys, metrics
  }

  @Argument(
    help: ArgumentHelp("One of \(names.joined(separator: ", ")).", valueName: "what"), completion: .list(names),
    transform: topic)
  var topic: Topic

  @Option(help: "How to print.")
  var format = OutputFormat.table

  func run() throws {
    let list = try Listing(topic)
    switch format {
    case .table: try StandardStreams.write(list.text)
    case .json: try StandardStreams.write(list.json)
    }
  }

  private static var names: [String] { Topic.allCases.map(\.rawValue) }

  private static func topic(_ word: String) throws -> Topic {
    guard let topic = Topic(rawValue: word) else { throw ValidationError(unknown("list", word, among: names)) }
    return topic
  }
}
