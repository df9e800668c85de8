//! Three devices come to a server with one accelerator at once: two of them wait, and the last one is late.
import EventKernel
import Network
import Units

let itineraries = (0..<3).map { device in
  Itinerary(
    device: device, block: device, rate: BitsPerSecond(80e6), steps: 1,
    step: [
      .init(kind: .forward, time: Seconds(0.2), energy: Joules(0.1)),
      .init(kind: .uplink, time: Seconds(0.4), energy: Joules(0.2)),
      .init(kind: .server, time: Seconds(0.5), energy: .zero),
      .init(kind: .backward, time: Seconds(0.2), energy: Joules(0.1)),
    ])
}
var engine = RoundEngine(
  itineraries, isSequential: false, watch: .step(Seconds(2)), accelerators: Accelerators(count: 1))
var simulator = Simulator<RoundEvent>()
try engine.begin(in: &simulator)
try simulator.run { event, simulator in
  if event.kind == .server { print("\(event.time): device \(event.entity) has been served") }
  if try engine.handle(event, in: &simulator) { simulator.stop() }
}
for ledger in engine.ledgers {
  print("device \(ledger.device) waited \(ledger.waitTime)\(ledger.isLate ? " and is late" : "")")
}

// Prints:
// 1.1 s: device 0 has been served
// 1.6 s: device 1 has been served
// device 0 waited 0.0 s
// device 1 waited 0.5 s
// device 2 waited 1.0 s and is late
