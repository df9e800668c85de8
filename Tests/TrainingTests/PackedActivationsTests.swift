import Randomness
import Testing
import Training
import Units

@Suite("Packed activations")
struct PackedActivationsTests {
  private static let everyWidth = Array(1...32)

  private func tensor(seed: UInt64, count: Int) -> [Float] {
    var stream = Seed(seed).stream(.fading, 1, 0)
    return (0..<count).map { _ in Float(stream.gaussian()) }
  }

  private func pack(
    _ tensor: [Float], bits: Int, into packed: PackedActivations = PackedActivations(), _ stream: inout RandomStream
  ) throws -> PackedActivations {
    try tensor.withUnsafeBufferPointer { try packed.pack($0, bits: bits, stream: &stream) }
    return packed
  }

  private func unpacked(_ packed: PackedActivations, _ range: Range<Int>? = nil) -> [Float] {
    let range = range ?? 0..<packed.count
    return [Float](unsafeUninitializedCapacity: range.count) { values, count in
      packed.unpack(range: range, into: values)
      count = range.count
    }
  }

  private func bitPatterns(_ tensor: [Float]) -> [UInt32] { tensor.map(\.bitPattern) }

  /// Ordinary numbers, numbers far apart, subnormal ones, equal ones, zeros of both signs.
  private func tensors(seed: UInt64) -> [[Float]] {
    let ordinary = tensor(seed: seed, count: 1031)
    return [
      ordinary, ordinary.map { $0 * .leastNormalMagnitude }, ordinary.map { $0 * 5e37 },
      [.greatestFiniteMagnitude, -.leastNonzeroMagnitude, 1, -0.0, 3e-20],
      ordinary.prefix(9).map { Float(signOf: $0, magnitudeOf: 0.3) }, [0, -0.0, 0], [-7], [0], [-0.0],
      [.leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0], [1, 1.0000001, -1], [],
    ]
  }

  @Test("for the same words of a stream every bit is the readable quantizer's", arguments: everyWidth)
  func sameNumbers(bits: Int) throws {
    let quantizer = try StochasticQuantizer(bits: bits)
    for seed in 1...4 as ClosedRange<UInt64> {
      for (index, tensor) in tensors(seed: seed).enumerated() {
        var words = Seed(seed).stream(.quantization, 3, index)
        let expected = try quantizer.encode(tensor) { words.uniform() }.decoded()
        var stream = Seed(seed).stream(.quantization, 3, index)
        let packed = try pack(tensor, bits: bits, &stream)
        #expect(bitPatterns(unpacked(packed)) == bitPatterns(expected), "seed \(seed), tensor \(index)")
        #expect(stream.word() == words.word(), "seed \(seed), tensor \(index): as many words are taken")
      }
    }
  }

  /// Magnitudes 1…4 at 2 bits have the levels 1, 2, 3, 4 and fields of 3 bits, level first, then the sign. −1 is 4, 4 is 3,
  /// −3 is 6, 2 is 1: 4 + 3·8 + 6·64 + 1·512 = 0x39C. 1 is 0x3F800000, 4 is 0x40800000.
  @Test("the layout is two floats of range, then level and sign side by side, from the lowest bit on")
  func layout() throws {
    var stream = Seed(1).stream(.quantization)
    let packed = try pack([-1, 4, -3, 2], bits: 2, &stream)
    #expect(Array(packed.bytes) == [0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x40, 0x9C, 0x03])
    #expect(packed.packedBits == 4 * 3 + 64)
    let raw = try pack([-1, 4], bits: 32, &stream)
    #expect(Array(raw.bytes) == [0, 0, 0x80, 0xBF, 0, 0, 0x80, 0x40])
  }

  @Test("what is in the buffer is what the exact payload rule sends", arguments: everyWidth)
  func size(bits: Int) throws {
    var stream = Seed(1).stream(.quantization)
    for count in [0, 1, 7, 8, 9, 37, 255, 256, 257, 1000] {
      let packed = try pack(tensor(seed: 1, count: count), bits: bits, &stream)
      #expect(Bits(Double(packed.packedBits)) == PayloadRule.exact.payload(elements: count, bits: bits))
      #expect(packed.bytes.count == (packed.packedBits + 7) / 8)
    }
  }

  @Test("one buffer takes tensors of any size and width one after another")
  func reuse() throws {
    let kept = PackedActivations()
    for (count, bits) in [(300, 31), (5, 1), (0, 4), (301, 32), (40, 9), (900, 17)] {
      let tensor = tensor(seed: UInt64(count), count: count)
      var (one, other) = (Seed(2).stream(.quantization), Seed(2).stream(.quantization))
      let packed = try pack(tensor, bits: bits, into: kept, &one)
      let fresh = try pack(tensor, bits: bits, &other)
      #expect(Array(packed.bytes) == Array(fresh.bytes), "\(count) elements")
      #expect(unpacked(packed) == unpacked(fresh), "\(count) elements")
    }
  }

  @Test("a run of elements is that part of the whole", arguments: [1, 6, 8, 24, 25, 31, 32])
  func runs(bits: Int) throws {
    var stream = Seed(4).stream(.quantization)
    let packed = try pack(tensor(seed: 4, count: 1100), bits: bits, &stream)
    let whole = unpacked(packed)
    for range in [0..<1100, 0..<1, 1099..<1100, 3..<700, 513..<1100, 64..<128, 5..<5] {
      #expect(unpacked(packed, range) == Array(whole[range]), "\(range)")
    }
  }

  /// The mean of n draws, each one of two levels a step apart, lies within 5 step / (2 √n) of the element.
  @Test("the mean over many streams is the element itself", arguments: [1, 2, 5, 8, 13])
  func unbiased(bits: Int) throws {
    let original = tensor(seed: 6, count: 64)
    let draws = 2000
    let packed = PackedActivations()
    var sums = [Double](repeating: 0, count: original.count)
    for draw in 0..<draws {
      var stream = Seed(UInt64(draw)).stream(.quantization, 1, 0)
      for (index, value) in unpacked(try pack(original, bits: bits, into: packed, &stream)).enumerated() {
        sums[index] += Double(value)
      }
    }
    let magnitudes = original.map { Double($0.magnitude) }
    let step = ((magnitudes.max() ?? 0) - (magnitudes.min() ?? 0)) / Double((1 << bits) - 1)
    for (index, element) in original.enumerated() {
      let tolerance = 5 * step / 2 / Double(draws).squareRoot() + 1e-6
      #expect(abs(sums[index] / Double(draws) - Double(element)) < tolerance, "element \(index)")
    }
  }

  @Test("the mean squared error keeps Lemma 1, and comes near it", arguments: [1, 3, 8, 12])
  func lemmaOne(bits: Int) throws {
    let quantizer = try StochasticQuantizer(bits: bits)
    for seed in 1...5 as ClosedRange<UInt64> {
      let original = tensor(seed: seed, count: 20_000)
      var stream = Seed(seed).stream(.quantization, 2, 0)
      let rounded = unpacked(try pack(original, bits: bits, &stream))
      let squares = zip(rounded, original).reduce(0.0) { sum, pair in
        let error = Double(pair.0) - Double(pair.1)
        return sum + error * error
      }
      let magnitudes = original.map { Double($0.magnitude) }
      let bound = quantizer.errorBound(
        elements: original.count, low: magnitudes.min() ?? 0, high: magnitudes.max() ?? 0)
      #expect(squares <= bound, "seed \(seed)")
      #expect(squares >= bound / 4, "seed \(seed)")
    }
  }

  @Test("what cannot be quantised says why, takes no word and leaves the last tensor", arguments: [1, 8, 31, 32])
  func errors(bits: Int) throws {
    var stream = Seed(1).stream(.quantization)
    let packed = try pack([1, -2, 3], bits: bits, &stream)
    let (bytes, untouched) = (Array(packed.bytes), stream)
    var long = tensor(seed: 1, count: 700)
    long[611] = -.infinity
    long[650] = .nan
    let cases: [([Float], Int, QuantizerError)] = [
      ([1, .nan, .infinity], bits, .notFinite(index: 1)), ([-.infinity], bits, .notFinite(index: 0)),
      (long, bits, .notFinite(index: 611)), ([1], 0, .bits(0)), ([1], 33, .bits(33)), ([1], .min, .bits(.min)),
    ]
    for (tensor, bits, error) in cases {
      #expect(throws: error) { try pack(tensor, bits: bits, into: packed, &stream) }
    }
    #expect(Array(packed.bytes) == bytes)
    var (one, other) = (stream, untouched)
    #expect(one.word() == other.word())
  }
}
