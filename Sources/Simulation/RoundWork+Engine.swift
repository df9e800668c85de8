import Allocation
import Network
import Training

extension RoundWork {
  /// What the events of a round that has ended leave the trainer to do. Bits are the allocation's where the framework
  /// quantises.
  init(round number: Int, of round: OpenRound, traits: Framework.Traits, aggregation: AggregationRule, isLast: Bool) {
    let engine = round.engine
    let carries = engine.merging.carries
    let assignments = carries ? round.admissions.map(\.assignment) : round.decision.allocation.assignments
    let chosen = Dictionary(uniqueKeysWithValues: assignments.map { ($0.device, $0) })
    self.init(
      round: number,
      participants: engine.ended.map { ledger in
        let assignment = chosen[ledger.device]
        var participant = Participant(
          device: ledger.device, bits: traits.quantized ? assignment?.bits ?? 32 : 32, steps: ledger.steps,
          freshSteps: min(ledger.steps, ledger.itinerary.freshSteps), isLate: ledger.isLate,
          version: ledger.itinerary.version)
        participant.cut = assignment?.cut ?? 0
        return participant
      },
      serverOrder: traits.sharesServer ? engine.serverOrder : [], isLast: isLast)
    if carries { merge = Merge(rule: aggregation, versionsInUse: engine.versionsInUse) }
  }
}

extension OpenRound {
  /// Those who are under way, as a trainer is told of them.
  func contributions(_ traits: Framework.Traits) -> [RoundWork.Participant] {
    let chosen = Dictionary(admissions.map { ($0.assignment.device, $0.assignment) }) { $1 }
    return engine.expectedToMerge.map { itinerary in
      let assignment = chosen[itinerary.device]
      var participant = RoundWork.Participant(
        device: itinerary.device, bits: traits.quantized ? assignment?.bits ?? 32 : 32, steps: itinerary.steps,
        freshSteps: itinerary.freshSteps, version: itinerary.version)
      participant.cut = assignment?.cut ?? 0
      return participant
    }
  }
}
