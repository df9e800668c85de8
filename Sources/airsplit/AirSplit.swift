import ArgumentParser
import Simulation

/// The command line.
@main
struct AirSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "airsplit",
    abstract: "Simulates split federated fine-tuning over a wireless uplink, round by round.",
    discussion: """
      A scenario file says who the devices are, what the radio and the server can do and which framework and policy \
      are simulated; a run turns it into traces, with one row per round and one \
      row per device and round.

        airsplit run scenarios/quickstart.yaml
        airsplit run scenarios/paper.yaml --policy bcd --set deadline='4.2 s'

      Data goes to standard output, everything else to standard error. Exit codes: 0 all is well, 1 a run failed or a \
      check found something, 2 bad input or usage, 3 not enough data.
      """,
    version: Recorder.version,
    groupedSubcommands: [
      CommandGroup(name: "Simulate:", subcommands: [RunCommand.self, ValidateCommand.self, ExplainCommand.self]),
      CommandGroup(
        name: "Do many runs:",
        subcommands: [SweepCommand.self, StatusCommand.self, MergeCommand.self, CompareCommand.self]),
      CommandGroup(name: "Show:", subcommands: [ReportCommand.self, ChannelCommand.self, LinkCommand.self]),
      CommandGroup(name: "Train:", subcommands: [PretrainCommand.self, EvaluateCommand.self, ProfileCommand.self]),
      CommandGroup(name: "Allocate:", subcommands: [DrawCommand.self, SolveCommand.self, CheckCommand.self]),
      CommandGroup(
        name: "Reproduce:", subcommands: [ReproduceCommand.self, ClaimsCommand.self, SensitivityCommand.self]),
      CommandGroup(name: "Look up:", subcommands: [ListCommand.self, TablesCommand.self, WeightsCommand.self]),
    ])

  static func main() {
    StandardStreams.prepare()
    ExitStatus.of(arguments: Array(CommandLine.arguments.dropFirst())).end()
  }
}
