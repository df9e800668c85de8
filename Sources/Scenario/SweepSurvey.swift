import Foundation
import Synchronization
import Units

/// The combinations of a sweep that are its points, found when all were read.
final class SweepSurvey: Sendable {
  let space: SweepSpace
  /// The scenario before anything varies.
  let base: Scenario
  /// The scenarios of the first points.
  let first: [Scenario]
  /// The first point whose scenario starts a program, and the first whose scenario trains.
  let firstWithProgram: Int?
  let firstThatTrains: Int?
  /// Whether no point's scenario names a file or starts a program.
  let areAllSelfContained: Bool
  /// The combinations that are points; `nil`: all.
  private let chosen: [Int32]?
  /// Reads what is asked for now and then.
  private let reader: Mutex<CombinationReader>

  /// Reads all combinations; what is wrong with any of them is in `log`, each once.
  ///
  /// - Throws: `ScenarioErrors` where a condition cannot be judged, or weights are asked for where nothing trains.
  init(_ sweep: SweepSection, in space: SweepSpace, base: Scenario, log: DiagnosticLog) throws {
    var reported = Set(log.sorted(mainSource: space.file))
    var (count, chosen, first): (Int, [Int32], [Scenario]) = (0, [], [])
    var (withProgram, training): (Int?, Int?)
    var namesFile = false
    for part in Self.read(sweep, in: space) {
      for diagnostic in part.diagnostics where reported.insert(diagnostic).inserted {
        log.add(ScenarioErrors([diagnostic]))
      }
      if let error = part.error { throw error }
      if first.count == count { first += part.first }
      withProgram = withProgram ?? part.firstWithProgram.map { $0 + count }
      training = training ?? part.firstThatTrains.map { $0 + count }
      namesFile = namesFile || part.namesFile
      chosen += part.chosen
      count += part.count
    }
    self.space = space
    self.base = base
    self.chosen = sweep.condition == nil ? nil : chosen
    self.first = Array(first.prefix(SweepPoints.mostKept))
    (firstWithProgram, firstThatTrains) = (withProgram, training)
    areAllSelfContained = withProgram == nil && !namesFile
    reader = Mutex(CombinationReader(space))
  }

  /// Points.
  var count: Int { chosen?.count ?? space.count }

  /// The combination that a point is.
  func combination(at index: Int) -> Int { chosen.map { Int($0[index]) } ?? index }

  /// The scenario of a point; what a file gives that cannot be read any more is left out.
  func scenario(at index: Int) -> Scenario {
    if index < first.count { return first[index] }
    return reader.withLock { (try? $0.scenario(of: combination(at: index)).scenario) ?? base }
  }

  // MARK: - Reading

  /// What a run of combinations came to.
  private struct Part: Sendable {
    var count = 0
    var chosen: [Int32] = []
    var first: [Scenario] = []
    var firstWithProgram: Int?
    var firstThatTrains: Int?
    var namesFile = false
    var diagnostics: [Diagnostic] = []
    var error: (any Error)?
  }

  /// Combinations from which on several threads share them.
  private static let many = 2000

  private static func read(_ sweep: SweepSection, in space: SweepSpace) -> [Part] {
    let count = space.count
    let workers = count < many ? 1 : ProcessInfo.processInfo.activeProcessorCount
    let position = (sweep.condition, sweep.position, sweep.weightsPosition)
    return (0..<count).concurrentShares(of: workers) { read($0, position, in: space) }
  }

  private static func read(
    _ combinations: Range<Int>,
    _ sweep: (condition: SweepCondition?, position: Diagnostic.Position, weights: Diagnostic.Position?),
    in space: SweepSpace
  ) -> Part {
    var part = Part()
    var reported: Set<Diagnostic> = []
    let reader = CombinationReader(space)
    do {
      for combination in combinations {
        let (scenario, log) = try reader.scenario(of: combination)
        for diagnostic in log.sorted(mainSource: space.file) where reported.insert(diagnostic).inserted {
          part.diagnostics.append(diagnostic)
        }
        guard !log.hasErrors else { continue }
        do {
          guard try sweep.condition?.holds(in: reader.resolved(scenario, of: combination)) != false else { continue }
        } catch {
          throw ScenarioErrors(at: sweep.position, path: "sweep.where", "\(error)")
        }
        let trains = scenario.training.trainer != .none
        if let position = sweep.weights, !trains {
          throw ScenarioErrors(
            at: position, path: "sweep.weights",
            "\(space.lanes.isEmpty ? "the scenario" : "a point of the sweep") trains nothing, since its training.trainer is "
              + "'none'; leave out weights, or name a trainer")
        }
        if sweep.condition != nil { part.chosen.append(Int32(combination)) }
        if part.first.count < SweepPoints.mostKept { part.first.append(scenario) }
        if part.firstWithProgram == nil, !scenario.commands.isEmpty { part.firstWithProgram = part.count }
        if part.firstThatTrains == nil, trains { part.firstThatTrains = part.count }
        part.namesFile = part.namesFile || !scenario.inputFiles.isEmpty
        part.count += 1
      }
    } catch {
      part.error = error
    }
    return part
  }
}
