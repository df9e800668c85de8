import CPhilox
import Testing

@testable import Randomness

@Suite("Philox")
struct PhiloxTests {
  /// The known answers that Random123 publishes for philox4x32, 10 rounds (`kat_vectors`).
  @Test(
    "the bijection gives the published known answers",
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [.max, .max, .max, .max], [.max, .max],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    var block = [UInt32](repeating: 0, count: 4)
    philox_block(counter, key, &block)
    #expect(block == expected)
  }

  /// Words by an independent implementation in Python: key = seed's halves, low first; counter = (block, 3, 7, 4 << 24 | 5).
  @Test("a stream's name stands in the counter: block, first index, second index, purpose and repetition")
  func streamLayout() {
    var stream = Seed(0x0123_4567_89ab_cdef, repetition: 5).stream(.fading, 3, 7)
    let words = (0..<8).map { _ in stream.word() }
    #expect(
      words == [
        3_709_649_642, 1_505_862_930, 1_435_953_984, 3_130_370_686, 2_950_612_261, 2_412_478_509, 2_529_090_818,
        3_918_306_460,
      ])
  }

  @Test("streams of different names begin differently")
  func streamsDiffer() {
    var seen: Set<[UInt32]> = []
    var count = 0
    for seed: UInt64 in [0, 1, 1 << 32] {
      for repetition: UInt32 in [0, 1, Seed.repetitionLimit - 1] {
        for purpose in Purpose.allCases {
          for (first, second) in [(0, 0), (0, 1), (1, 0), (1, 1), (0xffff_ffff, 0)] {
            var stream = Seed(seed, repetition: repetition).stream(purpose, first, second)
            seen.insert((0..<4).map { _ in stream.word() })
            count += 1
          }
        }
      }
    }
    #expect(seen.count == count)
  }

  @Test("the largest word of a row is the largest of the words drawn one by one", arguments: 0..<140)
  func largestWord(count: Int) {
    let seed = Seed(20_250_412)
    var stream = seed.stream(.fading, 2, count)
    let words = (0..<count).map { _ in stream.word() }
    #expect(seed.largestWord(of: count, in: .fading, 2, count) == words.max() ?? 0)
  }

  @Test("skipping words leaves a stream where drawing them does", arguments: 0..<6)
  func skips(start: Int) {
    for count in [-1, 0, 1, 2, 3, 4, 5, 11, 1000] {
      var drawn = Seed(7).stream(.shadowing)
      for _ in 0..<start { _ = drawn.word() }
      var skipped = drawn
      for _ in 0..<max(0, count) { _ = drawn.word() }
      skipped.skip(count)
      #expect((0..<6).map { _ in skipped.word() } == (0..<6).map { _ in drawn.word() }, "skip \(count)")
    }
  }

  @Test("a copy of a stream repeats its numbers and leaves the original alone")
  func copies() {
    var stream = Seed(7).stream(.shadowing)
    _ = stream.word()
    var copy = stream
    let ahead = (0..<10).map { _ in copy.word() }
    #expect((0..<10).map { _ in stream.word() } == ahead)
  }
}
