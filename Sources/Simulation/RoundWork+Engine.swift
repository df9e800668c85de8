import Allocation
import Network
import Training

extension RoundWork {
  /// What the events of a round that has ended leave the trainer to do. Bits are the allocation's where the framework
  /// quantises.
  init(round: Int, of engine: RoundEngine, allocation: Allocation, traits: Framework.Traits, isLast: Bool) {
    let bits = Dictionary(uniqueKeysWithValues: allocation.assignments.map { ($0.device, $0.bits) })
    self.init(
      round: round,
      participants: engine.ledgers.map { ledger in
        Participant(
          device: ledger.device, bits: traits.quantized ? bits[ledger.device] ?? 32 : 32, steps: ledger.steps,
          freshSteps: min(ledger.steps, ledger.itinerary.freshSteps), isLate: ledger.isLate)
      },
      serverOrder: traits.sharesServer ? engine.serverOrder : [], isLast: isLast)
  }
}
