import EventKernel
import Network
import TestSupport
import Testing
import Units

@Suite("Devices that merge when some are done")
struct MergingTests {
  /// A device that computes for so long, with 1 W.
  private static func work(_ device: Int, _ seconds: Double, leaves: Double? = nil) -> Itinerary {
    var itinerary = Itinerary(
      device: device, block: 0, steps: 1,
      step: [.init(kind: .forward, time: Seconds(seconds), energy: Joules(seconds))])
    itinerary.departure = leaves.map { Seconds($0) }
    return itinerary
  }

  /// What a merge came to.
  private struct Merge: Equatable {
    var time: Double
    /// Devices that merged, with the versions that they were behind.
    var merged: [Int: Int]
    var failed: [Int] = []
    var versionsInUse: [Int]
  }

  /// Plays `rounds` rounds in which whoever comes next in `line` begins as soon as a place is free.
  private func play(
    _ line: [Itinerary], _ merging: RoundEngine.Merging, places: Int, rounds: Int
  ) throws -> (merges: [Merge], engine: RoundEngine, spent: Joules, logged: Joules) {
    var engine = RoundEngine([], isSequential: false, merging: merging, places: places, logsEvents: true)
    var simulator = Simulator<RoundEvent>()
    var (line, merges, spent, logged) = (line[...], [Merge](), Joules.zero, Joules.zero)
    func next(_ round: Int) -> [Itinerary] {
      let free = places - engine.devicesAtWork.count
      let chosen = line.prefix(free)
      line = line.dropFirst(free)
      return chosen.map { itinerary in
        var begun = itinerary
        begun.version = round
        return begun
      }.sorted { $0.device < $1.device }
    }
    for round in 1...rounds {
      try engine.begin(round: round, with: next(round), in: &simulator)
      var hasEnded = false
      while !hasEnded {
        try simulator.run { event, simulator in
          hasEnded = try engine.handle(event, in: &simulator)
          simulator.stop()
        }
        if engine.isDecisionDue, !hasEnded { try engine.admit(next(round), in: &simulator) }
      }
      spent += engine.ended.reduce(.zero) { $0 + $1.computeEnergy }
      logged += engine.loggedEvents.reduce(.zero) { $0 + $1.energy }
      let merged = engine.ended.filter { !$0.isLate }
      merges.append(
        Merge(
          time: simulator.now.seconds,
          merged: Dictionary(uniqueKeysWithValues: merged.map { ($0.device, round - $0.itinerary.version) }),
          failed: engine.ended.filter(\.isLate).map(\.device), versionsInUse: engine.versionsInUse))
    }
    return (merges, engine, spent, logged)
  }

  /// Twelve updates in pairs on three places. Devices 1 and 3, then 2, 4 and 5, then 9 and 10, then 8 and 11 end at one instant,
  /// of which only two merge at once, in the order of their numbers; device 7 leaves.
  private static let line = [
    work(0, 2), work(1, 3), work(2, 7), work(3, 1), work(4, 4), work(20, 2.5), work(5, 1.5), work(6, 1),
    work(7, 2, leaves: 8.5), work(8, 4), work(9, 2), work(10, 1.5), work(11, 1), work(12, 3),
  ]

  @Test("twelve buffered updates have the times and versions that were found by hand")
  func buffered() throws {
    let (merges, engine, spent, _) = try play(
      Self.line, .init(count: 2, carries: true, startsAnytime: true), places: 3, rounds: 6)
    #expect(
      merges == [
        Merge(time: 3, merged: [0: 0, 1: 0], versionsInUse: [1]),
        Merge(time: 5.5, merged: [3: 1, 20: 0], versionsInUse: [1, 2]),
        Merge(time: 7, merged: [2: 2, 4: 1], versionsInUse: [3]),
        Merge(time: 8, merged: [5: 1, 6: 0], versionsInUse: [4]),
        Merge(time: 10, merged: [9: 0, 10: 0], failed: [7], versionsInUse: [4]),
        Merge(time: 11, merged: [8: 2, 11: 0], versionsInUse: [6]),
      ])
    // 29.5 J of those who merged and 1.5 of device 7's 2; of device 12's 3 nothing is entered yet.
    #expect(abs(spent.value - (2 + 3 + 1 + 2.5 + 7 + 4 + 1.5 + 1 + 1.5 + 2 + 1.5 + 4 + 1)) < 1e-9)
    #expect(engine.devicesAtWork == [12])
    #expect(engine.energyUnderWay == .zero)
  }

  @Test("who is too many versions behind does not merge, and is not waited for")
  func staleness() throws {
    let (merges, _, _, _) = try play(
      Self.line, .init(count: 2, carries: true, startsAnytime: true, maximumStaleness: 1), places: 3, rounds: 3)
    // Device 2 ends two versions behind: 4 and 5 merge in its place.
    #expect(merges[2] == Merge(time: 7, merged: [4: 1, 5: 0], failed: [2], versionsInUse: []))
  }

  @Test("asynchronous updates at one instant are versions of their own, in the order of devices")
  func asynchronous() throws {
    let (merges, _, _, _) = try play(
      [Self.work(4, 2), Self.work(1, 2), Self.work(3, 5), Self.work(2, 1)],
      .init(count: 1, carries: true, startsAnytime: true), places: 3, rounds: 4)
    #expect(merges.map(\.merged) == [[1: 0], [4: 1], [2: 1], [3: 3]])
    #expect(merges.map(\.time) == [2, 2, 3, 5])
  }

  @Test("after a time merge those who are done; who is not goes on, or stops")
  func deadline() throws {
    let line = [Self.work(0, 2), Self.work(1, 3.5), Self.work(2, 7), Self.work(3, 1)]
    let (merges, _, _, _) = try play(line, .init(span: Seconds(4), carries: true), places: 3, rounds: 3)
    #expect(
      merges == [
        Merge(time: 4, merged: [0: 0, 1: 0], versionsInUse: [1]),
        // Nobody is left at 7 s, before the time is over.
        Merge(time: 7, merged: [2: 1, 3: 0], versionsInUse: []),
        Merge(time: 7, merged: [:], versionsInUse: []),
      ])
    let stopped = try Self.played(Array(line.prefix(3)), .init(span: Seconds(4)))
    #expect(stopped.end == 4 && stopped.outcome == ["ok", "ok", "withdrawn"])
    #expect(stopped.engine.ledgers[2].computeEnergy == Joules(4))
  }

  @Test("a quorum merges its first, in the order of devices where they are done together; the others' work is lost")
  func quorum() throws {
    let played = try Self.played(
      [Self.work(0, 3), Self.work(1, 2), Self.work(2, 6), Self.work(3, 3)], .init(count: 2))
    #expect(played.end == 3 && played.outcome == ["ok", "ok", "withdrawn", "withdrawn"])
    #expect(played.engine.ledgers.map(\.computeEnergy.value) == [3, 2, 3, 3])
    let names = played.engine.loggedEvents.map(\.kind.name)
    #expect(names == ["forward", "forward", "forward", "withdrawn", "aggregated"])
    let few = try Self.played([Self.work(0, 3), Self.work(1, 2)], .init(count: 3))
    #expect(few.end == 3 && few.outcome == ["ok", "ok"])
  }

  private static func played(
    _ itineraries: [Itinerary], _ merging: RoundEngine.Merging
  ) throws -> (engine: RoundEngine, end: Double, outcome: [String]) {
    var engine = RoundEngine(itineraries, isSequential: false, merging: merging, logsEvents: true)
    var simulator = Simulator<RoundEvent>()
    try engine.begin(in: &simulator)
    try simulator.run { event, simulator in
      if try engine.handle(event, in: &simulator) { simulator.stop() }
    }
    return (
      engine, simulator.now.seconds,
      engine.ended.map { $0.isWithdrawn ? "withdrawn" : $0.isLate ? "late" : "ok" }
    )
  }

  @Test("in a thousand random crowds every joule is somebody's, and nobody is twice at work")
  func conservation() throws {
    var random = SplitMix(state: 5)
    for _ in 0..<1_000 {
      let places = Int.random(in: 1...6, using: &random)
      let line = (0..<40).map { device in
        Self.work(
          device, Double(Int.random(in: 1...12, using: &random)) / 4,
          leaves: Int.random(in: 0..<4, using: &random) == 0 ? Double.random(in: 0...20, using: &random) : nil)
      }
      let merging = RoundEngine.Merging(
        count: Int.random(in: 1...places, using: &random), carries: true,
        startsAnytime: Bool.random(using: &random),
        maximumStaleness: Bool.random(using: &random) ? Int.random(in: 0...3, using: &random) : nil)
      let (merges, engine, spent, logged) = try play(line, merging, places: places, rounds: 8)
      let seen = merges.flatMap { Array($0.merged.keys) + $0.failed } + engine.devicesAtWork + engine.devicesDone
      #expect(Set(seen).count == seen.count)
      #expect(merges.allSatisfy { $0.merged.count <= merging.count ?? .max })
      #expect(merges.dropLast().allSatisfy { $0.versionsInUse.count <= places })
      #expect(zip(merges, merges.dropFirst()).allSatisfy { $0.time <= $1.time })
      #expect(abs((spent + engine.energyUnderWay - logged).value) < 1e-9)
    }
  }
}
