/// Reads the combinations of a sweep's values, one after another on one thread. What does not depend on a value that differs is
/// taken over from those before.
final class CombinationReader {
  private let space: SweepSpace
  private let read = StepMemory()
  private let printing = StepMemory()
  /// The steps of printing, in order; empty before the first print.
  private var printedSteps: [ReadingStep] = []
  /// The tree with the values of no lane, of the first one, of the first two, and so on, and what was wrong with setting them.
  private var trees: [(tree: YAMLValue, errors: [ScenarioErrors])]
  /// The values that the trees have; fewer than there are lanes before the first combination.
  private var places: [Int] = []
  /// For each step the lanes on whose values it depends.
  private let lanes: [[Int]]

  init(_ space: SweepSpace) {
    self.space = space
    trees = [(space.root, [])]
    lanes = ReadingStep.allCases.map { step in
      space.lanes.indices.filter { lane in
        space.lanes[lane].axes.contains { $0.path.first.map(step.keys.contains) ?? false }
      }
    }
  }

  /// The scenario of a combination, and what is wrong with it.
  ///
  /// - Throws: `ScenarioErrors` where there is no scenario.
  func scenario(of combination: Int) throws -> (scenario: Scenario, log: DiagnosticLog) {
    let log = DiagnosticLog()
    let (tree, errors) = tree(of: combination)
    for error in errors { log.add(error) }
    let reading = Reading(source: space.file, overridden: space.overridden, log: log)
    reading.memory = read
    mark(read, combination)
    return (try ScenarioReader.scenario(of: tree, reading: reading).0, log)
  }

  /// What each step prints of the scenario of a combination.
  func printed(_ scenario: Scenario, of combination: Int) -> [(step: ReadingStep, text: PrintedStep)] {
    mark(printing, combination)
    printing.inputFiles = scenario.inputFiles
    printing.printed.removeAll(keepingCapacity: true)
    scenario.print(remembering: printing)
    printedSteps = printing.printed.map(\.step)
    return printing.printed
  }

  /// The same without the scenario of a combination, which names no file; `nil` where a step has not printed it before.
  func printedBefore(_ combination: Int) -> [(step: ReadingStep, text: PrintedStep)]? {
    guard !printedSteps.isEmpty else { return nil }
    mark(printing, combination)
    var printed: [(step: ReadingStep, text: PrintedStep)] = []
    printed.reserveCapacity(printedSteps.count)
    for step in printedSteps {
      guard let outcome = printing[step] else { return nil }
      printed.append((step, outcome.printed))
    }
    return printed
  }

  /// The scenario of a combination, every default written out, but for where values come from.
  func resolved(_ scenario: Scenario, of combination: Int) -> ResolvedNode {
    .map(printed(scenario, of: combination).flatMap(\.text.entries))
  }

  private func mark(_ memory: StepMemory, _ combination: Int) {
    let places = space.places(of: combination)
    for (step, lanes) in lanes.enumerated() {
      memory.marks[step] = lanes.reduce(0) { $0 * space.lanes[$1].length + places[$1] }
    }
  }

  private func tree(of combination: Int) -> (YAMLValue, [ScenarioErrors]) {
    let new = space.places(of: combination)
    let same = zip(places, new).prefix { $0 == $1 }.count
    trees.removeSubrange((same + 1)...)
    for lane in same..<space.lanes.count {
      var (tree, errors) = trees[lane]
      for axis in space.lanes[lane].axes {
        do {
          try ScenarioOverride.set(axis.path[...], to: axis.values[new[lane]], in: &tree, at: axis.position)
        } catch let error as ScenarioErrors { errors.append(error) } catch {}
      }
      trees.append((tree, errors))
    }
    places = new
    return trees[space.lanes.count]
  }
}
