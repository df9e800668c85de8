import ArgumentParser
import Foundation
import JSON
import Training

/// `airsplit tables`.
struct TablesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tables",
    abstract: "Prints Tables I and II of the paper: ours from first principles next to the paper's.",
    discussion: """
      Where the two differ, a note says why. JSON has unrounded numbers, 'ours' and 'paper' apart.

        airsplit tables
        airsplit tables --format json
      """)

  @Option(help: "How to print.")
  var format = OutputFormat.table

  func run() throws {
    let tables = ModelTables.paper
    switch format {
    case .table: try StandardStreams.write(tables.text)
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try StandardStreams.write(try JSONValue(parsing: Array(encoder.encode(tables))))
    }
  }
}
