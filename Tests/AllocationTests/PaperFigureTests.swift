import Randomness
import Testing
import Units

@testable import Allocation

/// Means over draws of the paper's default size, as the reference implementation has them over 200 draws of its own.
@Suite("The paper's default size")
struct PaperFigureTests {
  @Test("at 5 s the optimum is near 7.17 and BCD loses about 6 % of it, most of which matching by value wins back")
  func gap() throws {
    let context = RoundContext(round: 1, seed: Seed(1))
    var optima: [Double] = []
    var (energyGap, valueGap) = (0.0, 0.0)
    let draws = 40
    for seed in 0..<draws {
      let problem = RandomProblem(devices: 50, blocks: 10, seed: seed).problem
      let optimum = ExactPolicy().allocate(problem, in: context).objective
      optima.append(optimum)
      energyGap += 1 - (try BCDPolicy(power: .closedForm).allocate(problem, in: context).objective) / optimum
      valueGap +=
        1 - (try BCDPolicy(power: .closedForm, matching: .value).allocate(problem, in: context).objective) / optimum
    }
    let mean = optima.reduce(0, +) / Double(draws)
    let variance = optima.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
    let error = (variance / Double(draws)).squareRoot()
    #expect(abs(mean - 7.17) <= 4 * error, "\(mean) ± \(error)")
    #expect((0.035...0.085).contains(energyGap / Double(draws)))
    #expect((0...0.02).contains(valueGap / Double(draws)))
  }
}
