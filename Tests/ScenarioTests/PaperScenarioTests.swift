import Allocation
import Foundation
import Randomness
@testable import Scenario
import Testing
import Training
import Units
import Wireless

@Suite("The paper's scenario")
struct PaperScenarioTests {
  private func paper() throws -> ScenarioReading {
    try ScenarioReader.read(path: repository.appendingPathComponent("scenarios/paper.yaml").path)
  }

  @Test("paper.yaml reads as the paper's values")
  func values() throws {
    let paper = try paper().scenario
    #expect(paper.name == "paper-cell")
    #expect(paper.seed == 20_250_412)
    #expect(paper.rounds == 100)
    #expect(paper.framework == .sflam)
    #expect(paper.policy == "bcd")
    #expect(paper.deadline == Scenario.Deadline(value: Seconds(5), per: .step))
    #expect(paper.objective == .ratio)
    #expect(paper.quantizer == Scenario.Quantizer(bitsMin: 4, bitsMax: 32, payload: .approximate))
    #expect(paper.model == ModelProfile.named("vit_base_patch32_224", classes: 10))
    #expect(paper.training == Scenario.TrainingPlan(recipe: TrainingRecipe(batch: 64, localEpochs: 10)))
    #expect(paper.band == .oneBlock)
    #expect(paper.policies["ep"]?.power("power") == Watts(1))
    #expect(paper.policies["nq"]?.integer("bits") == 32)
    #expect(paper.provenance["devices.distance"] == .paper)
    #expect(paper.provenance["uplink.fading"] == .assumed)
  }

  @Test("its fleet is one group of fifty")
  func fleet() throws {
    let groups = try paper().scenario.devices.groups
    let group = try #require(groups.first)
    #expect(groups.count == 1)
    #expect(group.count == 50)
    #expect(group.distance == .uniform(low: 50, high: 1000))
    #expect(group.clock == .uniform(low: 1e9, high: 1.5e9))
    #expect(group.cores == .choice([4, 5, 6]))
    #expect(group.flopsPerCycle == .constant(1))
    #expect(group.kappa == .constant(1e-29))
    #expect(group.powerMin == .constant(0.1))
    #expect(group.powerMax == .uniform(low: 0.5, high: 2))
    #expect(group.samples == .integer(low: 400, high: 500))
    #expect(group.circuitPower == .constant(0))
    #expect(group.amplifierEfficiency == .constant(1))
    #expect(group.clockLevels == 1)
  }

  @Test("its server and uplink are the paper's")
  func network() throws {
    let paper = try paper().scenario
    #expect(paper.server.clock == .constant(3e9))
    #expect(paper.server.cores == .integer(low: 2560, high: 5120))
    #expect(paper.server.flopsPerCycle == .choice([1, 2]))
    #expect(paper.server.sharing == .none)
    #expect(paper.server.power == nil)
    #expect(paper.uplink.blocks == 10)
    #expect(paper.uplink.blockBandwidth == Hertz(20e6))
    // -174 dBm/Hz over 20 MHz: 10^-20.4 W/Hz * 2e7 Hz.
    #expect(abs(paper.uplink.noise.value / 7.962143411069971e-14 - 1) < 1e-12)
    #expect(paper.uplink.noiseFigure == PowerRatio(1))
    #expect(paper.uplink.antennaGain == PowerRatio(1))
    #expect(paper.uplink.pathLoss == .macro3GPP)
    #expect(paper.uplink.shadowing == .zero)
    #expect(paper.uplink.fading == .rayleigh)
    #expect(paper.gains == nil)
  }

  @Test("the defaults are the paper's, but for the policy")
  func defaults() throws {
    let paper = try paper().scenario
    let plain = try scenario()
    #expect(plain.policy == "exact")
    #expect(plain.seed == paper.seed)
    #expect(plain.rounds == paper.rounds)
    #expect(plain.framework == paper.framework)
    #expect(plain.deadline == paper.deadline)
    #expect(plain.objective == paper.objective)
    #expect(plain.devices == paper.devices)
    #expect(plain.server == paper.server)
    #expect(plain.uplink == paper.uplink)
    #expect(plain.quantizer == paper.quantizer)
    #expect(plain.model == paper.model)
    #expect(plain.training == paper.training)
    #expect(plain.policies == paper.policies)
    #expect(plain.provenance.isEmpty)
  }
}
