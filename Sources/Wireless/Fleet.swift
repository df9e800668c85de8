import Units

/// All devices of a run, a column an attribute: about 100 bytes a device, so that a million of them fit where they should.
///
/// Read whole devices by index or in a loop; read ``distance`` and its like where one attribute of all is wanted.
public struct Fleet: Sendable, Hashable {
  /// Distance of each device to the base station, where it is known.
  public private(set) var distance: [Meters?] = []
  /// GPU clock f_n of each device.
  public private(set) var clock: [Hertz] = []
  /// GPU cores C_n of each device.
  public private(set) var cores: [Double] = []
  /// FLOP per cycle and core D_n^F of each device.
  public private(set) var flopsPerCycle: [Double] = []
  /// Power coefficient kappa_n of each device.
  public private(set) var kappa: [WattsPerCubicHertz] = []
  /// p_min,n of each device.
  public private(set) var powerMin: [Watts] = []
  /// p_max,n of each device.
  public private(set) var powerMax: [Watts] = []
  /// Local samples D_n of each device.
  public private(set) var samples: [Int] = []
  /// Circuit power of each device.
  public private(set) var circuitPower: [Watts] = []
  /// Amplifier efficiency of each device.
  public private(set) var amplifierEfficiency: [Double] = []
  /// Receive power of each device.
  public private(set) var receivePower: [Watts] = []
  /// Memory of each device.
  public private(set) var memory: [Bits] = []
  /// Rank of the adapters on each device, where it has one of its own.
  public private(set) var adapterRank: [Int?] = []
  /// Samples of all devices.
  public private(set) var totalSamples = 0.0

  /// No devices yet, with room for `capacity`.
  public init(capacity: Int = 0) {
    distance.reserveCapacity(capacity)
    clock.reserveCapacity(capacity)
    cores.reserveCapacity(capacity)
    flopsPerCycle.reserveCapacity(capacity)
    kappa.reserveCapacity(capacity)
    powerMin.reserveCapacity(capacity)
    powerMax.reserveCapacity(capacity)
    samples.reserveCapacity(capacity)
    circuitPower.reserveCapacity(capacity)
    amplifierEfficiency.reserveCapacity(capacity)
    receivePower.reserveCapacity(capacity)
    memory.reserveCapacity(capacity)
    adapterRank.reserveCapacity(capacity)
  }

  /// The devices in order.
  public init(_ devices: some Sequence<Device>) {
    self.init(capacity: devices.underestimatedCount)
    for device in devices { append(device) }
  }

  /// Adds a device after the last.
  public mutating func append(_ device: Device) {
    distance.append(device.distance)
    clock.append(device.clock)
    cores.append(device.cores)
    flopsPerCycle.append(device.flopsPerCycle)
    kappa.append(device.kappa)
    powerMin.append(device.powerMin)
    powerMax.append(device.powerMax)
    samples.append(device.samples)
    circuitPower.append(device.circuitPower)
    amplifierEfficiency.append(device.amplifierEfficiency)
    receivePower.append(device.receivePower)
    memory.append(device.memory)
    adapterRank.append(device.adapterRank)
    totalSamples += Double(device.samples)
  }

  /// rho_n = D_n / sum of all devices' samples, Eq. (1); 0 where nobody has any.
  public func dataShare(_ index: Int) -> Double {
    totalSamples > 0 ? Double(samples[index]) / totalSamples : 0
  }
}

extension Fleet: RandomAccessCollection {
  /// The first device's index.
  public var startIndex: Int { 0 }
  /// Devices N.
  public var endIndex: Int { distance.count }

  /// The device n.
  public subscript(index: Int) -> Device {
    Device(
      distance: distance[index], clock: clock[index], cores: cores[index], flopsPerCycle: flopsPerCycle[index],
      kappa: kappa[index], powerMin: powerMin[index], powerMax: powerMax[index], samples: samples[index],
      circuitPower: circuitPower[index], amplifierEfficiency: amplifierEfficiency[index],
      receivePower: receivePower[index], memory: memory[index],
      adapterRank: adapterRank[index])
  }
}
