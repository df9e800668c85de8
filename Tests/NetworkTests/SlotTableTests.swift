import Testing

@testable import Network

@Suite("The table of devices' places")
struct SlotTableTests {
  @Test(
    "finds each device and no other",
    arguments: [
      [], [0], [4_294_967_295], Array(0..<1_000), Array(stride(from: 3, to: 4_294_967_295, by: 4_294_967)),
      // Devices that all begin their search near one place, were their lower bits the hash.
      (1...200).map { $0 << 20 },
    ])
  func finds(devices: [Int]) {
    let table = SlotTable(devices)
    #expect(devices.map { table.slot(of: $0) } == Array(devices.indices))
    for device in devices.flatMap({ [$0 - 1, $0 + 1] }) where device >= 0 && !devices.contains(device) {
      #expect(table.slot(of: device) == nil, "\(device)")
    }
    #expect(table.slot(of: 7_777) == devices.firstIndex(of: 7_777))
  }
}
