import Allocation
import Randomness
import Scenario
import Training
import Units
import Wireless

extension World {
  /// Round 1 of this world as an instance for `airsplit solve` and for solvers in any language.
  ///
  /// - Throws: ``SimulationError`` where the framework has no step on the air, and so no problem (22) to state.
  public func instance() throws -> Instance {
    guard workload.traits.hasStepOnAir else {
      throw SimulationError(
        "framework \(scenario.framework.rawValue) has no step on the air, so there is nothing to allocate by Eq. (22)")
    }
    let policy = try ResolvedPolicy.named("exact")
    func settings(_ name: String) -> PolicySettings {
      scenario.settings(of: name) ?? PolicySettings(options: [])
    }
    return try Instance(
      name: "\(scenario.name)-\(seed.repetition)", problem: problem(round: 1, for: policy),
      context: RoundContext(round: 1, seed: seed), equalPower: settings("ep").power("power"),
      unquantizedBits: settings("nq").integer("bits"))
  }
}
