// A scenario without a file: the paper's cell, smaller and with a server that can be busy, under three deadlines; and the file
// that it would be.
//   swift run --package-path Examples own-scenario
import Network
import Randomness
import Scenario
import Simulation
import Units
import Wireless

var cell = Scenario(name: "cell", rounds: 20)
cell.devices.groups = [
  .init(name: "near", count: 10, distance: .uniform(low: 50, high: 200)),
  .init(name: "far", count: 10, clock: .constant(2e9)),
]
cell.uplink.blocks = 5
cell.server.accelerators = Accelerators(count: 2)
try cell.check()

for deadline in [4.0, 5, 6] {
  cell.deadline.value = Seconds(deadline)
  var run = try Run(World(cell), policy: ResolvedPolicy(cell).policy)
  while try run.nextRound() != nil {}
  let summary = run.summary
  print(
    "\(cell.deadline.value): \(summary.devicesCompletedMean) devices complete a round, mean U \(summary.objectiveMean ?? 0)"
  )
}
print(cell.resolved.yaml)
