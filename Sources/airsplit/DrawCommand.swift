import Allocation
import ArgumentParser
import Experiments
import Randomness
import Scenario
import Simulation
import Trace

/// `airsplit draw`.
struct DrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draws allocation problems from a scenario, for solvers in any language.",
    discussion: """
      Instance i, counted from 1, is the first round of the scenario's repetition i - 1: its own devices, server and \
      gains. Instance 1 is the first round of 'airsplit run'. One line of JSON per instance; 'airsplit solve' and \
      'airsplit check' read them. Instances that are all equal, since the scenario draws nothing, are refused with exit code 3.

        airsplit draw scenarios/paper.yaml --count 200 --out instances.jsonl
        airsplit draw scenarios/paper.yaml --set deadline='4 s' | head -n 1
      """)

  @Argument(
    help: ArgumentHelp("A scenario file.", valueName: "scenario"), completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(parsing: .unconditional, help: "How many instances.")
  var count = 1

  @Option(parsing: .unconditional, help: "Root of all random numbers.")
  var seed: String?

  @OptionGroup var overrides: Overrides

  @Option(help: ArgumentHelp("The file to write; '-' is standard output.", valueName: "file"))
  var out = "-"

  func validate() throws {
    let limit = Int(Seed.repetitionLimit)
    if !(1...limit).contains(count) { throw ValidationError("--count is \(count); it may be from 1 to \(limit)") }
  }

  func run() throws {
    let reading = try overrides.read(path, with: [ScenarioOverride("seed", seed)].compactMap(\.self))
    for warning in reading.warnings { StandardStreams.note("\(warning)") }
    if out == "-" { return try draw(reading.scenario) { try StandardStreams.write($0) } }
    guard out.hasSuffix(".jsonl") || (count == 1 && out.hasSuffix(".json")) || out.hasPrefix("/dev/") else {
      throw CommandError.badInput("--out '\(out)': the name must end in .jsonl, or .json for a single instance")
    }
    let file = try rejectingInput { try AtomicFile(path: out) }
    do {
      try draw(reading.scenario) { try file.append($0) }
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  /// Writes the instances as they come, the first ones as soon as two of them differ.
  ///
  /// - Throws: `EqualDraws` where none of several differs from another: they would be one instance.
  private func draw(_ scenario: Scenario, to write: (String) throws -> Void) throws {
    func instance(_ repetition: UInt32) throws -> Instance {
      try rejectingInput { try World(scenario, repetition: repetition).instance() }
    }
    /// What is drawn, without what only some policies begin with.
    func drawn(_ repetition: UInt32) throws -> Instance {
      var instance = try instance(repetition)
      (instance.name, instance.deviceOnBlock, instance.initialBlocks) = ("", nil, nil)
      return instance
    }
    let first = try drawn(0)
    var next: UInt32 = 1
    while next < UInt32(count), try drawn(next) == first { next += 1 }
    if count > 1, next == UInt32(count) { throw EqualDraws(count: count) }
    for repetition in 0..<UInt32(count) { try write(instance(repetition).json + "\n") }
  }
}
