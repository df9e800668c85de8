import Allocation
import Datasets
import Foundation
import Network
import Randomness
import Scenario
import TestSupport
import Testing
import Training
import Units
import Wireless

@Suite("Scenarios as values")
struct ScenarioValueTests {
  /// Every file of the repository that is a scenario and has its inputs next to it.
  static let files: [String] = ["scenarios", "Tests/GoldenTests/Golden"].flatMap { folder -> [String] in
    let files = FileManager.default.enumerator(atPath: repository.appending(path: folder).path)
    return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }
  }.filter { !["scenarios/paper/sensitivity.yaml", "Tests/GoldenTests/Golden/gains/scenario.yaml"].contains($0) }
    .sorted()

  /// Reads what a scenario prints.
  private func reread(_ scenario: Scenario) throws -> Scenario {
    try ScenarioReader.read(text: scenario.resolved.yaml, file: "/elsewhere/again.yaml").scenario
  }

  @Test("what a scenario of the repository prints reads as the same scenario, and prints the same", arguments: files)
  func repositoryFiles(_ name: String) throws {
    let scenario = try ScenarioReader.read(path: repository.appending(path: name).path).scenario
    let again = try reread(scenario)
    #expect(again == scenario)
    #expect(again.resolved.yaml == scenario.resolved.yaml)
  }

  @Test("a scenario made in Swift is the one of a file that says nothing but its name")
  func standard() throws {
    #expect(try scenario() == Scenario(name: "minimal"))
    #expect(try scenario("framework: sl\n") == Scenario(name: "minimal", framework: .sl))
    #expect(try scenario("policy: bcd\n") == Scenario(name: "minimal", policy: "bcd"))
  }

  @Test("a field that is changed in Swift shows in the resolved form, whatever the file had")
  func changed() throws {
    var cell = try scenario("deadline: {value: 3 s}\ntraining: {shuffle: true}\n", set: ["devices.groups=[{count: 2}]"])
    let before = cell.resolved
    #expect(before[["deadline"]]?.flowText == "{value: 3.0 s, per: step}")
    cell.deadline.value = Seconds(4)
    cell.devices.groups[0].count = 20
    cell.devices.groups.append(Scenario.DeviceGroup(name: "far", count: 3, distance: .constant(900)))
    cell.uplink.blocks = 5
    cell.server.accelerators = Accelerators(count: 2, discipline: .leastSlack)
    cell.training.optimizer.momentum = 0.5
    cell.policySettings["ep"] = ["power": .power(Watts(2))]
    let after = cell.resolved
    #expect(after != before)
    let values: [([String], String)] = [
      (["deadline", "value"], "4.0 s"), (["uplink", "blocks"], "5"), (["server", "accelerators"], "2"),
      (["server", "discipline"], "least-slack"), (["training", "optimizer", "momentum"], "0.5"),
      (["policies", "ep", "power"], "2.0 W"), (["policies", "fixed", "power"], "2.0 W"),
    ]
    for (path, text) in values { #expect(after[path[...]]?.flowText == text, "\(path)") }
    #expect(after[["devices", "groups"]]?.flowText.contains("{name: far, count: 3, distance: 900.0 m") == true)
    #expect(try reread(cell) == cell)
  }

  @Test("a fleet that is changed in Swift is no longer its file's")
  func changedFleet() throws {
    let path = repository.appending(path: "scenarios/measured.yaml").path
    var cell = try ScenarioReader.read(path: path).scenario
    #expect(cell.resolved[["devices", "file"]] != nil)
    #expect(cell.inputFiles.map(\.keptName) == ["inputs/fleet.csv", "inputs/gains.csv"])
    cell.devices.groups[0].powerMax = .constant(3)
    #expect(cell.resolved[["devices", "file"]] == nil)
    #expect(cell.resolved[["devices", "power_max"]]?.flowText == "3.0 W")
    #expect(cell.inputFiles.map(\.keptName) == ["inputs/gains.csv"])
    #expect(try reread(cell).resolved == cell.resolved)
  }

  @Test("a scenario made in Swift is checked as a file is, at the lines of what it prints")
  func check() throws {
    var cell = Scenario(name: "cell")
    #expect(try cell.check().isEmpty)
    cell.uplink.blocks = 0
    cell.quantizer.bitsMin = 33
    let errors = try #require(throws: ScenarioErrors.self) { try cell.check() }
    #expect(errors.diagnostics.map(\.keyPath).starts(with: ["uplink.blocks", "quantizer.bits_min"]))
    #expect(errors.description.hasPrefix("cell.yaml:28:11: error: uplink.blocks: '0' is out of range"))
    cell.devices.groups[0].cores = .constant(1e300)
    cell.devices.groups[0].samples = .constant(.nan)
    cell.training.batch = .max
    #expect(throws: ScenarioErrors.self) { try cell.check() }
  }

  @Test(
    "keys that came later are printed where a file gives them or their value says something",
    arguments: [
      "channel_estimate: {error: 0}\n", "deadline_margin: 0\n", "forecast: {server: none}\n",
      "policies: {virtual-queue: {weight: 1.0}}\n", "training: {shuffle: true}\n", "training: {labels: server}\n",
      "training: {gradient: returned}\n",
    ])
  func laterKeys(_ line: String) throws {
    let (plain, given) = (try scenario(), try scenario(line))
    #expect(plain == given, "the file says no more than the default")
    let key = String(line.prefix { $0 != ":" })
    #expect(plain.resolved[[key]] != given.resolved[[key]])
    #expect(try reread(given).resolved == given.resolved)
  }

  @Test("movement, shadowing over the plane and buildings are what a reader of the printed scenario gets")
  func movement() throws {
    let walk = RandomWaypoint(radius: Meters(123.5), speed: .choice([1, 2.5]), pause: .exponential(mean: 7))
    let drift = GaussMarkov(side: Meters(700), speed: MetersPerSecond(1.5), memory: Seconds(9))
    for model in [Mobility.Model.randomWaypoint(walk), .gaussMarkov(drift), .still] {
      for step in [nil, Seconds(1.0 / 3)] where model != .still || step == nil {
        var cell = Scenario(name: "cell")
        cell.mobility = Mobility(model, step: step)
        if model != .still { cell.devices.groups[0].distance = nil }
        cell.uplink.pathLoss = .urbanMicro(carrier: Hertz(3e9), baseHeight: Meters(9), deviceHeight: Meters(2))
        cell.uplink.spatialLaw = step == nil ? .report : .perDevice
        cell.uplink.penetration = step == nil ? Penetration(model: .high, indoorShare: 0.3) : .none
        let again = try reread(cell)
        #expect(again == cell)
        #expect(again.resolved == cell.resolved)
      }
    }
  }

  @Test("laws of comings and goings are what a reader of the printed scenario gets")
  func availability() throws {
    for law in [Availability.law(on: .constant(1.0 / 3), off: .exponential(mean: 77)), nil] {
      var cell = Scenario(name: "cell")
      cell.devices.availability = law
      let again = try reread(cell)
      #expect(again == cell)
      #expect(again.resolved == cell.resolved)
    }
  }

  @Test("batteries are what a reader of the printed scenario gets")
  func battery() throws {
    let charging = BatteryLaw.Charging(power: .constant(1.0 / 3), on: .constant(77), off: .uniform(low: 1, high: 9))
    let laws = [
      BatteryLaw(), BatteryLaw(capacity: .uniform(low: 1, high: 2000), charge: .constant(1.0 / 3), reserve: 0),
      BatteryLaw(idlePower: .choice([0, 1]), charging: charging), BatteryLaw(charging: .init()), nil,
    ]
    for law in laws {
      var cell = Scenario(name: "cell")
      cell.devices.battery = law
      let again = try reread(cell)
      #expect(again == cell)
      #expect(again.resolved == cell.resolved)
    }
  }

  @Test("what radios draw is what a reader of the printed scenario gets")
  func radioEnergy() throws {
    for radio in [RadioEnergy.tr38840(unit: Watts(1.0 / 3)), .tr38840(unit: RadioEnergy.standardUnit), .amplifier] {
      var cell = Scenario(name: "cell")
      cell.devices.radioEnergy = radio
      cell.devices.countsSleep = radio == .tr38840(unit: Watts(1.0 / 3))
      let again = try reread(cell)
      #expect(again == cell)
      #expect(again.resolved == cell.resolved)
    }
  }

  @Test("how much computing varies is what a reader of the printed scenario gets")
  func jitter() throws {
    for jitter in [Jitter(variation: 1.0 / 3, scope: .round), Jitter(variation: 0.2), nil] {
      var cell = Scenario(name: "cell")
      cell.devices.jitter = jitter
      let again = try reread(cell)
      #expect(again == cell)
      #expect(again.resolved == cell.resolved)
    }
  }

  @Test("what is changed at random in Swift is what a reader of the printed scenario gets", arguments: 0..<400)
  func random(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let start = Self.starts[Int(seed) % Self.starts.count]
    var cell = start.isEmpty ? Scenario(name: "made") : try scenario(set: start)
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      guard let change = Self.changes.randomElement(using: &random) else { continue }
      change(&cell, Int.random(in: 1...9, using: &random))
    }
    let again = try reread(cell)
    #expect(again == cell, "seed \(seed)")
    #expect(again.resolved.yaml == cell.resolved.yaml, "seed \(seed)")
  }

  /// What a file may have said before.
  private static let starts: [[String]] = [
    [], ["deadline.per=round", "deadline_margin=0"], ["training.evaluate_local=false", "devices.receive_power=0 W"],
    ["devices.groups=[{count: 2, name: a}, {count: 3, clock: {optimise: true}}]", "model=vit_tiny_patch16_224"],
    ["policy={name: virtual-queue, weight: 3}", "downlink={}", "forecast={}"],
    [
      "training={trainer: {external: {command: [p]}}, dataset: {name: synthetic, normalize: {mean: [0.5], std: [0.5]}}}"
    ],
  ]

  private typealias Change = @Sendable (inout Scenario, Int) -> Void

  /// A change of the images, where there are any.
  private static func dataset(_ change: @escaping @Sendable (inout DatasetPlan, Int) -> Void) -> Change {
    { cell, number in
      guard var plan = cell.training.dataset else { return }
      change(&plan, number)
      cell.training.dataset = plan
    }
  }

  /// Changes that go with each other, each by a number from 1 to 9.
  private static let changes = changes1 + changes2 + changes3 + changes4

  private static let changes1: [Change] = [
    {
      $0.devices.groups[0].count = $1; $0.devices.groups[0].powerMax = .constant(1.5)
    },
    { $0.name = "made-\($1)" }, { $0.seed = .max - UInt64($1) }, { $0.rounds = $1 },
    {
      $0.framework = Framework.allCases[$1 % Framework.allCases.count]
      ($0.training.labels, $0.training.gradient) = (.server, .returned)
    },
    { $0.policy = ["exact", "bcd", "ep", "virtual-queue", "rb"][$1 % 5] },
    { $0.deadline = Scenario.Deadline(value: Seconds(Double($1) / 7), per: $1 > 4 ? .round : .step) },
    { $0.channelEstimate.error = Double($1 - 1) / 10 }, { $0.deadlineMargin = Double($1 - 1) / 10 },
    { $0.serverForecast = Scenario.ServerForecast.allCases[$1 % 3] },
    { $0.objective = $1 > 4 ? .ratio : .difference(weight: Joules(Double($1) + 0.1)) },
    { $0.devices.groups[0].distance = .constant(Double($1) * 10) },
    { $0.devices.groups[0].clock = .choice([1e9, Double($1) * 1e8]) },
    { cell, number in for index in cell.devices.groups.indices { cell.devices.groups[index].clockLevels = number } },
    { $0.devices.groups[0].kappa = .lognormal(median: 1e-29, sigma: Double($1) / 3) },
    { cell, number in
      let values = [Double](repeating: Double(number) + 0.1, count: cell.devices.groups[0].count)
      cell.devices.groups[0].powerMax = .each(values)
    },
  ]

  private static let changes2: [Change] = [
    { if $0.training.dataset == nil { $0.devices.groups[0].samples = .integer(low: $1, high: 2 * $1) } },
    { $0.devices.groups[0].cores = .choice([Double($1), 2]) },
    { $0.devices.groups[0].powerMin = .constant(Double($1) / 99) },
    { $0.devices.groups[0].flopsPerCycle = .exponential(mean: Double($1)) },
    { $0.devices.groups[0].amplifierEfficiency = .constant(Double($1) / 9) },
    { $0.devices.groups[0].receivePower = .uniform(low: 0, high: Double($1)) },
    { $0.devices.groups[0].circuitPower = .exponential(mean: Double($1) / 100) },
    { cell, number in
      let levels = cell.devices.groups[0].clockLevels
      cell.devices.groups.append(.init(name: number > 4 ? "g\(number)" : nil, count: number, clockLevels: levels))
    },
    { $0.server.clock = .normal(mean: Double($1) * 1e9, standardDeviation: 1e8) },
    { ($0.server.sharing, $0.server.accelerators) = ($1 > 4 ? .equal : .none, nil) },
    { $0.server.cores = .integer(low: $1, high: $1 + 9) },
    { $0.server.flopsPerCycle = .constant(Double($1) / 3) },
    { ($0.server.power, $0.server.idlePower) = (Watts(Double($1)), $1 > 4 ? Watts(Double($1) / 9) : nil) },
    {
      $0.server.sharing = .none
      $0.server.accelerators = [nil, .unlimited, Accelerators(count: $1, discipline: .processorSharing)][$1 % 3]
    },
    {
      $0.uplink.interference = nil
      $0.downlink = Scenario.Downlink(
        power: Watts(Double($1) / 3), noiseFigure: PowerRatio(9.5), gradientBits: $1, model: .unicast)
    },
    { $0.uplink.blocks = $1 }, { $0.uplink.blockBandwidth = Hertz(Double($1) * 1.1e6) },
    { $0.uplink.noiseDensity = WattsPerHertz(1e-21 * Double($1)) },
    { $0.uplink.antennaGain = PowerRatio(Double($1) / 7) },
    { $0.uplink.noiseFigure = PowerRatio(Double($1) + 0.3) }, { $0.uplink.shadowing = Decibels(Double($1)) },
    {
      $0.uplink.pathLoss =
        $1 > 4 ? .macro3GPP : .urbanMicro(carrier: Hertz(3e9), baseHeight: Meters(Double($1)), deviceHeight: Meters(2))
    },
    { cell, number in
      let (carrier, base, device) = (Hertz(Double(number) * 1e9), Meters(Double(number) + 9.5), Meters(1.25))
      cell.uplink.pathLoss =
        [
          .macroCell(carrier: carrier),
          .ruralMacro(
            carrier: carrier, baseHeight: base, deviceHeight: device, streetWidth: Meters(7), buildingHeight: base),
          .indoorOffice(
            carrier: carrier, baseHeight: base, deviceHeight: device, office: number > 4 ? .open : .mixed),
          .suburbanMacro(
            carrier: carrier, baseHeight: base, deviceHeight: device, vegetation: number > 4 ? .dense : .sparse),
        ][number % 4]
    },
  ]

  private static let changes3: [Change] = [
    {
      $0.uplink.pathLoss = .logDistance(
        exponent: 3 + Double($1) / 7, referenceDistance: Meters(2), referenceLoss: PowerRatio(30.5))
    },
    { $0.uplink.fading = [.none, .rayleigh, .rician(k: PowerRatio(2.5)), .nakagami(m: Double($1) / 2 + 0.5)][$1 % 4] },
    {
      switch $1 % 3 {
      case 0: ($0.uplink.fading, $0.uplink.fadingMotion) = (.rayleigh, .clarke(doppler: Hertz(Double($1) + 0.7)))
      case 1:
        $0.uplink.fading = .rician(k: PowerRatio(Double($1)))
        $0.uplink.fadingMotion = .clarke(doppler: Hertz(3), step: Seconds(Double($1) / 70), rays: 7 + $1)
      default:
        ($0.uplink.fading, $0.uplink.fadingMotion) = (.nakagami(m: 3), .block(interval: Seconds(Double($1) / 70)))
      }
    },
    {
      $0.uplink.link =
        [
          .ideal, .shannon(gap: PowerRatio(2.5), cap: .infinity), .shannon(gap: PowerRatio(1), cap: Double($1)),
          .modulationCoding(
            ModulationCoding(
              table: $1 > 4 ? .qam64LowRate : .qam256, targetErrorRate: Double($1) / 20,
              harq: HARQ(maxTransmissions: $1, combining: .none), overhead: 0.25)),
        ][$1 % 4]
    },
    {
      $0.downlink = nil
      $0.uplink.interference =
        $1 > 7 ? nil : Interference(cells: $1, load: Double($1) / 9, power: Watts(0.3), hold: Seconds(Double($1)))
    },
    { $0.uplink.outageRate = BitsPerSecond(Double($1) * 1000) },
    { $0.quantizer = Scenario.Quantizer(bitsMin: 1 + $1 % 4, bitsMax: 32, payload: $1 > 4 ? .exact : .approximate) },
    { $0.model = ModelProfile.named("vit_small_patch16_224", classes: 10 + $1, image: 16 * $1) ?? $0.model },
    { cell, number in
      guard
        let shape = try? VisionTransformer(
          image: 8 * number, channels: 3, patch: 8, width: 32, depth: 4, heads: 2, classes: 10 + number)
      else { return }
      cell.model = ModelProfile(
        name: "vit_patch8_\(8 * number)_32x4", architecture: shape, cut: number > 4 ? .embedding : .afterEmbedding)
    },
    { cell, number in
      cell.model = ModelProfile(
        name: "mine", classes: 10 + number,
        figures: ModelCosts(
          sampleElements: number, activationElements: number, deviceWeights: 2, parameters: 9, headParameters: 1,
          headActivations: number, deviceForwardWork: Flops(1e9 / 7), deviceBackwardWork: .zero,
          forwardWork: Flops(1e10),
          headForwardWork: Flops(3), auxiliaryParameters: 7, auxiliaryForwardWork: Flops(5),
          memory: Bits(Double(number))))
      cell.head = .keep
    },
    { $0.head = $0.model.architecture == nil || $1 > 4 ? .keep : .fresh },
    dataset { $0.trainLimit = 1000 * $1 }, dataset { $0.testLimit = $1 },
    dataset { $0.trainOffset = $1 }, dataset { $0.evaluation = $1 > 4 ? .test : .validation },
    dataset { $0.classes = $1 > 7 ? nil : [$1, 0] }, dataset { $0.augmentation = $1 > 4 ? .none : .flip },
    {
      $0.training.pretraining.epochs = $1
    },
    dataset { $0.normalization = .init(mean: [Double($1) / 10], std: [$1 == 5 ? 0.25 : 0.5]) },
    { $0.training.batch = $1 }, { $0.training.localEpochs = $1 },
    {
      $0.training.partition =
        [.iid, .contiguous, .shards(classes: 1), .dirichlet(alpha: 0.7, minimumSamples: 3)][$1 % 4]
    },
    { $0.training.optimizer = OptimizerRule(kind: $1 > 4 ? .sgd : .adamw, learningRate: Double($1) / 70) },
    { $0.training.optimizer.gradientClip = Double($1) / 3 }, { $0.training.optimizer.schedule.warmupRounds = $1 },
  ]

  private static let changes4: [Change] = [
    {
      ($0.training.trainable, $0.training.embedding) = $1 > 4 ? (.all, .frozen) : (.head, .frozen)
      $0.training.gradient = .returned
    },
    {
      if case .external = $0.training.trainer { return }
      let isOpen = $0.framework.traits.mayTrainLocally && !$0.training.recipe.freezesDevicePart
      $0.training.gradient = isOpen && $1 > 2 ? .localLoss : .returned
    },
    { $0.training.labels = $0.framework.traits.mayKeepLabels && $1 > 2 ? .device : .server },
    { $0.training.shuffles = $1 > 4 }, { $0.training.evaluateEvery = $1 },
    { $0.training.stopAtAccuracy = $1 == 1 ? nil : Double($1) / 10 },
    { $0.training.pretraining.trainOffset = $1 }, { $0.training.pretraining.optimizer.weightDecay = Double($1) },
    {
      $0.training.gradient = .returned
      $0.training.trainer = .external(ExternalCommand(words: ["p", "\($1)"], timeout: Seconds(1.5), directory: "/tmp"))
    },
    { $0.band = $1 > 4 ? .all : .oneBlock },
    { $0.policySettings["ep"] = ["power": .power(Watts(Double($1) + 0.5))] },
    { $0.policySettings["fixed-bits"] = ["bits": .integer(8 + $1)] },
    { $0.policySettings["virtual-queue"] = ["weight": .number(1 + Double($1))] },
    {
      $0.externalPolicy = ExternalCommand(words: ["q"], timeout: Seconds(Double($1)), directory: "/tmp")
      $0.externalPolicyRule = $1 > 4 ? .skip : .error
    },
    { $0.provenance = ["devices.clock": .paper, "rounds": Scenario.Provenance.allCases[$1 % 3]] },
  ]
}
