import Allocation
import Environments
import Randomness
import Scenario
import Simulation
import TestSupport
import Testing
import Trace
import Units
import Wireless

@Suite("A world played from outside")
struct EnvironmentTests {
  private static let traces: TraceSelection = [.rounds, .devices, .events, .gains]

  @Test(
    "has the bytes of a run whose policy gives the same answers",
    arguments: [
      [], ["uplink.fading={rayleigh: {speed: 3 km/h}}", "channel_estimate={kind: mean}"],
      ["server={accelerators: 2}", "forecast={server: mean}"],
    ])
  func sameBytes(settings: [String]) throws {
    let overrides = ["rounds=4", "devices.count=12", "uplink.blocks=4"] + settings
    let (run, outside) = (try Scratch(), try Scratch())
    let reading = try ScenarioReader.read(
      path: Fixture.quickstart, overrides: overrides.map(ScenarioOverride.init(setting:)))
    let (scenario, world) = (reading.scenario, try World(reading.scenario, repetition: 3))
    var options = Run.Options()
    options.recordsEvents = true
    options.computesOptimum = true
    let policy = try ResolvedPolicy(scenario)
    var played = try Run(world, policy: policy.policy, options: options)
    var recorder = try Recorder(
      path: "\(run.path)/run", run: played, policy: policy, selection: Self.traces,
      warnings: reading.warnings.map(\.message) + world.warnings(for: policy.policy))
    var answers: [Allocation] = []
    while let report = try played.nextRound() {
      try recorder.record(report, of: played)
      answers.append(report.allocation)
    }
    try recorder.finish(played)

    let batch = try Fixture.batch(overrides) {
      ($0.out, $0.traces, $0.policyName) = ("\(outside.path)/run", Self.traces, policy.name)
    }
    let environment = batch.worlds[0]
    try batch.reset([0], as: [3])
    for answer in answers {
      let choices = answer.assignments.map {
        OpenChoice(
          device: $0.device, block: $0.block, power: $0.power, bits: $0.bits, clockScale: $0.clockScale)
      }
      _ = try environment.step(.blocks(choices))
    }
    #expect(environment.isOver)
    #expect(throws: EnvironmentError.self) { try batch.reset([0]) }
    for file in ["rounds.csv", "devices.csv", "events.csv", "gains.csv", "scenario.yaml", "manifest.json"] {
      #expect(try run.bytes(of: "run/\(file)") == outside.bytes(of: "run/\(file)"), "\(file)")
    }
  }

  @Test("tells the optimum beside every answer, which none exceeds")
  func optimum() throws {
    let batch = try Fixture.batch(["rounds=30", "devices.count=8", "uplink.blocks=3"]) { $0.violationRule = .skip }
    try batch.reset([0])
    var stream = Seed(7).stream(.channelEstimate)
    var gaps = 0.0
    for _ in 0..<30 {
      let scores = (0..<8).map { _ in 2 * stream.uniform() - 1 }
      let report = try batch.worlds[0].step(.scores(scores))
      let optimum = try #require(report.optimum)
      #expect(report.allocation.objective <= optimum * (1 + 1e-12))
      gaps += 1 - report.allocation.objective / optimum
    }
    #expect(gaps / 30 > 0.05, "random scores are no optimum")
  }

  @Test("draws what airsplit run --repetition draws, whatever was played before")
  func repetitions() throws {
    let batch = try Fixture.batch(["devices.count=5"]) { $0.worlds = 2 }
    try batch.reset([0, 1], as: [4, 1 << 24 + 2])
    let seed = batch.scenario.seed
    #expect(batch.worlds[0].world?.seed == Seed(seed, repetition: 4))
    #expect(batch.worlds[1].world?.seed == Seed(seed + 1, repetition: 2))
    try batch.reset([0])
    #expect(batch.worlds[0].world?.seed == Seed(seed + 1, repetition: 3), "the one after the last")
    let fleet = try World(batch.scenario, repetition: 4).fleet
    try batch.reset([0], as: [4])
    #expect(batch.worlds[0].world?.fleet == fleet)
  }

  @Test("comes to the same on one thread and on three")
  func threads() throws {
    func objectives(_ threads: Int) throws -> [Double] {
      let batch = try Fixture.batch(["devices.count=8", "uplink.blocks=3"]) {
        ($0.worlds, $0.threads) = (7, threads)
      }
      let all = Array(0..<7)
      try batch.reset(all)
      var objectives = Array(repeating: 0.0, count: 7)
      for round in 0..<3 {
        try objectives.withUnsafeMutableBufferPointer { buffer in
          nonisolated(unsafe) let objectives = buffer
          try batch.forEach(all) { _, world in
            let scores = (0..<8).map { Double(($0 * 5 + round + world) % 8) }
            objectives[world] += try batch.worlds[world].step(.scores(scores)).allocation.objective
          }
        }
      }
      return objectives
    }
    let one = try objectives(1)
    #expect(try objectives(3) == one)
    #expect(Set(one).count == 7)
  }

  @Test("tells what is in batteries, and who is below the reserve has no link")
  func batteries() throws {
    let batch = try Fixture.batch([
      "rounds=5", "devices.count=2", "uplink.blocks=2", "deadline=8 s",
      "devices.battery={capacity: 500 J, charge: {each: [1, 0.1]}, idle_power: 0 W}",
    ])
    #expect(batch.columns.last == .battery && batch.columns.count == 11)
    try batch.reset([0])
    let environment = batch.worlds[0]
    var left = [500.0, 50]
    while !environment.isOver {
      var columns = [Double](repeating: -1, count: 22)
      var usable = [UInt8](repeating: 9, count: 4)
      let none = UnsafeMutableBufferPointer<Int32>(start: nil, count: 0)
      columns.withUnsafeMutableBufferPointer {
        environment.writeDevices(columns: $0, idleRounds: none, mostBits: none)
      }
      usable.withUnsafeMutableBufferPointer {
        environment.writeGains(
          decibels: UnsafeMutableBufferPointer(start: nil, count: 0),
          gains: UnsafeMutableBufferPointer(start: nil, count: 0), usable: $0)
      }
      #expect(abs(columns[10] - left[0]) < 1e-6 && columns[21] == 50)
      #expect(usable[2...] == [0, 0])
      left[0] -= try environment.step(.scores([1, 1])).energy.value
    }
    #expect(left[0] < 500)
  }

  @Test("tells who is there: by a file, only device 1 before 1000 s, both from then on, and who is away has no link")
  func availability() throws {
    let scratch = try Scratch()
    let file = try scratch.write(Array("device,on_s,off_s\n0,1000,1e9\n1,0,1e9\n".utf8), to: "there.csv")
    let batch = try Fixture.batch([
      "rounds=40", "devices.count=2", "uplink.blocks=2", "deadline=8 s",
      "devices.availability={file: '\(file)'}",
    ])
    #expect(batch.columns.last == .available && batch.columns.count == 11)
    #expect(try Fixture.batch().columns.count == 10)
    try batch.reset([0])
    let environment = batch.worlds[0]
    var seen: Set<[Double]> = []
    while !environment.isOver {
      var columns = [Double](repeating: -1, count: 22)
      var (usable, mostBits) = ([UInt8](repeating: 9, count: 4), [Int32](repeating: -1, count: 2))
      columns.withUnsafeMutableBufferPointer { columns in
        mostBits.withUnsafeMutableBufferPointer { mostBits in
          environment.writeDevices(
            columns: columns, idleRounds: UnsafeMutableBufferPointer(start: nil, count: 0), mostBits: mostBits)
        }
      }
      usable.withUnsafeMutableBufferPointer {
        environment.writeGains(
          decibels: UnsafeMutableBufferPointer(start: nil, count: 0),
          gains: UnsafeMutableBufferPointer(start: nil, count: 0), usable: $0)
      }
      let isThere = [columns[10], columns[21]]
      seen.insert(isThere)
      #expect(isThere == [environment.time.value < 1000 ? 0 : 1, 1], "at \(environment.time)")
      if isThere[0] == 0 { #expect(mostBits[0] == 0 && usable[0...1] == [0, 0]) }
      #expect(mostBits[1] > 0)
      _ = try environment.step(.scores([1, 1]))
    }
    #expect(seen == [[0, 1], [1, 1]])
  }

  @Test(
    "says of each pair whether it can meet the deadline of the round that comes",
    arguments: [[], ["downlink={power: 0.1 W, model: broadcast}", "deadline={value: 420 s, per: round}"]])
  func usablePairs(settings: [String]) throws {
    let batch = try Fixture.batch(["rounds=30", "devices.count=8", "uplink.blocks=3"] + settings)
    try batch.reset([0], as: [7])
    let environment = batch.worlds[0]
    var verdicts: Set<[Bool]> = []
    while !environment.isOver {
      var usable = [UInt8](repeating: 9, count: 24)
      usable.withUnsafeMutableBufferPointer {
        environment.writeGains(
          decibels: UnsafeMutableBufferPointer(start: nil, count: 0),
          gains: UnsafeMutableBufferPointer(start: nil, count: 0), usable: $0)
      }
      let problem = try #require(environment.problem)
      let expected = problem.devices.indices.flatMap { device in
        problem.gains.row(device: device).map(Feasibility(of: device, in: problem).allows(gain:))
      }
      #expect(usable.map { $0 == 1 } == expected, "round \(environment.round)")
      verdicts.insert(expected)
      _ = try environment.step(.blocks([]))
    }
    #expect(verdicts.count > 1)
  }

  @Test("treats a broken constraint as it is told to, and an action that makes no sense changes nothing")
  func violations() throws {
    let settings = ["devices.count=6", "uplink.blocks=3"]
    let probe = try Fixture.batch(settings)
    try probe.reset([0], as: [0])
    let problem = try #require(probe.worlds[0].problem)
    let device = try #require(
      problem.devices.indices.first { device in
        problem.gains.row(device: device).prefix(2).allSatisfy(Feasibility(of: device, in: problem).allows(gain:))
      })
    let broken = [
      OpenChoice(device: device, block: 0), OpenChoice(device: device, block: 1), OpenChoice(device: 99, block: 2),
    ]
    for rule in ViolationRule.allCases {
      let batch = try Fixture.batch(settings) { $0.violationRule = rule }
      try batch.reset([0], as: [0])
      let environment = batch.worlds[0]
      guard rule != .error else {
        let error = #expect(throws: EnvironmentError.self) { try environment.step(.blocks(broken)) }
        #expect(error.map { $0.description.contains("(22e) device \(device): holds block 1 and also block 0") } == true)
        #expect(environment.round == 1)
        _ = try environment.step(.blocks([]))
        continue
      }
      let report = try environment.step(.blocks(broken))
      #expect(report.allocation.violations.map(\.constraint) == ["22e", "22g"])
      #expect(report.allocation.assignments.map(\.device) == (rule == .skip ? [device] : []))
    }
    let batch = try Fixture.batch(settings)
    try batch.reset([0])
    for action in [
      Action.scores([1]), .scores([.nan, 1, 1, 1, 1, 1]), .bits([nil]), .bits([3, nil, nil, nil, nil, nil]),
    ] {
      #expect(throws: EnvironmentError.self) { try batch.worlds[0].step(action) }
    }
    #expect(throws: EnvironmentError.self) { try batch.worlds[0].step(nil) }
    #expect(batch.worlds[0].round == 1)
  }
}
