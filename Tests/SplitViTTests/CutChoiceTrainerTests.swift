import Testing
import Training

@testable import SplitViT

@Suite("Training devices whose models are cut at different places")
struct CutChoiceTrainerTests {
  typealias Fixture = TrainerFixture

  private static let cuts: [Cut] = [.embedding, .afterEmbedding, .afterBlock(1)]

  private func settings(
    _ framework: Framework, cut: Cut, _ others: [Cut], _ change: (inout TrainerSettings) -> Void = { _ in }
  ) throws -> TrainerSettings {
    try Fixture.settings(framework) {
      ($0.cut, $0.otherCuts) = (cut, others)
      change(&$0)
    }
  }

  private func trained(
    _ settings: TrainerSettings, cuts: [Int], threads: Int = 1
  ) throws -> (bits: [UInt32], learning: [RoundLearning]) {
    let trainer = try SplitTrainer(settings, threads: threads)
    let learning = try (1...2).map { round in
      var work = Fixture.work(settings, round: round, bits: 5)
      for index in work.participants.indices { work.participants[index].cut = cuts[index] }
      return try trainer.train(work)
    }
    return (trainer.bits, learning)
  }

  @Test(
    "where all take one cut of the list, the bits are those of that cut alone", arguments: 0..<3,
    OptimizerRule.Kind.allCases)
  func oneOfTheList(place: Int, kind: OptimizerRule.Kind) throws {
    for state in OptimizerRule.StateRule.allCases {
      let change = { (settings: inout TrainerSettings) in
        (settings.optimizer.kind, settings.optimizer.state) = (kind, state)
        settings.optimizer.momentum = 0.9
        settings.optimizer.gradientClip = 0.5
      }
      let alone = try trained(settings(.sflam, cut: Self.cuts[place], [], change), cuts: [0, 0, 0, 0])
      let chosen = try trained(
        settings(.sflam, cut: .embedding, Array(Self.cuts.dropFirst()), change), cuts: Array(repeating: place, count: 4)
      )
      #expect(alone.bits == chosen.bits, "\(Self.cuts[place]), \(state)")
      #expect(alone.learning == chosen.learning)
    }
  }

  @Test("mixed cuts train the same on any number of threads, and otherwise than any one cut")
  func mixed() throws {
    let settings = try settings(.sflam, cut: .embedding, [.afterEmbedding, .afterBlock(1)])
    let mixed = try trained(settings, cuts: [0, 1, 2, 0])
    for threads in 2...3 {
      let other = try trained(settings, cuts: [0, 1, 2, 0], threads: threads)
      #expect(other.bits == mixed.bits && other.learning == mixed.learning)
    }
    for place in 0..<3 { #expect(try trained(settings, cuts: Array(repeating: place, count: 4)).bits != mixed.bits) }
  }

  @Test("without rounding the cut moves numbers from place to place and changes none")
  func unquantized() throws {
    let settings = try settings(.sfl, cut: .embedding, [.afterEmbedding, .afterBlock(1)])
    let mixed = try trained(settings, cuts: [2, 0, 1, 2])
    #expect(try trained(settings, cuts: [0, 0, 0, 0]).bits == mixed.bits)
  }

  @Test("a cut behind all blocks trains beside one before them")
  func deepest() throws {
    let settings = try settings(.sflam, cut: .embedding, [.afterBlock(2)])
    #expect(settings.deepestCut == .afterBlock(2))
    let alone = try trained(self.settings(.sflam, cut: .afterBlock(2), []), cuts: [0, 0, 0, 0])
    #expect(try trained(settings, cuts: [1, 1, 1, 1]).bits == alone.bits)
    let first = try trained(self.settings(.sflam, cut: .embedding, []), cuts: [0, 0, 0, 0])
    #expect(try trained(settings, cuts: [0, 0, 0, 0]).bits == first.bits)
  }
}
