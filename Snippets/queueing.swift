//! Jobs come to the server's queue at random, and the mean time there is held against queueing theory.
import EventKernel
import Network
import Randomness
import Units

// Each job is a device that computes until it comes, once. An argument says how many there are, a multiple of 40.
let jobs = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2000
let seed = Seed(2)

/// The mean time at the server of jobs that come at a rate per second, and half of its interval of 99 %, from 40 batches.
func time(
  _ accelerators: Accelerators, rate: Double, service: (inout RandomStream) -> Double
) throws -> (mean: Double, half: Double) {
  var (arrivals, work) = (seed.stream(.serverAttribute, 0), seed.stream(.serverAttribute, 1))
  var arrival = 0.0
  let itineraries = (0..<jobs).map { job in
    arrival += arrivals.exponential(mean: 1 / rate)
    return Itinerary(
      device: job, block: nil, rate: .zero, steps: 1,
      step: [
        .init(kind: .forward, time: Seconds(arrival), energy: .zero),
        .init(kind: .server, time: Seconds(service(&work)), energy: .zero),
      ])
  }
  var engine = RoundEngine(itineraries, isSequential: false, accelerators: accelerators)
  var simulator = Simulator<RoundEvent>()
  try engine.begin(in: &simulator)
  try simulator.run { event, simulator in
    if try engine.handle(event, in: &simulator) { simulator.stop() }
  }
  let batch = jobs / 40
  let means = (0..<40).map { item in
    engine.ledgers[item * batch..<(item + 1) * batch].reduce(0) { $0 + ($1.serverTime + $1.waitTime).value }
      / Double(batch)
  }
  let mean = means.reduce(0, +) / 40
  let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39
  return (mean, 2.708 * (variance / 40).squareRoot())
}

func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

func show(_ name: String, _ time: (mean: Double, half: Double), law: Double) {
  print("\(name): \(rounded(time.mean)) s ± \(rounded(time.half)), theory \(rounded(law))")
}

/// Nine jobs of half a second to one of 5.5 s: a mean of 1 s, a second moment of 3.25 s².
func mixed(_ work: inout RandomStream) -> Double { work.uniform() < 0.9 ? 0.5 : 5.5 }

let share = Accelerators(count: 1, discipline: .processorSharing)
// Erlang's C, the share of jobs that wait: four servers under a load of three.
let erlang = 27.0 / 8 * 4 / (1 + 3 + 4.5 + 4.5 + 27.0 / 8 * 4)
try show("M/M/1", time(Accelerators(count: 1), rate: 0.6) { $0.exponential() }, law: 1 / 0.4)
try show("M/M/4", time(Accelerators(count: 4), rate: 3) { $0.exponential() }, law: 1 + erlang)
try show("M/D/1", time(Accelerators(count: 1), rate: 0.6) { _ in 1 }, law: 1 + 0.6 / 0.8)
try show("M/G/1", time(Accelerators(count: 1), rate: 0.6, service: mixed), law: 1 + 0.6 * 3.25 / 0.8)
try show("M/G/1-PS", time(share, rate: 0.6, service: mixed), law: 1 / 0.4)

// Prints:
// M/M/1: 2.395 s ± 0.506, theory 2.5
// M/M/4: 1.435 s ± 0.228, theory 1.509
// M/D/1: 1.676 s ± 0.205, theory 1.75
// M/G/1: 3.072 s ± 0.689, theory 3.438
// M/G/1-PS: 2.255 s ± 0.449, theory 2.5
