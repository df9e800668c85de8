import Network
import Randomness
import Wireless

extension Scenario {
  /// Whether a device's memory is limited.
  public var limitsMemory: Bool { devices.groups.contains { $0.memory != nil } }

  /// Whether devices have adapters of ranks of their own.
  public var hasAdapterRanks: Bool { devices.groups.contains { $0.adapterRank != nil } }

  /// Who there is: groups of devices.
  public struct Population: Sendable, Hashable {
    /// Groups, in order; a flat `devices:` is one group, and so is a file, whose columns give one value per device.
    public var groups: [DeviceGroup]
    /// When they are there; `nil`: always.
    public var availability: Availability?
    /// What batteries they have; `nil`: energy never runs out.
    public var battery: BatteryLaw?
    /// How much longer computing takes than planned; `nil`: what is planned.
    public var jitter: Jitter?
    /// What their radios draw.
    public var radioEnergy = RadioEnergy.amplifier
    /// Whether it counts what a radio draws between two times on the air, where ``radioEnergy`` is the report's.
    public var countsSleep = false

    /// What radios draw while they are asleep; `nil` where that is not counted.
    public var radioSleep: RadioSleep? {
      guard countsSleep, case .tr38840(let unit) = radioEnergy else { return nil }
      return RadioSleep(unit: unit)
    }

    /// The file that the devices come from, if they do.
    var file: FleetFile?

    /// The file, where the devices are still as it has them.
    var fileInForce: FleetFile? {
      file.flatMap { groups.count == 1 && $0.devices(like: groups[0]) == groups[0] ? $0 : nil }
    }

    /// The population of `groups`, the paper's one unless said otherwise.
    public init(groups: [DeviceGroup] = [DeviceGroup()]) { self.groups = groups }

    /// Devices N.
    public var count: Int { groups.reduce(0) { $0 + $1.count } }

    /// The name of each device, where a file names them.
    public var names: [String]? { groups.count == 1 ? groups[0].deviceNames : nil }
  }

  /// Devices of one kind.
  public struct DeviceGroup: Sendable, Hashable {
    /// What it is called, if anything.
    public var name: String?
    /// What each device is called, where a file says so.
    public var deviceNames: [String]?
    /// How many.
    public var count: Int
    /// Metres to the base station; `nil` where it is not known, and gains come from a file.
    public var distance: Distribution?
    /// GPU clock in hertz.
    public var clock: Distribution
    /// GPU cores.
    public var cores: Distribution
    /// FLOP per cycle and core.
    public var flopsPerCycle: Distribution
    /// Power coefficient in W/Hz³.
    public var kappa: Distribution
    /// Least transmit power in watts.
    public var powerMin: Distribution
    /// Largest transmit power in watts.
    public var powerMax: Distribution
    /// Local samples.
    public var samples: Distribution
    /// Circuit power in watts.
    public var circuitPower: Distribution
    /// Amplifier efficiency in (0, 1].
    public var amplifierEfficiency: Distribution
    /// Circuit power in watts while it receives.
    public var receivePower: Distribution
    /// Bits of memory for a device's part of the model and that part's training; `nil` where nothing limits it.
    public var memory: Distribution?
    /// Rank of the adapters that stand on a device; `nil`: that of all adapters.
    public var adapterRank: Distribution?
    /// Clocks a device may choose from, as levels of its own clock; 1 where the clock is fixed.
    public var clockLevels: Int

    /// A group; distance, power and cores are the paper's, the rest is chosen for it, unless said otherwise.
    public init(
      name: String? = nil, count: Int = 50, distance: Distribution? = .uniform(low: 50, high: 1000),
      clock: Distribution = .uniform(low: 1e9, high: 1.5e9), cores: Distribution = .choice([4, 5, 6]),
      flopsPerCycle: Distribution = .constant(1), kappa: Distribution = .constant(1e-29),
      powerMin: Distribution = .constant(0.1), powerMax: Distribution = .uniform(low: 0.5, high: 2),
      samples: Distribution = .integer(low: 400, high: 500), circuitPower: Distribution = .constant(0),
      amplifierEfficiency: Distribution = .constant(1), receivePower: Distribution = .constant(0), clockLevels: Int = 1
    ) {
      self.name = name
      self.count = count
      self.distance = distance
      self.clock = clock
      self.cores = cores
      self.flopsPerCycle = flopsPerCycle
      self.kappa = kappa
      self.powerMin = powerMin
      self.powerMax = powerMax
      self.samples = samples
      self.circuitPower = circuitPower
      self.amplifierEfficiency = amplifierEfficiency
      self.receivePower = receivePower
      self.clockLevels = clockLevels
    }
  }
}
