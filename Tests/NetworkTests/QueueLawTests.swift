import EventKernel
import Foundation
import TestSupport
import Testing
import Units

@testable import Network

/// What queueing theory knows of the resources alone, with a source of jobs in place of devices. Intervals are of 99 %, from
/// the means of 40 batches; the seeds are fixed, and a wrong law is shown to fail.
@Suite("Laws of queues")
struct QueueLawTests {
  /// A law of service times of mean 1.
  enum Law: String, CaseIterable {
    case constant, exponential, uniform, twoPoints

    func draw(_ random: inout SplitMix) -> Double {
      switch self {
      case .constant: 1
      case .exponential: -Double.random(in: Double.leastNonzeroMagnitude...1, using: &random).logarithm
      case .uniform: Double.random(in: 0...2, using: &random)
      case .twoPoints: Double.random(in: 0..<1, using: &random) < 0.9 ? 0.5 : 5.5
      }
    }
  }

  private enum Kind: UInt8, EventKind { case end, arrival }

  /// The mean times at the server, batch by batch, of an open source of `rate` per second.
  private static func sojourns(
    rate: Double, law: Law, accelerators: Accelerators, jobs: Int = 80_000, seed: UInt64
  ) -> [Double] {
    let room = 4096
    var random = SplitMix(state: seed)
    var free = Array((0..<room).reversed())
    var arrivals = Array(repeating: SimTime.zero, count: room)
    var services = Array(repeating: Seconds.zero, count: room)
    var queue = AcceleratorQueue(accelerators: accelerators.count, jobs: room)
    var sharing = SharedAccelerators(accelerators: accelerators.count, jobs: room)
    let shares = accelerators.discipline == .processorSharing
    var batches: [Double] = []
    var (sum, count) = (0.0, 0)
    var simulator = Simulator<Kind>()
    func between() -> SimTime { SimTime(seconds: Law.exponential.draw(&random) / rate) }
    func foresee(_ simulator: inout Simulator<Kind>) {
      if let next = sharing.next { simulator.schedule(.end, entity: next.job, at: next.time) }
    }
    simulator.schedule(.arrival, entity: 0, at: between())
    simulator.run { event, simulator in
      let now = event.time
      switch event.kind {
      case .arrival:
        simulator.schedule(.arrival, entity: 0, after: between())
        guard let job = free.popLast() else { preconditionFailure("the queue is not stable") }
        arrivals[job] = now
        services[job] = Seconds(law.draw(&random))
        if shares {
          sharing.submit(job, service: services[job], at: now)
          foresee(&simulator)
        } else if queue.submit(job, urgency: 0) {
          simulator.schedule(.end, entity: job, after: SimTime(seconds: services[job].value))
        }
      case .end:
        if shares {
          guard let next = sharing.next, next.job == event.entity, next.time == now else { return }
          _ = sharing.finishNext(at: now)
          foresee(&simulator)
        } else if let next = queue.release() {
          simulator.schedule(.end, entity: next, after: SimTime(seconds: services[next].value))
        }
        free.append(event.entity)
        sum += (now - arrivals[event.entity]).seconds
        count += 1
        if count.isMultiple(of: jobs / 40) {
          batches.append(sum / Double(jobs / 40))
          sum = 0
        }
        if count == jobs { simulator.stop() }
      }
    }
    return batches
  }

  /// The mean of batches and the half width of its interval of 99 %; Student's t with 39 degrees of freedom has 2.708.
  private static func interval(_ batches: [Double]) -> (mean: Double, half: Double) {
    let count = Double(batches.count)
    let mean = batches.reduce(0, +) / count
    let variance = batches.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return (mean, 2.708 * (variance / count).squareRoot())
  }

  private static func holds(_ batches: [Double], _ expected: Double) -> Bool {
    let (mean, half) = interval(batches)
    return abs(mean - expected) <= half && half < 0.08 * mean
  }

  /// The probability of waiting in M/M/c, Erlang's C formula.
  private static func erlangC(load: Double, servers: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    for count in 1..<servers {
      term *= load / Double(count)
      sum += term
    }
    let last = term * load / Double(servers) / (1 - load / Double(servers))
    return last / (sum + last)
  }

  @Test("M/M/c: the mean time at the server is Erlang's", arguments: [(1, 0.7), (2, 1.5), (5, 4.0)])
  func erlang(servers: Int, load: Double) {
    let batches = Self.sojourns(rate: load, law: .exponential, accelerators: Accelerators(count: servers), seed: 3)
    func time(_ servers: Int, _ load: Double) -> Double {
      1 + (servers == 1 ? load : Self.erlangC(load: load, servers: servers)) / (Double(servers) - load)
    }
    #expect(Self.holds(batches, time(servers, load)))
    // One accelerator more, or a tenth more load, is another law.
    #expect(!Self.holds(batches, time(servers + 1, load)))
    #expect(!Self.holds(batches, time(servers, load * 1.1)))
  }

  @Test("M/G/1: the mean wait is that of Pollaczek and Khinchine", arguments: Law.allCases)
  func pollaczekKhinchine(law: Law) {
    let load = 0.6
    let batches = Self.sojourns(rate: load, law: law, accelerators: Accelerators(count: 1), seed: 5)
    let secondMoment =
      switch law {
      case .constant: 1.0
      case .exponential: 2.0
      case .uniform: 4.0 / 3
      case .twoPoints: 3.25
      }
    func time(_ secondMoment: Double) -> Double { 1 + load * secondMoment / (2 * (1 - load)) }
    #expect(Self.holds(batches, time(secondMoment)))
    #expect(!Self.holds(batches, time(secondMoment * 1.5)))
  }

  @Test("M/G/1-PS: the mean time depends on the mean service only", arguments: Law.allCases)
  func processorSharing(law: Law) {
    let load = 0.6
    let batches = Self.sojourns(
      rate: load, law: law, accelerators: Accelerators(count: 1, discipline: .processorSharing), seed: 9)
    #expect(Self.holds(batches, 1 / (1 - load)))
    #expect(!Self.holds(batches, 1.15 / (1 - load)))
  }

  @Test("machines and repairmen: the mean wait is that of mean-value analysis", arguments: [(5, 1), (10, 2), (20, 3)])
  func repairmen(machines: Int, repairmen: Int) {
    let running = 4.0
    var random = SplitMix(state: 21)
    var queue = AcceleratorQueue(accelerators: repairmen, jobs: machines)
    var arrivals = Array(repeating: SimTime.zero, count: machines)
    var (sum, count) = (0.0, 0)
    var batches: [Double] = []
    var simulator = Simulator<Kind>()
    func run(_ machine: Int, _ simulator: inout Simulator<Kind>) {
      simulator.schedule(.arrival, entity: machine, after: SimTime(seconds: running * Law.exponential.draw(&random)))
    }
    func repair(_ machine: Int, _ simulator: inout Simulator<Kind>) {
      sum += (simulator.now - arrivals[machine]).seconds
      count += 1
      if count.isMultiple(of: 2000) {
        batches.append(sum / 2000)
        sum = 0
      }
      simulator.schedule(.end, entity: machine, after: SimTime(seconds: Law.exponential.draw(&random)))
    }
    for machine in 0..<machines { run(machine, &simulator) }
    simulator.run { event, simulator in
      if event.kind == .arrival {
        arrivals[event.entity] = event.time
        if queue.submit(event.entity, urgency: 0) { repair(event.entity, &simulator) }
      } else {
        if let next = queue.release() { repair(next, &simulator) }
        run(event.entity, &simulator)
      }
      if batches.count == 40 { simulator.stop() }
    }
    func wait(_ machines: Int) -> Double {
      MachineRepairman.meanWait(
        machines: machines, running: Seconds(running), repair: Seconds(1), repairmen: repairmen
      ).value
    }
    #expect(Self.holds(batches, wait(machines)))
    #expect(!Self.holds(batches, wait(machines + 1)))
  }

  @Test("the mean wait of machines by hand: two machines and one repairman, and the limits")
  func repairmenByHand() {
    // p ∝ 1, 2·(1/4), 2·(1/4)²: in line 1/8 of 1.625, at work 0.625 of 1.625, so 1 s · 0.125 / 0.625.
    func wait(_ machines: Int, running: Double, repairmen: Int = 1) -> Double {
      MachineRepairman.meanWait(
        machines: machines, running: Seconds(running), repair: Seconds(1), repairmen: repairmen
      ).value
    }
    #expect(abs(wait(2, running: 4) - 0.2) < 1e-15)
    #expect(wait(3, running: 4, repairmen: 3) == 0)
    #expect(wait(6, running: 0, repairmen: 2) == 2)
    // Far past what the repairmen can do, the wait is what the rate of repairs leaves of the cycle.
    #expect(abs(wait(1_000_000, running: 10, repairmen: 4) / (250_000 - 11) - 1) < 1e-9)
  }
}

extension Double {
  /// ln of the number.
  fileprivate var logarithm: Double { Foundation.log(self) }
}
