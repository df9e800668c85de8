import Randomness
import Testing
import Training
import Units

@Suite("Stochastic quantizer")
struct StochasticQuantizerTests {
  private func tensor(seed: UInt64, count: Int = 50) -> [Float] {
    var stream = Seed(seed).stream(.fading, 1, 0)
    return (0..<count).map { _ in Float(stream.gaussian()) }
  }

  private func bounds(_ tensor: [Float]) -> (low: Double, high: Double) {
    (Double(tensor.map(\.magnitude).min() ?? 0), Double(tensor.map(\.magnitude).max() ?? 0))
  }

  /// Magnitudes 1…4 at 2 bits have the levels 1, 2, 3, 4: 2.25 lies a quarter above 2.
  @Test("a magnitude goes to the level above with the share of the way to it, and keeps its sign")
  func byHand() throws {
    let quantizer = try StochasticQuantizer(bits: 2)
    #expect(try quantizer.encode([1, -2.25, 2.25, -4]) { 0.24 }.decoded() == [1, -3, 3, -4])
    #expect(try quantizer.encode([1, -2.25, 2.25, -4]) { 0.26 }.decoded() == [1, -2, 2, -4])
  }

  @Test("one bit knows the least and the largest magnitude only")
  func oneBit() throws {
    let quantizer = try StochasticQuantizer(bits: 1)
    #expect(try quantizer.encode([0, -3, 10]) { 0.29 }.decoded() == [0, -10, 10])
    #expect(try quantizer.encode([0, -3, 10]) { 0.31 }.decoded() == [0, 0, 10])
  }

  /// Uniform numbers on a grid of M midpoints average to the element within step / M.
  @Test("the mean over all uniform numbers is the element itself", arguments: [1, 2, 4, 8, 16])
  func unbiased(bits: Int) throws {
    let quantizer = try StochasticQuantizer(bits: bits)
    let passes = 1000
    for seed in 1...5 as ClosedRange<UInt64> {
      let original = tensor(seed: seed)
      var sums = [Double](repeating: 0, count: original.count)
      for pass in 0..<passes {
        let rounded = try quantizer.encode(original) { (Double(pass) + 0.5) / Double(passes) }.decoded()
        for index in sums.indices { sums[index] += Double(rounded[index]) }
      }
      let (low, high) = bounds(original)
      let tolerance = (high - low) / Double((1 << bits) - 1) / Double(passes) + 1e-6
      for (sum, element) in zip(sums, original) {
        #expect(abs(sum / Double(passes) - Double(element)) <= tolerance, "seed \(seed)")
      }
    }
  }

  @Test("the mean squared error keeps Lemma 1, and comes near it", arguments: [1, 3, 6, 10])
  func lemmaOne(bits: Int) throws {
    let quantizer = try StochasticQuantizer(bits: bits)
    for seed in 1...5 as ClosedRange<UInt64> {
      let original = tensor(seed: seed, count: 400)
      var stream = Seed(seed).stream(.fading, 2, 0)
      var squares = 0.0
      let passes = 100
      for _ in 0..<passes {
        let rounded = try quantizer.encode(original) { stream.uniform() }.decoded()
        squares += zip(rounded, original).reduce(0) { sum, pair in
          let error = Double(pair.0) - Double(pair.1)
          return sum + error * error
        }
      }
      let (low, high) = bounds(original)
      let bound = quantizer.errorBound(elements: original.count, low: low, high: high)
      #expect(squares / Double(passes) <= bound, "seed \(seed)")
      #expect(squares / Double(passes) >= bound / 4, "seed \(seed)")
    }
  }

  /// 100 elements from 1 to 4 at 2 bits: steps of 1, so 100 / 4.
  @Test("Lemma 1's bound is a quarter of a squared step an element, and 0 where raw")
  func bound() throws {
    #expect(try StochasticQuantizer(bits: 2).errorBound(elements: 100, low: 1, high: 4) == 25)
    #expect(try StochasticQuantizer(bits: 32).errorBound(elements: 100, low: 1, high: 4) == 0)
  }

  @Test("every element goes to one of the two levels around it", arguments: [1, 5, 12, 24, 31])
  func neighbours(bits: Int) throws {
    let quantizer = try StochasticQuantizer(bits: bits)
    for seed in 1...10 as ClosedRange<UInt64> {
      let original = tensor(seed: seed, count: 200)
      var stream = Seed(seed).stream(.fading, 3, 0)
      let rounded = try quantizer.encode(original) { stream.uniform() }.decoded()
      let (low, high) = bounds(original)
      let step = (high - low) / Double((1 << bits) - 1)
      for (new, old) in zip(rounded, original) {
        #expect(abs(Double(new) - Double(old)) <= step + 1e-6, "seed \(seed)")
        #expect(new == 0 || new.sign == old.sign, "seed \(seed)")
        #expect(Double(new.magnitude) >= low && Double(new.magnitude) <= high, "seed \(seed)")
      }
    }
  }

  @Test("32 bits change nothing and draw nothing")
  func raw() throws {
    var draws = 0
    let original = tensor(seed: 1) + [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    let encoded = try StochasticQuantizer(bits: 32).encode(original) {
      draws += 1
      return 0.5
    }
    #expect(encoded.decoded() == original)
    #expect(draws == 0)
  }

  @Test(
    "tensors that are empty, of one magnitude or of the widest range are no special case", arguments: [1, 8, 31, 32])
  func edges(bits: Int) throws {
    let quantizer = try StochasticQuantizer(bits: bits)
    #expect(try quantizer.encode([]) { 0 }.decoded() == [])
    #expect(try quantizer.encode([3, -3, 3]) { 0 }.decoded() == [3, -3, 3])
    #expect(try quantizer.encode([0, 0]) { 0 }.decoded() == [0, 0])
    let wide: [Float] = [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0]
    #expect(try quantizer.encode(wide) { 0.9999 }.decoded() == wide)
  }

  @Test("the size on the air is the payload rule's", arguments: [1, 4, 31, 32], [0, 1, 37])
  func size(bits: Int, count: Int) throws {
    let encoded = try StochasticQuantizer(bits: bits).encode(tensor(seed: 1, count: count)) { 0.5 }
    #expect(encoded.count == count)
    #expect(encoded.size == PayloadRule.exact.payload(elements: count, bits: bits))
  }

  /// 37 elements of 4 bits and a sign, and two floats: 37 · 5 + 64; raw: 37 · 32.
  @Test("the size on the air of 37 elements is 249 bits at 4 bits, 1184 raw")
  func literalSize() throws {
    #expect(try StochasticQuantizer(bits: 4).encode(tensor(seed: 1, count: 37)) { 0.5 }.size == Bits(249))
    #expect(try StochasticQuantizer(bits: 32).encode(tensor(seed: 1, count: 37)) { 0.5 }.size == Bits(1184))
  }

  @Test("what cannot be quantised says why")
  func errors() throws {
    for bits in [0, -1, 33, Int.max] {
      #expect(throws: QuantizerError.bits(bits)) { try StochasticQuantizer(bits: bits) }
    }
    for bits in [8, 32] {
      let quantizer = try StochasticQuantizer(bits: bits)
      #expect(throws: QuantizerError.notFinite(index: 1)) { try quantizer.encode([1, .nan, 2]) { 0 } }
      #expect(throws: QuantizerError.notFinite(index: 2)) { try quantizer.encode([1, 2, -.infinity]) { 0 } }
    }
  }
}

@Suite("Aggregation")
struct AggregationTests {
  @Test("a participant weighs as much as its samples")
  func weights() {
    #expect(Aggregation.weights(samples: [100, 300, 400]) == [0.125, 0.375, 0.5])
    #expect(Aggregation.weights(samples: [7]) == [1])
  }

  @Test("nobody and nothing weigh nothing")
  func nothing() {
    #expect(Aggregation.weights(samples: []) == [])
    #expect(Aggregation.weights(samples: [0, 0]) == [0, 0])
    #expect(Aggregation.weights(samples: [.max, .max]) == [0.5, 0.5])
  }
}
