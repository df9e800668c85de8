import Scenario
import Simulation
import Testing
import Units
import Wireless

@Suite("What airsplit channel looks through")
struct ChannelViewTests {
  private static let text = """
    schema: 1
    name: heard
    devices: {count: 4, distance: {uniform: [50 m, 300 m]}, power_max: {uniform: [0.5 W, 2 W]}}
    server: {}
    uplink: {blocks: 2, fading: {rayleigh: {doppler: 5 Hz}}, interference: {cells: 2, distance: 300 m, load: 0.7}}
    model: {name: vit_base_patch32_224, classes: 10}
    """

  @Test("the ratio is h p / (N0 + I), with the device's largest power and what the run hears at the instant")
  func ratio() throws {
    let world = try World(ScenarioReader.read(text: Self.text, file: "heard.yaml").scenario)
    let view = ChannelView(world)
    let heard = try #require(world.interference)
    for (device, time) in [(0, 0.0), (1, 0.4), (3, 7.25)] {
      for sample in view.samples(device: device, blocks: [0, 1], at: Seconds(time)) {
        // -174 dBm/Hz over 20 MHz.
        let noise = 7.962143411069971e-14 + heard.power(block: sample.block, at: Seconds(time)).power.value
        let ratio = sample.gain * world.fleet.powerMax[device].value / noise
        #expect(abs(try #require(sample.interferedRatio) / ratio - 1) < 1e-9)
      }
    }
  }

  @Test("drawn from the scenario alone it is that of the world, with the devices of the same repetition")
  func drawnAlone() throws {
    let scenario = try ScenarioReader.read(text: Self.text, file: "heard.yaml").scenario
    for repetition in [UInt32(0), 5] {
      let (whole, alone) = (
        ChannelView(try World(scenario, repetition: repetition)),
        try ChannelView(drawing: scenario, repetition: repetition)
      )
      for device in 0..<4 {
        let time = Seconds(Double(device) * 0.7)
        #expect(
          whole.samples(device: device, blocks: [0, 1], at: time)
            == alone.samples(device: device, blocks: [0, 1], at: time))
      }
    }
  }
}
