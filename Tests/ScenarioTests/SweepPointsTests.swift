import Allocation
import Foundation
import TestSupport
import Testing
import Units

@testable import Scenario

/// Points that take over from each other what they have in common are what they would be alone.
@Suite("The points of a sweep")
struct SweepPointsTests {
  private static let head = """
    schema: 1
    name: points
    devices: {count: 20, samples: 100}
    server: {}
    uplink: {blocks: 5}
    model: {name: vit_base_patch32_224}
    provenance: {deadline: paper, devices: assumed}

    """

  /// Keys of every kind, some of which settle what others mean.
  private static let axes = [
    "seed: [1, 2]", "rounds: [1, 2]", "framework: [sflam, fl, sl]", "deadline: [4 s, {value: 90 s, per: round}]",
    "policy: [exact, {name: ep, power: 0.5 W}, nq, rb]", "channel_estimate.error: [0, 0.1]",
    "deadline_margin: [0, 0.1]",
    "optimum: [still, clairvoyant]", "forecast.server: [none, mean]", "objective.kind: [ratio, difference]",
    "devices.count: [10, 20]", "devices.distance: ['{uniform: [100 m, 200 m]}', 4 km]",
    "devices.clock: [1 GHz, 1.2 GHz]",
    "devices.kappa: [1e-29, 2e-29]", "server.clock: [2 GHz, 3 GHz]", "server.accelerators: [1, 2]",
    "uplink.blocks: [4, 5]", "uplink.block_bandwidth: [10 MHz, 20 MHz]",
    "uplink.path_loss: [free-space, {model: 3gpp-macro}]", "uplink.fading: [rayleigh, '{nakagami: {m: 2}}']",
    "mobility: [static, '{random-waypoint: {radius: 300 m}}']", "downlink.model: [broadcast, unicast]",
    "quantizer.bits_min: [2, 4]", "quantizer.bits_max: [16, 32]", "quantizer.payload: [approximate, exact]",
    "model.name: [vit_base_patch32_224, vit_base_patch16_224]", "model.cut: [embedding, after-block-2]",
    "model.classes: [10, 100]", "training.batch: [16, 64]", "training.trainable: [all, head]",
    "training.optimizer.name: [sgd, adamw]", "aggregation.mode: [synchronous, quorum]", "band: [one-block, all]",
    "policies.ep.power: [0.2 W, 0.3 W]", "policies.bcd.max_iterations: [3, 4]",
  ]

  /// A sweep over some of the axes, its points, and each of them as one scenario with the same values laid over the file.
  private func compare(_ axes: [String], _ compared: inout Int) throws {
    let sweep = "sweep: {grid: {\(axes.joined(separator: ", ").replacing("'", with: ""))}}\n"
    // A combination that cannot be makes no sweep.
    let bytes = Array((Self.head + sweep).utf8)
    guard let reading = try? ScenarioReader.readSweep(bytes: bytes, file: "points.yaml") else { return }
    compared += reading.points.count
    let reader = reading.points.reader()
    for point in reading.points {
      let alone = try ScenarioReader.read(
        text: Self.head, file: "points.yaml",
        overrides: point.settings.map { try ScenarioOverride(setting: "\($0.path)=\($0.value)") }
      ).scenario
      #expect(point.scenario == alone, "\(point.name)")
      #expect(point.scenario.resolved == alone.resolved, "\(point.name)")
      #expect(identity(reader, point.scenario, at: point.index) == identity(of: alone), "\(point.name)")
      for path in point.settings.map(\.path) + ["devices.count", "uplink.blocks", "schema"] {
        #expect((point.scenario.places[path] == nil) == (alone.places[path] == nil), "\(point.name): \(path)")
      }
    }
    let isSelfContained = reading.points.allSatisfy { $0.scenario.inputFiles.isEmpty && $0.scenario.commands.isEmpty }
    for point in reading.points {
      var known: [UInt8] = []
      let isKnown = reader.withKnownIdentity(at: point.index) { known += $0 }
      #expect(isKnown == isSelfContained, "\(point.name)")
      if isKnown {
        let text = String(decoding: known, as: UTF8.self)
        #expect(text == identity(reader, point.scenario, at: point.index), "\(point.name)")
      }
    }
  }

  private func identity(_ reader: SweepPointReader, _ scenario: Scenario, at index: Int) -> String {
    var text: [UInt8] = []
    reader.withIdentity(of: scenario, at: index) { text += $0 }
    return String(decoding: text, as: UTF8.self)
  }

  private func identity(of scenario: Scenario) -> String {
    let point = SweepPoint(index: 0, settings: [], scenario: scenario)
    return identity(SweepPoints([point]).reader(), scenario, at: 0)
  }

  @Test("are the scenarios that their values make alone, whatever varies beside each other")
  func alone() throws {
    var compared = 0
    var word: UInt64 = 7
    for axis in Self.axes { try compare([axis], &compared) }
    for _ in 0..<40 {
      var chosen = Set<Int>()
      while chosen.count < 3 {
        word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        chosen.insert(Int(word >> 33) % Self.axes.count)
      }
      try compare(chosen.sorted().map { Self.axes[$0] }, &compared)
    }
    #expect(compared > 150)
  }

  @Test("are found by thousands, read by several threads, with the warnings and the first error of all")
  func many() throws {
    func read(_ sweep: String) throws -> SweepReading {
      try ScenarioReader.readSweep(bytes: Array((Self.head + sweep).utf8), file: "points.yaml")
    }
    let reading = try read(
      "sweep: {grid: {deadline: {range: {start: 1 s, stop: 2.1 s, step: 0.001 s}}, policy: [exact, rb]}, "
        + "where: deadline != 2 s}")
    #expect(reading.points.count == 2 * 1100)
    let reader = reading.points.reader()
    for index in [0, 1, 1023, 1024, 1999, 2000, 2001, 2199] {
      let point = reading.points[index]
      #expect(try reader.scenario(at: index) == point.scenario && point.index == index)
      #expect(point.name == reading.points.name(at: index) && point.settings == reading.points.settings(at: index))
      #expect(point.scenario.policy == (index % 2 == 0 ? "exact" : "rb"))
      let milliseconds = 1000 + index / 2 + (index / 2 >= 1000 ? 1 : 0)
      #expect(abs(point.scenario.deadline.value.value * 1000 - Double(milliseconds)) < 1e-6)
    }
    let warned = try read("sweep: {grid: {deadline: [1 s, 2 s, 3 s], devices.distance: [3 m]}}")
    #expect(warned.warnings.count { $0.message.contains("it extrapolates there") } == 1)
    #expect(throws: ScenarioErrors.self) {
      try read("sweep: {grid: {deadline: {range: {start: -1 s, stop: 1 s, step: 0.001 s}}, policy: [exact, nobody]}}")
    }
  }

  @Test("say when a file that one of them reads is gone")
  func gone() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/points.yaml"
    let gains = (0..<20).flatMap { device in (0..<5).map { "1,\(device),\($0),-90" } }.joined(separator: "\n")
    try Data("round,device,block,gain_db\n\(gains)\n".utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/gains.csv"))
    let sweep =
      "sweep: {grid: {uplink.gains: [gains.csv], deadline: {range: {start: 1 s, stop: 2.2 s, step: 0.001 s}}}}\n"
    try Data((Self.head + sweep).utf8).write(to: URL(fileURLWithPath: path))
    let reading = try ScenarioReader.readSweep(path: path)
    try FileManager.default.removeItem(atPath: "\(scratch.path)/gains.csv")
    #expect(try reading.points.reader().scenario(at: 0).gains != nil)
    #expect(throws: ScenarioErrors.self) { try reading.points.reader().scenario(at: 1150) }
    #expect(reading.points[1150].scenario.deadline.value.value > 2)
  }
}
