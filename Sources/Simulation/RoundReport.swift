import Allocation
import EventKernel
import Network
import Scenario
import Trace
import Training
import Units

/// What one round came to: all that traces, timelines, explanations, metrics and totals tell of it.
public struct RoundReport: Sendable {
  /// What each device could do.
  public var prospects: Prospects
  /// The round, from 1.
  public var round: Int
  /// When it began, from the run's start.
  public var start: Seconds
  /// When it was aggregated.
  public var end: Seconds
  /// From start to end, to the tick.
  public var duration: Seconds
  /// What the policy decided.
  public var allocation: Allocation
  /// The admitted devices, ascending.
  public var devices: [DeviceLedger]
  /// Server energy: power × the time in which it served anybody. `nil` where its power is not given.
  public var serverEnergy: Joules?
  /// What its accelerators did, where they are counted and its events were simulated.
  public var server: ServerUse?
  /// U* of Eq. (22), where it was computed.
  public var optimum: Double?
  /// U of who knows the future of the channel, where that was asked for.
  public var clairvoyant: Double?
  /// What training came to; `nil` where nothing is trained.
  public var learning: RoundLearning?
  /// The deadline that was in force; `nil` where framework or policy know none.
  public var deadline: Scenario.Deadline?
  /// Devices that could meet the deadline on at least one block; `nil` where nobody counted them.
  public var devicesFeasible: Int?
  /// Energy of all devices in the rounds before.
  public var energyBefore: Joules
  /// Its beginning and its end on the simulation's clock; `nil` where its events were not simulated.
  public var ticks: (start: SimTime, end: SimTime)?
  /// What goes on beside it, where work is carried over: ``devices`` then are those who ended in it.
  public var carried: Carried?
  /// Batteries at its end; `nil` where energy never runs out.
  public var batteries: Batteries?
  /// Its events that changed something, where the run keeps them.
  public var events: [RoundEngine.LoggedEvent] = []
  /// How long it took on the wall.
  public var timing = TimingRecord()

  /// The world it took place in.
  public var world: World { prospects.world }
  /// Eq. (22) of the round as it was; `nil` where the framework had nothing to allocate.
  public var problem: Problem? { prospects.problem }
  /// A round in which some devices ended that began in rounds before, and after which others are still at work.
  public struct Carried: Sendable, Hashable {
    /// How devices began that have ended in the round, or are at work after it, by device.
    let admissions: [Int: Admission]
    /// Devices at work, by place.
    public var atWork: [Int]
    /// Versions that somebody at work, or done and not merged, has begun with.
    public var versions: [Int]
    /// When activities began that were under way when the round began, by device; where the run keeps events.
    public var legsUnderWay: [Int: SimTime]

    /// The last decision of the round.
    let choice: PlaceChoice?

    init(
      admissions: [Admission], atWork: [Int], versions: [Int], legsUnderWay: [Int: SimTime], choice: PlaceChoice?
    ) {
      self.admissions = Dictionary(uniqueKeysWithValues: admissions.map { ($0.assignment.device, $0) })
      (self.atWork, self.versions, self.legsUnderWay, self.choice) = (atWork, versions, legsUnderWay, choice)
    }
  }

  /// What one round did to batteries.
  public struct Batteries: Sendable, Hashable {
    /// What is in each when the round ends.
    public var charge: [Joules]
    /// What was in that of each idle device when it was decided last in the round who takes part.
    public var decisive: [Joules]
    /// For each device whether its battery let it take part, when that was decided last in the round.
    public var suffices: [Bool]
    /// What came in to all of them in the round.
    public var charged: Joules
    /// What devices drew from all of them in the round, for their work and beside it.
    public var spent: Joules
  }

  /// What a server's accelerators did in one round.
  public struct ServerUse: Sendable, Hashable {
    /// Served time of all accelerators.
    public var served: Seconds
    /// Their number times the round's length.
    public var capacity: Seconds
    /// What all devices waited for one.
    public var waited: Seconds
    /// The round's length, at least a tick.
    public var length: Seconds
    /// The share of their time in which they served.
    public var utilization: Double { served / capacity }
    /// The mean number of devices that waited.
    public var queueMean: Double { waited / length }
  }
}

extension RoundReport {
  /// The same round of a run in which no evaluation is due after it.
  var withoutEvaluation: RoundReport {
    var result = self
    result.learning?.testLoss = nil
    result.learning?.testAccuracy = nil
    result.learning?.testAccuracyLocal = nil
    return result
  }
}
