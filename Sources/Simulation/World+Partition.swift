import Datasets
import Randomness
import Scenario
import Trace
import Wireless

/// Who holds what of a run's training data.
public struct DataHoldings: Sendable, Hashable {
  /// The devices' samples.
  public var partition: Partition
  /// For each device, how many of its samples are of each class.
  public var classCounts: [[Int]]

  /// The table of `partition.csv`.
  public var table: PartitionTable { PartitionTable(counts: classCounts) }

  /// Deals the scenario's training samples out; `nil` where it has no data set. Who trains does not matter: without a
  /// trainer, too, D_n is what the partition gives.
  ///
  /// - Parameter drawn: `devices.samples` of each device, which the partition follows where the scenario says so.
  /// - Throws: `DatasetError` where the data cannot be had, ``SimulationError`` where it does not suffice.
  init?(_ scenario: Scenario, drawn: [Int], seed: Seed) throws {
    guard let plan = scenario.training.dataset else { return nil }
    let labels: [UInt8]
    do {
      labels = try plan.loadLabels(seed: seed)
    } catch {
      guard let key = error.key else { throw error }
      throw SimulationError(scenario, at: "training.dataset.\(key)", error.description)
    }
    do {
      partition = try scenario.training.partition.assign(
        labels: labels, classes: plan.classCount, devices: drawn.count,
        sizes: scenario.training.takesDeviceSamples ? drawn : nil, seed: seed)
    } catch {
      throw SimulationError(scenario, at: "training.partition", "\(error)")
    }
    classCounts = partition.counts(labels: labels, classes: plan.classCount)
  }
}

extension World {
  /// The devices' samples; `nil` where the scenario has no data set.
  public var partition: Partition? { holdings?.partition }
}

extension Fleet {
  /// The same devices with as many samples as `holdings` says.
  init(_ fleet: Fleet, holding holdings: DataHoldings) {
    self.init(
      zip(fleet, holdings.partition.sizes).map { device, samples in
        var device = device
        device.samples = samples
        return device
      })
  }
}
