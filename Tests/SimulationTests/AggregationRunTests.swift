import Allocation
import EventKernel
import Network
import Scenario
import Testing
import Trace
import Training
import Units

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
