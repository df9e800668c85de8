import Allocation
import Scenario
import Simulation
import Statistics
import Units

/// What the passes of a descent reached, draw by draw, at the deadlines of Fig. 4a-c.
///
/// A draw that has settled stays as it is: a later pass of it is its last.
package struct PassTable: Sendable {
  /// A deadline with the passes of every draw.
  package struct Row: Sendable {
    /// The study's name of the deadline, `5 s`.
    package var deadline: String
    /// The deadline in force, in seconds.
    package var seconds: Double
    /// The passes of each draw, at least one.
    package var draws: [[Allocation.Iteration]]

    /// A deadline.
    package init(deadline: String, seconds: Double, draws: [[Allocation.Iteration]]) {
      self.deadline = deadline
      self.seconds = seconds
      self.draws = draws
    }

    /// Passes of the draw that took most.
    package var longest: Int { draws.map(\.count).max() ?? 0 }

    /// A figure after a pass, from 0, draw by draw; the last pass where `pass` is `nil`.
    package func series(
      pass: Int?, _ figure: (Allocation.Iteration) -> Double, per count: ((Allocation.Iteration) -> Double)? = nil
    ) -> DrawSeries {
      let passes = draws.map { draw in pass.map { draw[min($0, draw.count - 1)] } ?? draw[draw.count - 1] }
      return DrawSeries(passes.map(figure), per: count.map { passes.map($0) })
    }
  }

  /// The deadlines, in the study's order.
  package var rows: [Row]
  /// Most passes that the descent may take.
  package var limit: Int

  /// A table.
  package init(rows: [Row], limit: Int) {
    self.rows = rows
    self.limit = limit
  }

  /// Descends at every point of `study`.
  ///
  /// - Throws: ``ReproductionError`` where a point's policy does not iterate, `SimulationError`.
  package init(_ study: Study) throws {
    rows = try study.points.map { point in
      let policy = try ResolvedPolicy(point.scenario).policy
      let draws = try (0..<study.repetitions).map { repetition in
        let world = try World(point.scenario, repetition: UInt32(clamping: repetition))
        let allocation = try policy.allocate(
          world.problem(round: 1, for: policy), in: RoundContext(round: 1, seed: world.seed))
        guard !allocation.iterations.isEmpty else {
          throw ReproductionError("\(study.path), \(point.name): the policy has no passes")
        }
        return allocation.iterations
      }
      return Row(
        deadline: point.settings.first { $0.path == "deadline" }?.label ?? point.name,
        seconds: point.scenario.deadline.value.value, draws: draws)
    }
    limit = study.points.compactMap { $0.scenario.settings(of: "bcd")?.integer("max_iterations") }.max() ?? 0
  }
}
