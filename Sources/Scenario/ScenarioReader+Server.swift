import Network
import Randomness
import Units
import Wireless

/// The keys of `server`.
extension ScenarioReader {
  static func server(_ root: Section) -> Scenario.ServerModel {
    let section = root.section("server", "the edge server's accelerator", isRequired: true)
    var model = Scenario.ServerModel(
      clock: section.distribution(
        "clock", "GPU clock f_s", .quantity(HertzUnit.self, in: DeviceLimits.clock), default: .constant(3e9)),
      cores: section.distribution(
        "cores", "GPU cores C_s", .whole(in: DeviceLimits.cores), default: .integer(low: 2560, high: 5120)),
      flopsPerCycle: section.distribution(
        "flops_per_cycle", "FLOP per cycle and core D_s^F", .quantity(One.self, in: DeviceLimits.flopsPerCycle),
        default: .choice([1, 2])),
      sharing: section.choice(
        "sharing", "none: each device is served as if alone, Eq. (11); equal: each of K blocks has 1/K of it",
        default: .none),
      power: section.optionalQuantity(
        "power", "power while busy, reported apart from the devices' energy", in: 0...1e12, of: Watt.self))
    readAccelerators(section, &model)
    section.finish()
    root.note("server", section.resolved)
    return model
  }

  /// The keys of a server that cannot serve everybody at once. A scenario without them resolves without them.
  private static func readAccelerators(_ section: Section, _ model: inout Scenario.ServerModel) {
    let key = "accelerators"
    let limit = 1_000_000
    let summary =
      "devices that are served at once, each at the server's speed; others wait. null or unlimited: nobody waits"
    if let given = section.declare(key, summary, default: "null"), !given.isNull {
      if given.text == "unlimited" {
        model.accelerators = .unlimited
        section.note(key, .scalar(.text("unlimited")))
      } else if let text = given.text, Double(text) == nil {
        section.fail(
          key, given,
          "\(given.shown) is neither a whole number from 1 to \(limit) nor unlimited"
            + NearestName.advice(text, among: ["unlimited"]))
      } else if let count = section.number(key, given, .whole(in: 1...limit)) {
        model.accelerators = Accelerators(count: Int(count))
        section.note(key, .scalar(.integer(Int(count))))
      }
      if model.sharing == .equal, model.accelerators != nil {
        section.fail(
          key, given,
          "'sharing: equal' gives each block a part of the server; with accelerators, devices wait for a whole one: leave one "
            + "of the keys out")
      }
    }
    if section.has("discipline") || model.accelerators != nil {
      let discipline: Accelerators.Discipline = section.choice("discipline", disciplineSummary, default: .fifo)
      model.accelerators?.discipline = discipline
      if model.accelerators == nil, let given = section.value(of: "discipline") {
        section.fail("discipline", given, "needs 'accelerators': without, nobody waits for the server")
      }
    } else {
      _ = section.declare("discipline", disciplineSummary, default: "fifo")
    }
    let idle = "power while it serves nobody, of each accelerator where they are counted; 0 W unless given"
    if section.has("idle_power") {
      model.idlePower = section.optionalQuantity("idle_power", idle, in: 0...1e12, of: Watt.self)
      if model.power == nil, model.idlePower != nil, let given = section.value(of: "idle_power") {
        section.fail("idle_power", given, "needs 'power', that of a busy server: one without the other is no energy")
      }
    } else {
      _ = section.declare("idle_power", idle, default: "null")
    }
  }

  private static let disciplineSummary =
    "whose turn it is: fifo, processor-sharing (all at once, in equal parts) or least-slack (who can wait least)"
}
