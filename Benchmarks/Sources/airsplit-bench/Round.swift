import ArgumentParser
import Foundation

extension PaperCell.ModelDownload: ExpressibleByArgument {}

/// The verb `round`: the engine alone, on rounds of the paper's cell.
struct Round: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the engine alone: devices work through itineraries, and a deadline watches each step.",
    discussion: """
      Whom the optimum admits in 16 rounds of the paper's cell is found before, and the rounds walk through these in a \
      circle, on one clock. Rates are per second of the processor; setting a round up is in them.
      """)

  @Option(help: "Devices N of which a round admits some.")
  var devices = 50

  @Option(help: "Blocks K.")
  var blocks = 10

  @Option(help: "Steps of each device in a round.")
  var steps = 80

  @Option(help: "How many devices the server serves at once, first in, first out. [default: all]")
  var accelerators: Int?

  @Option(
    help: "A downlink: gradients of 32 bits come down on each device's block, the model broadcast or unicast.")
  var downlink: PaperCell.ModelDownload?

  @Option(help: "Rounds in a repetition.")
  var rounds = 200

  @Option(help: "How many times to measure each; the answer is the median.")
  var repetitions = 5

  @Flag(help: "Measure SimPy too, installed by Benchmarks/install-peers.")
  var peers = false

  @Option(
    help:
      "A program that plays the same without accelerators and downlink: it gets a file with the load and a number of rounds."
  )
  var beside: [String] = []

  @Option(help: "Play the load in this file once, and print what it came to: what --beside asks of a program.")
  var load: String?

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...100_000).contains(devices), (1...1_000).contains(blocks), devices * blocks <= 10_000_000 else {
      throw ValidationError("--devices allows 1 to 100000, --blocks 1 to 1000, and 10000000 pairs at most.")
    }
    guard (1...1_000_000).contains(steps), (1...1_000_000).contains(rounds), (1...1_000).contains(repetitions) else {
      throw ValidationError("--steps and --rounds allow 1 to 1000000, --repetitions 1 to 1000.")
    }
    guard (1...1_000).contains(accelerators ?? 1) else { throw ValidationError("--accelerators allows 1 to 1000.") }
  }

  /// Something that plays rounds.
  private struct Player {
    var name: String
    /// Whether its server has as many accelerators as ours, and as much comes down.
    var doesTheSame = true
    var play: () throws -> RoundLoad.Answer
  }

  func run() throws {
    if let load {
      let answer = try RoundLoad(path: load).play(rounds: rounds)
      return print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
    }
    let load = RoundLoad(
      devices: devices, blocks: blocks, steps: steps, accelerators: accelerators, downlink: downlink)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    report(try measure(players(load, in: folder)), try load.allocations(rounds: 32))
  }

  private func players(_ load: RoundLoad, in folder: URL) throws -> [Player] {
    var players = [Player(name: "AirSplit") { try load.play(rounds: rounds) }]
    func add(_ name: String, _ words: [String], _ own: RoundLoad) throws {
      let file = folder.appendingPathComponent("\(players.count).json").path
      try own.write(to: file)
      players.append(
        Player(name: name, doesTheSame: own == load) {
          try JSONDecoder().decode(RoundLoad.Answer.self, from: Kernel.output(of: words + [file, "\(rounds)"]))
        })
    }
    if peers { try add("SimPy", [PeerFolder.python, PeerFolder.script("round-simpy.py")], load) }
    for program in beside {
      try add(program, [program], RoundLoad(devices: devices, blocks: blocks, steps: steps, accelerators: nil))
    }
    return players
  }

  private struct Row {
    var name: String
    /// Its events, or ours where it has none, by its seconds.
    var eventsPerSecond: Double
    /// How many times its rate ours is.
    var ratio: Double
  }

  /// They take turns within a repetition; ratios are taken there too.
  private func measure(_ players: [Player]) throws -> [Row] {
    var rates = Array(repeating: [Double](), count: players.count)
    for repetition in 1...repetitions {
      if players.count > 1 { note("repetition \(repetition) of \(repetitions)") }
      var ours: RoundLoad.Answer?
      for (index, player) in players.enumerated() {
        let answer = try player.play()
        if player.doesTheSame { try check(answer, of: player, against: ours ?? answer) }
        ours = ours ?? answer
        rates[index].append(Double(answer.events ?? ours?.events ?? 0) / answer.seconds)
      }
    }
    return players.indices.map { index in
      Row(
        name: players[index].name, eventsPerSecond: median(rates[index]),
        ratio: median(zip(rates[0], rates[index]).map { $0 / $1 }))
    }
  }

  /// All must end at the same nanosecond with the same in their ledgers, or they did different work.
  private func check(_ answer: RoundLoad.Answer, of player: Player, against ours: RoundLoad.Answer) throws {
    let isSame =
      answer.end == ours.end && abs(answer.sum - ours.sum) <= 1e-9 * ours.sum
      && (answer.fingerprint == nil || answer.fingerprint == ours.fingerprint)
    guard isSame else {
      throw Kernel.Failure(description: "\(player.name) did other work: \(answer), ours \(ours)")
    }
  }

  private func report(_ rows: [Row], _ allocations: RoundLoad.Allocations?) {
    switch format {
    case .table:
      for row in rows {
        print("\(row.name): \(millions(row.eventsPerSecond)) million events/s, ours is \(decimals(row.ratio, 2)) x")
      }
      if let allocations {
        print(
          "allocations: \(decimals(allocations.perEvent, 4)) per event, \(decimals(allocations.perRound, 1)) per round "
            + "before its first event")
      }
    case .json:
      let others = rows.dropFirst().map {
        "{\"name\": \"\($0.name)\", \"events_per_s\": \($0.eventsPerSecond), \"ratio\": \($0.ratio)}"
      }
      print(
        """
        {"events_per_s": \(rows[0].eventsPerSecond), \
        "allocations_per_event": \(allocations.map { "\($0.perEvent)" } ?? "null"), \
        "allocations_per_round": \(allocations.map { "\($0.perRound)" } ?? "null"), \
        "peers": [\(others.joined(separator: ", "))]}
        """)
    }
  }
}
