import Foundation
import Randomness
import TestSupport
import Testing

@testable import Scenario

@Suite("What a fleet's file may leave out and add")
struct FleetFileTests {
  private let folder: Scratch

  init() throws {
    folder = try Scratch()
    try folder.write(
      Array("clock_hz,cores,samples,name\n1.2e9,5,450,roof\n1.3e9,6,460,\"cellar, left\"\n".utf8), to: "fleet.csv")
    try folder.write(
      Array("round,device,block,gain_db\n1,0,0,-90\n1,0,1,-91\n1,1,0,-92\n1,1,1,-93\n".utf8), to: "gains.csv")
  }

  private func read(devices: String, uplink: String = "{blocks: 2}") throws -> ScenarioReading {
    let text = minimal.replacing("devices: {}", with: "devices: \(devices)").replacing(
      "uplink: {}", with: "uplink: \(uplink)")
    return try ScenarioReader.read(text: text, file: "\(folder.path)/s.yaml")
  }

  private func group(devices: String, uplink: String = "{blocks: 2}") throws -> Scenario.DeviceGroup {
    try #require(try read(devices: devices, uplink: uplink).scenario.devices.groups.first)
  }

  private func error(devices: String, uplink: String = "{blocks: 2}") -> String {
    do {
      _ = try read(devices: devices, uplink: uplink)
      return "reads"
    } catch {
      return "\(error)"
    }
  }

  @Test("a column that is missing is as the scenario says, or by default")
  func optional() throws {
    let group = try group(devices: "{file: fleet.csv, power_max: 1 W, kappa: {each: [1e-29, 2e-29]}}")
    #expect(group.count == 2)
    #expect(
      group.clock == .each([1.2e9, 1.3e9]) && group.cores == .each([5, 6]) && group.samples == .each([450, 460]))
    #expect(group.powerMax == .constant(1) && group.kappa == .each([1e-29, 2e-29]))
    #expect(group.powerMin == .constant(0.1) && group.distance == .uniform(low: 50, high: 1000))
  }

  @Test("a key that the file has a column for is an error, and so is one that says which devices there are")
  func twice() {
    #expect(
      error(devices: "{file: fleet.csv, cores: 4}").hasSuffix(
        "s.yaml:3:35: error: devices.cores: the file has a column for this; leave the key or the column out"))
    #expect(error(devices: "{file: fleet.csv, clock: 1 GHz}").contains("devices.clock: the file has a column for this"))
    #expect(error(devices: "{file: fleet.csv, count: 2}").contains("devices.count: this key does not go with 'file'"))
    #expect(error(devices: "{file: fleet.csv, coers: 2}").contains("did you mean 'cores'?"))
    #expect(error(devices: "{file: fleet.csv, kappa: {each: [1e-29]}}").contains("1 value for 2 devices"))
  }

  @Test("devices have names, each its own")
  func names() throws {
    #expect(try group(devices: "{file: fleet.csv}").deviceNames == ["roof", "cellar, left"])
    try folder.write(Array("name,cores\na,4\n,5\na,6\n".utf8), to: "twice.csv")
    let message = error(devices: "{file: twice.csv}")
    #expect(message.contains("twice.csv:3:1: error: name: a device without a name"))
    #expect(message.contains("twice.csv:4:1: error: name: two devices are called 'a'"))
  }

  @Test("no distance is made up where gains come from a file")
  func distances() throws {
    let measured = "{blocks: 2, gains: gains.csv}"
    #expect(try group(devices: "{file: fleet.csv}", uplink: measured).distance == nil)
    #expect(try group(devices: "{count: 2}", uplink: measured).distance == nil)
    #expect(try group(devices: "{groups: [{count: 2}]}", uplink: measured).distance == nil)
    #expect(try group(devices: "{count: 2, distance: 80 m}", uplink: measured).distance == .constant(80))
    #expect(try group(devices: "{distance: 80 m, groups: [{count: 2}]}", uplink: measured).distance == .constant(80))
    #expect(try group(devices: "{count: 2}", uplink: "{blocks: 2, gains: null}").distance != nil)
    #expect(error(devices: "{count: 2, distance: null}").contains("devices.distance"))
    try folder.write(Array("distance_m\n80\n240\n".utf8), to: "near.csv")
    #expect(try group(devices: "{file: near.csv}", uplink: measured).distance == .each([80, 240]))
  }

  @Test("the resolved scenario reads back as the same")
  func resolved() throws {
    try folder.write(Array("distance_m\n80\n240\n".utf8), to: "near.csv")
    for uplink in ["{blocks: 2}", "{blocks: 2, gains: gains.csv}"] {
      for devices in [
        "{file: fleet.csv, power_max: 1 W}", "{file: near.csv}", "{count: 2}", "{groups: [{count: 1}, {count: 1}]}",
      ] {
        let first = try read(devices: devices, uplink: uplink)
        let again = try ScenarioReader.read(text: first.resolved.yaml, file: "/elsewhere/s.yaml")
        #expect(again.scenario.devices == first.scenario.devices, "\(devices) \(uplink)")
        #expect(again.resolved == first.resolved)
      }
    }
  }
}
