// Runs a scenario under a policy of one's own and under the optimum, on the same draws:
//   swift run --package-path Examples own-policy scenarios/quickstart.yaml
import Allocation
import Foundation
import Scenario
import Simulation

guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: own-policy SCENARIO\n".utf8))
  exit(2)
}
let scenario = try ScenarioReader.read(path: CommandLine.arguments[1]).scenario
let policies: [(name: String, policy: any Policy)] = [("weakest first", WeakestFirst()), ("exact", ExactPolicy())]
for (name, policy) in policies {
  var run = try Run(World(scenario), policy: policy)
  while try run.nextRound() != nil {}
  let summary = run.summary
  print(
    "\(name): mean U \(summary.objectiveMean ?? 0), never selected \((summary.neverSelectedShare * 100).rounded()) %")
}
