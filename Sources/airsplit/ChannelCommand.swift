import ArgumentParser
import Randomness
import Scenario
import Simulation
import Units
import Wireless

/// `airsplit channel`.
struct ChannelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "channel",
    abstract: "Prints the channel over time: what a run of the scenario sees, at whatever instants are asked for.",
    discussion: """
      One row per instant, device and block: where the device is, whether it has a line of sight, path loss, shadowing and \
      the gain of the pair with its fading. A channel that stands still for a round is that of round 1, at all times. With \
      uplink.interference also sinr_db: gain times the device's power_max over the block's noise and what neighbours send on \
      it at that instant.

        airsplit channel scenarios/paper.yaml --set 'uplink.fading={rayleigh: {speed: 3 km/h}}' \\
          --devices 0,3 --blocks 0 --from 0 --to '2 s' --step '1 ms' > gains.csv
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Which devices, as 0,3 or 0-9.", valueName: "list"))
  var devices = "0"

  @Option(parsing: .unconditional, help: ArgumentHelp("Which blocks, as 0 or 0-9.", valueName: "list"))
  var blocks = "0"

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The first instant, in seconds or with a unit.", valueName: "time"))
  var from = "0"

  @Option(parsing: .unconditional, help: ArgumentHelp("The last instant, included.", valueName: "time"))
  var to = "1"

  @Option(parsing: .unconditional, help: ArgumentHelp("From one instant to the next.", valueName: "time"))
  var step = "1 ms"

  @Option(parsing: .unconditional, help: "Which repetition of the scenario; 0 is that of 'airsplit run'.")
  var repetition = 0

  @OptionGroup var overrides: Overrides

  @Option(help: "How to print.")
  var format = Format.csv

  /// How rows are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// A header and a line per row.
    case csv
    /// An object per line.
    case json
  }

  /// Rows that one command prints at most.
  static let mostRows = 100_000_000

  func run() throws {
    let limit = Int(Seed.repetitionLimit) - 1
    guard (0...limit).contains(repetition) else {
      throw CommandError.badInput("--repetition is \(repetition); it may be from 0 to \(limit)")
    }
    let span = 0...1e9
    let first = try Seconds("--from", from, within: span)
    let last = try Seconds("--to", to, within: span)
    let step = try Seconds("--step", step, within: 1e-9...1e9)
    guard last >= first else {
      throw CommandError.badInput("--to '\(to)' is before --from '\(from)'")
    }
    let reading = try overrides.read(path)
    let scenario = reading.scenario
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    let devices = try NumberList.read(
      devices, option: "--devices", below: scenario.devices.count, of: "devices")
    let blocks = try NumberList.read(
      blocks, option: "--blocks", below: scenario.uplink.blocks, of: "blocks")
    let instants = ((last - first) / step * (1 + 1e-12)).rounded(.down) + 1
    let count = instants * Double(devices.count) * Double(blocks.count)
    guard count <= Double(Self.mostRows) else {
      throw CommandError.badInput(
        "these are \(Int(min(count, 1e18))) rows; at most \(Self.mostRows) are printed: choose a longer --step, or fewer "
          + "devices or blocks")
    }
    let world = try rejectingInput { try World(scenario, repetition: UInt32(repetition)) }
    let view = ChannelView(world)
    var rows = ChannelRows(format: format, hasInterference: view.hasInterference)
    try StandardStreams.write(rows.header)
    for item in 0..<Int(instants) {
      let time = first + step * Double(item)
      for device in devices {
        for sample in view.samples(device: device, blocks: blocks, at: time) { rows.append(sample) }
        if rows.isLong { try StandardStreams.write(rows.taken()) }
      }
    }
    try StandardStreams.write(rows.taken())
  }
}
