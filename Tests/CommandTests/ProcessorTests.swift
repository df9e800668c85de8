import Foundation
import Testing

/// What a processor without fused multiply-adds and wide vectors would write, by masks of glibc's choice among variants of
/// its functions; elsewhere the masks do nothing.
@Suite("Bytes on another processor")
struct ProcessorTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  private static let paper = root.appending(path: "scenarios/paper.yaml").path
  private static let golden = root.appending(path: "Tests/GoldenTests/Golden/golden.yaml").path
  /// The features' names since glibc 2.33 and before.
  static let lesser = [
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable"
  ]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Standard output here and on the lesser processor.
  private func outputs(_ arguments: [String]) throws -> (here: String, there: String) {
    let here = try Tool.run(arguments, in: folder)
    let there = try Tool.run(arguments, in: folder, environment: Self.lesser)
    #expect(here.status == 0 && there.status == 0, "\(here.errors)")
    return (here.output, there.output)
  }

  @Test(
    "are the same for 300 draws",
    arguments: [
      [], ["uplink.fading={nakagami: {m: 0.5}}"], ["uplink.fading={nakagami: {m: 3}}"],
      ["uplink.fading={rician: {k: 6 dB}}", "uplink.path_loss.model=free-space"],
      ["uplink.path_loss.model=uma", "uplink.shadowing=8 dB"],
      ["uplink.path_loss={model: umi}", "devices.power_max={lognormal: {median: 1 W, sigma: 0.3}}"],
      ["devices.clock={exponential: 1 GHz}", "devices.kappa={normal: {mean: 1.0e-29, sd: 1.0e-30}}"],
    ])
  func draws(settings: [String]) throws {
    let (here, there) = try outputs(["draw", Self.paper, "--count", "300"] + settings.flatMap { ["--set", $0] })
    let pairs = zip(here.split(separator: "\n"), there.split(separator: "\n"))
    #expect(here.split(separator: "\n").count == 300 && pairs.count { $0 != $1 } == 0 && here == there)
  }

  @Test(
    "are the same for whole runs",
    arguments: ["sflam", "sfl", "sl", "fl", "ll", "cl"].map { ["framework=\($0)"] }
      + ["bcd", "bcd-value", "ep", "nq", "rb", "restricted", "max-rate", "fedcs", "virtual-queue"].map {
        ["policy=\($0)"]
      } + [
        ["objective={kind: difference, weight: 2 J}"], ["quantizer.payload=exact"], ["channel_estimate.error=0.3"],
        ["devices.circuit_power=0.1 W", "devices.amplifier_efficiency=0.4", "deadline=8 s"],
        ["devices.clock={uniform: [1 GHz, 2 GHz], optimise: true}"],
        [
          "training.dataset={name: synthetic, train_limit: 1000}",
          "training.partition={kind: dirichlet, alpha: 0.3}",
          "devices={count: 8, distance: {uniform: [50 m, 1000 m]}, power_max: {uniform: [0.5 W, 2 W]}}",
        ],
      ])
  func runs(settings: [String]) throws {
    let arguments =
      ["run", Self.golden, "--quiet", "--set", "server.power=250 W", "--trace", "rounds,devices,events,bcd"]
      + settings.flatMap { ["--set", $0] }
    for (out, environment) in [("here", [:]), ("there", Self.lesser)] {
      let outcome = try Tool.run(arguments + ["--out", out], in: folder, environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    for name in try folder.files("here") where name != "timing.csv" {
      #expect(try folder.data("here/\(name)") == folder.data("there/\(name)"), "\(settings): \(name)")
    }
  }

  @Test("are the same for what is estimated from many draws: means, intervals, probabilities")
  func statistics() throws {
    let (here, there) = try outputs([
      "compare", Self.paper, "--set", "rounds=1", "--set", "devices.count=12", "--repetitions", "20", "--format",
      "json",
    ])
    #expect(here == there && here.contains("\"p\""))
  }
}
