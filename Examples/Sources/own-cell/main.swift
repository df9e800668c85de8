// A cell without a scenario file: devices, gains and the problem as values, the optimum of it, and a round of it event by event,
// at a server that serves everybody and at one with a single accelerator.
//   swift run --package-path Examples own-cell
import Allocation
import EventKernel
import Network
import Randomness
import Units
import Wireless

/// Four devices, the first one the fastest, and two blocks of 20 MHz.
let problem = Problem(
  devices: (0..<4).map { device in
    DeviceConstants(
      dataShare: 0.25, powerMin: Watts(0.1), powerMax: Watts(1), computeTime: Seconds(0.5 + 0.1 * Double(device)),
      computeEnergy: Joules(0.1), serverTime: Seconds(0.4))
  },
  levels: (4...32).map { QuantizationLevel(bits: $0, payload: Bits(2_408_448 * Double($0))) }, bandwidth: Hertz(20e6),
  noise: Watts(8e-14), deadline: Seconds(3), objective: .ratio,
  gains: GainMatrix(
    deviceCount: 4, blockCount: 2, values: [1e-10, 2e-11, 4e-11, 8e-11, 5e-12, 1e-11, 3e-11, 2e-12]))

/// What an admitted device does in a round of three steps.
func itinerary(_ assignment: Assignment) -> Itinerary {
  let half = (time: assignment.computeTime * 0.5, energy: assignment.computeEnergy * 0.5)
  return Itinerary(
    device: assignment.device, block: assignment.block, rate: assignment.rate, steps: 3,
    step: [
      .init(kind: .forward, time: half.time, energy: half.energy),
      .init(kind: .uplink, time: assignment.uplinkTime, energy: assignment.uplinkEnergy),
      .init(kind: .server, time: assignment.serverTime, energy: .zero),
      .init(kind: .backward, time: half.time, energy: half.energy),
    ])
}

/// A round at a server with these accelerators, to its end.
func play(_ itineraries: [Itinerary], _ accelerators: Accelerators) throws -> RoundEngine {
  var engine = RoundEngine(
    itineraries, isSequential: false, watch: .step(problem.deadline), accelerators: accelerators)
  var simulator = Simulator<RoundEvent>()
  try engine.begin(in: &simulator)
  try simulator.run { event, simulator in
    if try engine.handle(event, in: &simulator) { simulator.stop() }
  }
  return engine
}

let allocation = try ExactPolicy().allocate(problem, in: RoundContext(round: 1, seed: Seed(1)))
print("optimum: U \(allocation.objective)")
let itineraries = allocation.assignments.map(itinerary)
let servers = [("everybody at once", Accelerators.unlimited), ("one accelerator", Accelerators(count: 1))]
for (name, accelerators) in servers {
  for ledger in try play(itineraries, accelerators).ledgers {
    print(
      "\(name): device \(ledger.device), \(ledger.steps) steps in \(ledger.time), waited \(ledger.waitTime)"
        + (ledger.isLate ? ", late" : ""))
  }
}
