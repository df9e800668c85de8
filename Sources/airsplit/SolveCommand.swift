import Allocation
import ArgumentParser
import Units

/// `airsplit solve`.
struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Allocates blocks, powers and bits for given gains.",
    discussion: """
      INSTANCES is a .json file with one problem or a .jsonl file with one per line, as 'airsplit draw' writes them. JSON \
      answers are {"policies": {"exact": {...}, ...}}, one line per problem. Of several problems, the means of each policy \
      follow on standard error; the gap to the optimum is among them if 'exact' is one of the policies.

        airsplit solve instance.json --policy exact,bcd,ep,rb,nq
        airsplit solve instances.jsonl --policy bcd --set bcd.tolerance=1e-9
      """)

  @Argument(help: ArgumentHelp("Problems, .json or .jsonl.", valueName: "instances"))
  var path: String

  @Option(help: ArgumentHelp("Policies, commas between them; 'airsplit list policies' shows all.", valueName: "names"))
  var policy = "exact"

  @Option(
    name: .customLong("set"), help: ArgumentHelp("A policy's setting; may be repeated.", valueName: "policy.key=value"))
  var settings: [String] = []

  @Option(help: "How to print.")
  var format = OutputFormat.json

  func run() throws {
    let policies = try PolicySelection(names: policy, settings: settings)
    let instances = try Instance.read(path: path)
    var table = TextTable(
      (instances.count > 1 ? [.numbers("instance")] : []) + [
        .words("policy"), .numbers("objective"), .numbers("participants"), .numbers("energy_j"),
        .numbers("bits_mean"), .numbers("latency_max_s"),
      ])
    var totals = PolicyTotals()
    for (index, instance) in instances.enumerated() {
      let allocations: [(policy: String, allocation: Allocation)]
      do {
        allocations = try policies.allocations(for: instance)
      } catch let error as PolicyError {
        throw CommandError.badInput("\(path): instance \(index + 1): \(error)")
      }
      let optimum = allocations.first { $0.policy == "exact" }?.allocation.objective
      for (name, allocation) in allocations {
        let gap = optimum.flatMap { $0 > 0 ? 1 - allocation.objective / $0 : nil }
        totals.add(policy: name, objective: allocation.objective, gap: gap)
      }
      if format == .json {
        try StandardStreams.write(Answer.json(of: allocations) + "\n")
        continue
      }
      for (name, allocation) in allocations {
        let figures = [
          allocation.objective, Double(allocation.assignments.count), allocation.energy.value, allocation.bitsMean,
          allocation.latencyMax?.value,
        ]
        table.append((instances.count > 1 ? ["\(index + 1)"] : []) + [name] + figures.map(TextTable.cell))
      }
    }
    if format == .table { try StandardStreams.write(table.text) }
    if instances.count > 1 { StandardStreams.noteText("\n" + totals.text) }
  }
}
