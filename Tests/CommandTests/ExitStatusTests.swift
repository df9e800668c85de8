import Foundation
import Testing

@Suite("Exit codes alike in every command")
struct ExitStatusTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder.withSmallScenario()
    try folder.write(TrainingTests.scenario, to: "tiny.yaml")
  }

  private func end(_ command: String, _ settings: String...) throws -> (status: Int32, errors: String) {
    let arguments = command.split(separator: " ").map(String.init) + settings.flatMap { ["--set", $0] }
    let outcome = try Tool.run(arguments, in: folder)
    return (outcome.status, outcome.errors)
  }

  private static let commands = [
    "validate small.yaml", "run small.yaml --out r --quiet",
    "compare small.yaml --policies fixed-bits --repetitions 2",
  ]

  @Test("bits that a framework does not send are refused by all, with their place", arguments: commands)
  func bits(command: String) throws {
    try folder.append("policy: fixed-bits\npolicies:\n  fixed-bits: {bits: 4}\n", to: "small.yaml")
    let (status, errors) = try end(command, "framework=sl")
    #expect(status == 2, "\(errors)")
    #expect(
      errors.contains("small.yaml:20:22: error: policies.fixed-bits.bits: policy fixed-bits takes 4 bits"), "\(errors)")
    #expect(try end(command, "framework=sl", "policies.fixed-bits.bits=32").status != 2)
  }

  @Test("powers that no draw can have are bad input for all, with the place of the key", arguments: commands)
  func powers(command: String) throws {
    let (status, errors) = try end(command, "devices.power_max={uniform: [0.01 W, 1 W]}")
    #expect(status == 2, "\(errors)")
    #expect(errors.contains("small.yaml:11:14: devices.power_min: device "), "\(errors)")
  }

  @Test(
    "a round beyond the end of simulated time is a failed run, with events and in closed form", arguments: ["cl", "sl"])
  func endOfTime(framework: String) throws {
    let settings = [
      "framework=\(framework)", "rounds=1", "uplink.outage={rate: 0 bit/s}", "uplink.noise_figure=100 dB",
    ]
    for command in ["run small.yaml --policy fixed --out r", "compare small.yaml --policies fixed,rb --repetitions 2"] {
      let arguments = command.split(separator: " ").map(String.init) + settings.flatMap { ["--set", $0] }
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 1 && outcome.output == "", "\(outcome.errors)")
      #expect(outcome.errors.contains("round 1: device 7: uplink takes "), "\(outcome.errors)")
    }
  }

  @Test("a loss that is no number is a failure of evaluate")
  func loss() throws {
    #expect(try end("pretrain tiny.yaml --out w.safetensors --quiet").status == 0)
    var weights = try folder.data("w.safetensors")
    // The last normalisation's weights, as large as a float can be.
    let length = weights.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let header = try object(String(decoding: weights[8..<8 + length], as: UTF8.self))
    let tensor = try #require(header["norm.weight"] as? [String: Any])
    let place = try #require(tensor["data_offsets"] as? [Int]).map { 8 + length + $0 }
    let largest: [UInt8] = [0xFF, 0xFF, 0x7F, 0x7F]
    weights.replaceSubrange(
      place[0]..<place[1], with: Array(repeating: largest, count: (place[1] - place[0]) / 4).joined())
    try weights.write(to: folder.url.appendingPathComponent("w.safetensors"))
    let (status, errors) = try end("evaluate tiny.yaml --weights w.safetensors")
    #expect(status == 1 && errors.contains("w.safetensors: the loss on the test images is no finite"), "\(errors)")
  }

  @Test("more images than there are, are named by their key and place")
  func images() throws {
    let (status, errors) = try end("run tiny.yaml --out r --quiet", "training.dataset.train_limit=99999999")
    #expect(status == 2 && errors.contains("training.dataset.train_limit: train_limit is 99999999"), "\(errors)")
  }
}
