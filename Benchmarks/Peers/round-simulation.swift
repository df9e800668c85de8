import EventKernel
import Foundation
import Units

/// Plays a load as `airsplit-bench round` does, with the engine of commit 91d8c5c, which stands in Simulation and is not
/// public. `Benchmarks/compare-round` compiles this file and `RoundLoad.swift` into that target.
public func playRounds(load path: String, rounds count: Int) throws -> String {
  let load = try RoundLoad(path: path)
  func leg(_ kind: RoundEvent, _ stretch: RoundLoad.Stretch) -> DevicePlan.Leg {
    DevicePlan.Leg(kind: kind, time: Seconds(stretch.time), energy: Joules(stretch.energy))
  }
  let circle = load.rounds.map { devices in
    devices.map { device in
      DevicePlan(
        device: device.device, block: device.block, rate: BitsPerSecond(device.rate), steps: device.steps,
        freshSteps: device.steps, firstUpload: nil,
        step: [
          leg(.forward, device.forward), leg(.uplink, device.uplink), leg(.server, device.server),
          leg(.backward, device.backward),
        ],
        lastUpload: leg(.modelUpload, device.upload))
    }
  }
  var simulator = Simulator<RoundEvent>()
  var sum = 0.0
  let seconds = try processorSeconds {
    for round in 0..<count {
      var engine = RoundEngine(
        plans: circle[round % circle.count], isSequential: false, watch: .step(Seconds(load.deadline)),
        recordsHappenings: false)
      try engine.begin(in: &simulator)
      try simulator.run { event, simulator in
        if try engine.handle(event, in: &simulator) { simulator.stop() }
      }
      for ledger in engine.ledgers { sum += ledger.time.value * ledger.uplinkEnergy.value }
    }
  }
  let answer = RoundLoad.Answer(
    events: Int(simulator.eventCount), seconds: seconds, end: simulator.now.nanoseconds, sum: sum,
    fingerprint: simulator.fingerprint.description)
  return String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
}
