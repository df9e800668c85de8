import EventKernel
import Foundation
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

  /// Plays a round to its end: the engine after it, and when it was aggregated.
  public static func play(
    _ itineraries: [Itinerary], isSequential: Bool = false, watch: RoundEngine.DeadlineRule = .none,
    accelerators: Accelerators = .unlimited, air: (any Air)? = nil
  ) throws -> (engine: RoundEngine, end: SimTime) {
    let played = try played(
      itineraries, isSequential: isSequential, watch: watch, accelerators: accelerators, air: air)
    return (played.engine, played.end)
  }

  /// A round that was played to its end.
  public struct Played {
    /// The engine after it.
    public var engine: RoundEngine
    /// When it was aggregated.
    public var end: SimTime
    /// How many events were handled.
    public var events: Int
    /// Of all of them.
    public var fingerprint: Fingerprint
  }

  /// Plays a round to its end.
  ///
  /// - Parameter keptAfter: The events after which all is written down, and taken up again by an engine that knows nothing else.
  public static func played(
    _ itineraries: [Itinerary], isSequential: Bool = false, watch: RoundEngine.DeadlineRule = .none,
    accelerators: Accelerators = .unlimited, air: (any Air)? = nil, keptAfter: Int? = nil
  ) throws -> Played {
    var engine = RoundEngine(
      itineraries, isSequential: isSequential, watch: watch, accelerators: accelerators, logsEvents: true,
      recordsServerOrder: true)
    var simulator = Simulator<RoundEvent>()
    try engine.begin(in: &simulator, over: air)
    var events = 0
    var hasEnded = false
    while !hasEnded {
      if events == keptAfter {
        engine = try JSONDecoder().decode(RoundEngine.self, from: JSONEncoder().encode(engine))
        simulator = Simulator(
          try JSONDecoder().decode(Simulator<RoundEvent>.State.self, from: JSONEncoder().encode(simulator.state)))
      }
      try simulator.run { event, simulator in
        hasEnded = try engine.handle(event, in: &simulator, over: air)
        simulator.stop()
      }
      events += 1
    }
    return Played(engine: engine, end: simulator.now, events: events, fingerprint: simulator.fingerprint)
  }
}
