import Network
import Randomness
import Units
import Wireless

/// The keys of `server`.
extension ScenarioReader {
  static func server(_ root: Section, _ server: inout Scenario.ServerModel) {
    root.section("server", "the edge server's accelerator", isRequired: true) { section in
      section.distribution(
        "clock", "GPU clock f_s", .quantity(HertzUnit.self, in: DeviceLimits.clock), &server.clock)
      section.distribution("cores", "GPU cores C_s", .whole(in: DeviceLimits.cores), &server.cores)
      section.distribution(
        "flops_per_cycle", "FLOP per cycle and core D_s^F", .quantity(One.self, in: DeviceLimits.flopsPerCycle),
        &server.flopsPerCycle)
      section.choice(
        "sharing", "none: each device is served as if alone, Eq. (11); equal: each of K blocks has 1/K of it",
        &server.sharing)
      section.optionalQuantity(
        "power", "power while busy, reported apart from the devices' energy", in: 0...1e12, &server.power)
      accelerators(section, &server)
    }
  }

  /// The keys of a server that cannot serve everybody at once. A scenario without them resolves without them.
  private static func accelerators(_ section: Section, _ model: inout Scenario.ServerModel) {
    let key = "accelerators"
    let limit = 1_000_000
    let summary =
      "devices that are served at once, each at the server's speed; others wait. null or unlimited: nobody waits"
    if let given = section.declare(key, summary, default: "null"), !given.isNull {
      if given.text == "unlimited" {
        model.accelerators = .unlimited
      } else if let text = given.text, Double(text) == nil {
        section.fail(
          key, given,
          "\(given.shown) is neither a whole number from 1 to \(limit) nor unlimited"
            + NearestName.advice(text, among: ["unlimited"]))
      } else if let count = section.number(key, given, .whole(in: 1...limit)) {
        model.accelerators = Accelerators(count: Int(count))
      }
      if model.sharing == .equal, model.accelerators != nil {
        section.fail(
          key, given,
          "'sharing: equal' gives each block a part of the server; with accelerators, devices wait for a whole one: leave one "
            + "of the keys out")
      }
    }
    if let count = model.accelerators?.count {
      section.note(key, .scalar(count == Accelerators.unlimited.count ? .text("unlimited") : .integer(count)))
    }
    var discipline = model.accelerators?.discipline ?? .fifo
    section.choice(
      "discipline",
      "whose turn it is: fifo, processor-sharing (all at once, in equal parts) or least-slack (who can wait least)",
      &discipline)
    model.accelerators?.discipline = discipline
    if model.accelerators == nil {
      section.hide("discipline")
      if !section.gives(key), let given = section.value(of: "discipline") {
        section.fail("discipline", given, "needs 'accelerators': without, nobody waits for the server")
      }
    }
    section.optionalQuantity(
      "idle_power", "power while it serves nobody, of each accelerator where they are counted; 0 W unless given",
      in: 0...1e12, &model.idlePower)
    section.omit("idle_power", if: model.idlePower == nil)
    if !section.gives("power"), model.idlePower != nil, let given = section.value(of: "idle_power") {
      section.fail("idle_power", given, "needs 'power', that of a busy server: one without the other is no energy")
    }
  }
}

extension Section {
  /// Whether there is a value under `key`, be it a wrong one.
  fileprivate func gives(_ key: String) -> Bool { value(of: key)?.isNull == false }
}
