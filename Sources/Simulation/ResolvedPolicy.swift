import Allocation
import External
import JSON
import Scenario
import Training

/// The policy that a run uses, and why where it is not the one that was asked for.
public struct ResolvedPolicy: Sendable {
  /// Its name in the registry.
  public var name: String
  /// The policy.
  public var policy: any Policy
  /// A sentence for the output where another policy was asked for; `nil` otherwise.
  public var note: String?

  /// A policy that no scenario names.
  public init(name: String, policy: any Policy) { (self.name, self.policy) = (name, policy) }

  /// The policy of a scenario: the one it names, or its framework's default (`exact` for `sflam`, `fixed` elsewhere).
  ///
  /// Frameworks without a step on the air (`fl`, `ll`, `cl`) have no deadline of a step to plan for and take `fixed`
  /// whatever is named.
  ///
  /// - Parameter companions: Where programs that a scenario names may run; `nil`: nowhere.
  /// - Throws: ``SimulationError`` for a name that the registry does not know, or a program that may not be run; what the
  ///   policy says of its settings.
  public init(_ scenario: Scenario, companions: ExternalProcessPool? = nil) throws {
    let framework = scenario.framework
    let asked = scenario.policy
    if framework.traits.hasStepOnAir {
      name = asked
    } else {
      name = "fixed"
      if asked != name {
        note = "framework \(framework.rawValue) has no step on the air: policy fixed is used in place of \(asked)"
      }
    }
    if name == Scenario.externalPolicyName, let external = scenario.externalPolicy {
      guard let companions else { throw SimulationError("policy external: no program may be started here") }
      policy = ExternalPolicy(
        command: external.words, directory: external.directory, timeout: external.timeout,
        onViolation: scenario.externalPolicyRule,
        scenario: JSONValue(scenario.resolved), companions: companions)
      return
    }
    guard let entry = PolicyRegistry.entry(named: name), let settings = scenario.settings(of: name) else {
      throw SimulationError("no policy is called '\(name)'")
    }
    policy = try entry.make(settings)
  }
}
