import Allocation
import EventKernel
import Network
import Scenario
import Testing
import Trace
import Training
import Units
import Wireless

@testable import Simulation

@Suite("Runs that merge when some are done")
struct AggregationRunTests {
  private static let roomy = ["deadline=8 s", "rounds=6", "devices.samples={integer: [80, 250]}"]

  private func rounds(_ settings: [String], trainer: (any Trainer)? = nil) throws -> [RoundReport] {
    var options = Run.Options()
    options.recordsEvents = true
    let scenario = try Fixture.scenario(Self.roomy + settings)
    var run = try Run(
      World(scenario), policy: ResolvedPolicy(scenario).policy, trainer: trainer, options: options)
    var results: [RoundReport] = []
    while let result = try run.nextRound() { results.append(result) }
    return results
  }

  @Test(
    "whoever begins together and merges as one is a synchronous round, event by event",
    arguments: ["exact", "bcd", "rb", "ep"])
  func synchronous(policy: String) throws {
    let plain = try rounds(["policy=\(policy)"])
    let width = plain.map(\.devices.count).max() ?? 0
    #expect(width > 2)
    for mode in [
      "{mode: buffered, size: \(width), start: together}", "{mode: quorum, size: \(width)}",
      "{mode: quorum, size: \(width), rest: carried}", "{mode: deadline, after: 9000 s}",
      "{mode: deadline, after: 9000 s, rest: carried}",
    ] {
      let merged = try rounds(["policy=\(policy)", "aggregation=\(mode)"])
      for (one, other) in zip(plain, merged) {
        #expect(one.eventRecords == other.eventRecords, "\(mode)")
        var record = other.roundRecord
        (record.energyWasted, record.devicesAtWork, record.versionsKept) = (nil, nil, nil)
        (record.stalenessMean, record.stalenessMax) = (nil, nil)
        #expect(record == one.roundRecord, "\(mode), round \(one.round)")
      }
    }
  }

  @Test("every policy of the registry decides for idle devices on free blocks alone")
  func policies() throws {
    for entry in PolicyRegistry.all {
      for mode in [
        "{mode: buffered, size: 2, concurrency: 3}", "{mode: asynchronous}", "{mode: quorum, size: 2, rest: carried}",
      ] {
        let results = try rounds(["policy=\(entry.name)", "aggregation=\(mode)", "rounds=25"])
        // Who holds which block, by the events in order.
        var holders: [Int: Int] = [:]
        var merged = 0
        for result in results {
          for ledger in result.devices where !ledger.isLate {
            merged += 1
            let staleness = result.round - ledger.itinerary.version
            #expect(staleness >= 0 && ledger.itinerary.version >= 1)
          }
          for event in result.events {
            guard let device = event.device, let block = event.block else { continue }
            if let holder = holders[block] { #expect(holder == device, "\(entry.name), \(mode)") }
            let isLast = event.kind == .modelUpload || event.kind == .deadline || event.kind == .linkLost
            holders[block] = isLast ? nil : device
          }
          if let carried = result.carried {
            #expect(carried.versions.count <= 10 && carried.versions.allSatisfy { $0 <= result.round })
          }
        }
        #expect(merged > 10, "\(entry.name), \(mode): \(merged)")
      }
    }
  }

  @Test("the optimum of every decision bounds what the policy made of it", arguments: ["bcd", "rb", "nq"])
  func certificate(policy: String) throws {
    for mode in ["{mode: buffered, size: 3}", "{mode: asynchronous, concurrency: 4}"] {
      let results = try rounds(["policy=\(policy)", "aggregation=\(mode)", "rounds=20"])
      for result in results {
        let optimum = try #require(result.optimum)
        #expect(result.allocation.objective <= optimum * (1 + 1e-9))
      }
      let own = try rounds(["policy=exact", "aggregation=\(mode)", "rounds=20"])
      #expect(own.allSatisfy { abs(($0.optimum ?? -1) - $0.allocation.objective) < 1e-9 })
    }
  }

  @Test("nobody works while away, whoever merges when")
  func away() throws {
    let settings = ["devices.availability={on: {exponential: 300 s}, off: {exponential: 300 s}}", "rounds=40"]
    for mode in ["{mode: buffered, size: 3}", "{mode: asynchronous}", "{mode: deadline, after: 50 s}"] {
      let scenario = try Fixture.scenario(Self.roomy + settings + ["aggregation=\(mode)"])
      let availability = try #require(try World(scenario).availability)
      var (left, merged) = (0, 0)
      for result in try rounds(settings + ["aggregation=\(mode)"]) {
        for event in result.events {
          guard let device = event.device else { continue }
          // At the instant at which it leaves it is not there any more.
          let time = Seconds(event.time.seconds - 1e-6)
          #expect(availability.presence(of: device, at: time).isThere, "\(mode), \(event)")
        }
        left += result.devices.count(where: \.hasLeft)
        merged += result.devicesCompleted
      }
      #expect(left > 3 && merged > 10, "\(mode): \(left), \(merged)")
    }
  }

  @Test("in timelines no device and no block has two things at a time, and every leg that ends has begun")
  func timeline() throws {
    for mode in ["{mode: buffered, size: 2}", "{mode: asynchronous}", "{mode: deadline, after: 20 s, rest: carried}"] {
      let results = try rounds(["policy=exact", "aggregation=\(mode)", "rounds=30"])
      var ends: [TimelineEvent.Track: SimTime] = [:]
      var (slices, carried) = (0, 0)
      for result in results {
        for case .slice(let track, let name, let start, let end, _) in result.timelineEvents where track.group < 4 {
          #expect(start >= ends[track] ?? .zero, "\(mode), round \(result.round): \(name) begins before another ends")
          if track.group == 2, start < (result.ticks?.start ?? .zero) { carried += 1 }
          ends[track] = end
          slices += 1
        }
      }
      #expect(slices > 100 && carried > 2, "\(mode): \(slices), \(carried)")
    }
  }

  @Test("an explanation weighs the blocks that were free when its device was left out")
  func explanations() throws {
    var (told, cramped) = (0, 0)
    for mode in ["{mode: asynchronous}", "{mode: quorum, size: 2, rest: carried}"] {
      for result in try rounds(["policy=exact", "aggregation=\(mode)", "rounds=12"]) {
        let carried = try #require(result.carried)
        // Both modes decide once, when a round begins: who began before had a block then.
        let before = carried.admissions.values.filter { $0.start.seconds < result.start.value }
        let busy = Set(before.map(\.assignment.block))
        for device in 0..<20 where result.outcome(ofIdle: device) == .notSelected {
          guard carried.admissions[device] == nil else { continue }
          let explanation = result.explanation(of: device)
          let figures = Dictionary(uniqueKeysWithValues: explanation.figures)
          #expect(figures["free_blocks"] == Double(4 - busy.count) && figures["decided_s"] == result.start.value)
          #expect((figures["feasible_blocks"] ?? .infinity) <= Double(4 - busy.count))
          for sentence in explanation.sentences {
            guard let offer = sentence.firstMatch(of: /On block (\d+) .*; (?:device (\d+)|no device)/) else { continue }
            #expect(try !busy.contains(#require(Int(offer.1))), "\(mode): \(sentence)")
            if let holder = offer.2.flatMap({ Int($0) }) {
              #expect(carried.admissions[holder]?.start.seconds == result.start.value)
            }
            told += 1
          }
          if !busy.isEmpty { cramped += 1 }
        }
      }
    }
    #expect(told > 50 && cramped > 50, "\(told), \(cramped)")
  }

  @Test(
    "an update goes to the device of most value among all idle ones, where gains are found late",
    arguments: ["exact", "ep"])
  func late(policy: String) throws {
    let settings = ["policy=\(policy)", "aggregation={mode: asynchronous}", "devices.count=1300", "rounds=25"]
    let restriction = policy == "ep" ? Restriction(power: .fixed(Watts(1))) : Restriction()
    var updates = 0
    for result in try rounds(settings) where result.round > 1 {
      let carried = try #require(result.carried)
      let choice = try #require(carried.choice)
      guard choice.blocks.count == 1, let block = choice.blocks.first else { continue }
      let problem = try #require(result.problem)
      let valuation = EdgeValuation(problem, restriction: restriction)
      let busy = Set(carried.admissions.values.filter { $0.start < choice.time }.map(\.assignment.device))
      let values = problem.devices.indices.map { device in
        busy.contains(device)
          ? 0 : valuation.best(device: device, gain: problem.gains.gain(device: device, block: block))?.value ?? 0
      }
      let best = values.indices.max { values[$0] < values[$1] }
      #expect(choice.assignments.map(\.device) == [best])
      updates += 1
    }
    #expect(updates > 15)
  }

  @Test("joules of rounds and of work under way are what devices have spent", arguments: ["still", "moving"])
  func spent(channel: String) throws {
    var others = 0
    let fading = channel == "moving" ? ["uplink.fading={rayleigh: {speed: 3 km/h}}"] : []
    for mode in ["{mode: asynchronous}", "{mode: buffered, size: 3}", "{mode: deadline, after: 60 s, rest: carried}"] {
      let settings = ["policy=exact", "aggregation=\(mode)"] + fading
      for count in [1, 3, 5] {
        let scenario = try Fixture.scenario(Self.roomy + settings + ["rounds=\(count)"])
        let (results, summary, _) = try Fixture.results(scenario)
        let told = results.reduce(0) { $0 + $1.energy.value } + (try #require(summary.energyUnderWay)).value
        // A longer run tells what each activity under way will have cost at its end, and when that is.
        let longer = try rounds(settings + ["rounds=\(count + 15)"]).flatMap(\.events)
        let end = try #require(results.last).end.value
        var (spent, following) = (0.0, Set<Int>())
        let atWork = Set(results.last?.carried?.atWork ?? [])
        for event in longer {
          let time = event.time.seconds
          guard let device = event.device else { continue }
          if time <= end {
            spent += event.energy.value
          } else if atWork.contains(device), following.insert(device).inserted, event.energy > .zero {
            spent += event.energy.value * (1 - (time - end) / event.span.value)
          }
        }
        #expect(following == atWork)
        others += atWork.count
        #expect(abs(told - spent) < 1e-6 * spent, "\(mode), \(count) rounds: \(told), \(spent)")
      }
    }
    #expect(others > 10)
  }

  @Test("waits of devices whose labels stay with them are behind whom the events of all rounds say")
  func waits() throws {
    let results = try rounds([
      "policy=exact", "aggregation={mode: buffered, size: 2}", "training.labels=device", "server.accelerators=1",
      "server.clock=0.3 GHz", "deadline=60 s", "rounds=12",
    ])
    // Each step has two visits to the server, in turn, whatever the rounds between them.
    var (visits, count): ([(device: Int, start: Double, end: Double, span: Double)], [Int: Int]) = ([], [:])
    let services = Dictionary(
      results.flatMap(\.devices).map { ($0.device, $0.itinerary.step.filter { $0.kind == .server }.map(\.time.value)) },
      uniquingKeysWith: { first, _ in first })
    for event in results.flatMap(\.events) where event.kind == .server {
      let device = try #require(event.device)
      guard let own = services[device] else { continue }
      #expect(own.count == 2 && own[0] != own[1])
      let span = own[count[device, default: 0] % 2]
      #expect(event.span.value == span)
      count[device, default: 0] += 1
      visits.append((device, event.time.seconds - span, event.time.seconds, span))
    }
    var (told, seconds) = (0, 0)
    for result in results {
      for ledger in result.devices {
        let text = result.explanation(of: ledger.device).sentences.joined(separator: " ")
        guard let match = text.firstMatch(of: /waited [0-9.e-]+ s for an accelerator, behind devices? ([0-9, and]+)\./)
        else { continue }
        let names = match.1.split { !$0.isNumber }.compactMap { Int($0) }
        let longest = try #require(
          result.events.filter { $0.device == ledger.device && $0.wait > .zero }.max { $0.wait < $1.wait })
        let own = try #require(visits.first { $0.device == ledger.device && $0.end == longest.time.seconds })
        let since = own.start - longest.wait.value
        let begun = try #require(result.ticks?.start.seconds)
        let expected = visits.filter {
          $0.device != ledger.device && $0.end > since + 1e-8 && $0.start < own.start - 1e-8
        }
        #expect(Set(names) == Set(expected.filter { $0.end >= begun }.map(\.device)), "\(text)")
        told += 1
        if own.span == services[ledger.device]?[1] { seconds += 1 }
      }
    }
    #expect(told > 5 && seconds > 0, "\(told), \(seconds)")
  }

  @Test("rounds are counted, and wasted joules told, in the traces")
  func traces() throws {
    let results = try rounds(["policy=exact", "aggregation={mode: quorum, size: 2}"])
    for result in results {
      let record = result.roundRecord
      #expect(record.devicesCompleted == 2)
      let wasted = result.devices.filter(\.isWithdrawn).reduce(Joules.zero) { $0 + $1.computeEnergy + $1.uplinkEnergy }
      #expect(record.energyWasted == wasted && wasted > .zero)
      #expect(result.deviceRecords.count { $0.outcome == .withdrawn } == result.devices.count - 2)
    }
    let buffered = try rounds(["policy=exact", "aggregation={mode: buffered, size: 2}"])
    #expect(buffered.contains { ($0.roundRecord.stalenessMax ?? 0) > 0 })
    for result in buffered {
      #expect(result.deviceRecords.count { $0.outcome == .busy } == result.roundRecord.devicesAtWork)
    }
  }
}
