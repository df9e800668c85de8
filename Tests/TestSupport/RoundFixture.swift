import EventKernel
import Network
import Units

/// Rounds small enough to work out by hand.
public enum RoundFixture {
  /// Forward 1 s and 2 J, uplink 0.5 s and 0.25 J, server 0.25 s, backward 1 s and 2 J: 2.75 s and 4.25 J a step.
  public static func itinerary(device: Int, steps: Int = 2, fresh: Int? = nil, upload: Double? = 0.125) -> Itinerary {
    Itinerary(
      device: device, block: device, rate: BitsPerSecond(1e6), steps: steps, freshSteps: fresh ?? steps,
      step: [
        .init(kind: .forward, time: Seconds(1), energy: Joules(2)),
        .init(kind: .uplink, time: Seconds(0.5), energy: Joules(0.25)),
        .init(kind: .server, time: Seconds(0.25), energy: .zero),
        .init(kind: .backward, time: Seconds(1), energy: Joules(2)),
      ],
      after: upload.map { [.init(kind: .modelUpload, time: Seconds($0), energy: Joules(0.5))] } ?? [])
  }

  /// Plays a round to its end and returns the engine and the end.
  public static func play(
    _ itineraries: [Itinerary], isSequential: Bool = false, watch: RoundEngine.Watch = .nothing
  ) throws -> (engine: RoundEngine, end: SimTime) {
    var engine = RoundEngine(
      itineraries, isSequential: isSequential, watch: watch, recordsHappenings: true, recordsServerOrder: true)
    var simulator = Simulator<RoundEvent>()
    try engine.begin(in: &simulator)
    try simulator.run { event, simulator in
      if try engine.handle(event, in: &simulator) { simulator.stop() }
    }
    return (engine, simulator.now)
  }
}
