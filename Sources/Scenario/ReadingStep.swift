/// A step of reading or printing a scenario's root, with the keys of the root that it depends on: its own, and those that
/// settle what else it looks at. Where no value below these keys differs, the step comes to the same.
enum ReadingStep: Int, CaseIterable {
  case schema, name, seed, rounds, framework, policy, deadline, knowledge, objective, devices, server, uplink, mobility
  case downlink, quantizer, model, training, aggregation, band, policies, bits, sweep

  /// The keys of the root.
  var keys: Set<String> {
    switch self {
    case .schema: ["schema"]
    case .name: ["name"]
    case .seed: ["seed"]
    case .rounds: ["rounds"]
    case .framework: ["framework"]
    case .policy: ["policy", "framework"]
    case .deadline: ["deadline"]
    case .knowledge: ["channel_estimate", "deadline_margin", "optimum", "forecast"]
    case .objective: ["objective"]
    case .devices, .training: ["devices", "uplink", "mobility", "training", "model", "framework"]
    case .server: ["server"]
    case .uplink, .mobility: ["devices", "uplink", "mobility", "training", "model", "framework"]
    case .downlink: ["downlink"]
    case .quantizer: ["quantizer"]
    case .model: ["model"]
    case .aggregation: ["aggregation"]
    case .band: ["band"]
    case .policies, .bits: ["policies", "policy", "framework", "quantizer", "model"]
    case .sweep: ["sweep"]
    }
  }

  /// Whether reading does it every time: the settings beside a policy's name are left for a later step.
  var isAlwaysRead: Bool { self == .policy }
}
