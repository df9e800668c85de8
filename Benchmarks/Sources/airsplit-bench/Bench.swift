import ArgumentParser

/// The command: each verb is a file of its own and a line here.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "airsplit-bench",
    abstract: "Measure how fast AirSplit is, alone and beside its peers.",
    discussion: "Build it with -c release. Quote ratios of one run, never absolute figures.",
    subcommands: [
      Hold.self, Round.self, Allocate.self, Rounds.self, Options.self, DescentBench.self, City.self, Asynchronous.self,
      Merging.self, FadingBench.self, Batch.self, SweepBench.self, Growth.self, ProductsBench.self, Train.self,
      Allocations.self, Peers.self,
    ])
}

/// How an answer is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
}
