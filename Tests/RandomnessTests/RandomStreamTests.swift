import Testing

@testable import Randomness

@Suite("Random streams")
struct RandomStreamTests {
  @Test("the exponential of a word is the one that a draw makes of it, to the bit")
  func exponentialOfWord() {
    var words = Seed(3).stream(.fading)
    var draws = words
    for draw in 0..<10_000 {
      let expected = RandomStream.exponential(ofWord: words.word())
      #expect(draws.exponential() == expected, "draw \(draw)")
    }
  }

  @Test("words drawn in bulk are those drawn one after another, wherever the stream stands")
  func bulkWords() {
    for start in 0...9 {
      for count in [0, 1, 3, 4, 5, 31, 32, 33, 64, 500] {
        var bulk = Seed(7).stream(.quantization, 2, 3)
        bulk.skip(start)
        var single = bulk
        let words = [UInt32](unsafeUninitializedCapacity: count) { words, made in
          bulk.fill(UnsafeMutableBufferPointer(rebasing: words[..<count]))
          made = count
        }
        #expect(words == (0..<count).map { _ in single.word() }, "\(count) words after \(start)")
        #expect(bulk.word() == single.word(), "the word after \(count) after \(start)")
      }
    }
  }

  /// −log1p(−(2³² − 1)/2³²) = 32 ln 2 = 22.180709777918249.
  @Test("no exponential exceeds 32 ln 2, and a larger word never gives a smaller one")
  func exponentialGrows() {
    #expect(abs(RandomStream.largestExponential - 22.180709777918249) < 1e-14)
    #expect(RandomStream.exponential(ofWord: 0) == 0)
    var stream = Seed(5).stream(.fading)
    for _ in 0..<10_000 {
      let word = max(1, stream.word())
      #expect(
        RandomStream.exponential(ofWord: word - 1) < RandomStream.exponential(ofWord: word), "word \(word)")
    }
  }

  /// A sample mean of n draws lies within 5 σ/√n of the mean; the streams are fixed, so this passes always or never.
  @Test("draws have the mean and the variance of their distribution")
  func moments() {
    let draws = 40_000
    func check(
      _ name: String, mean: Double, variance: Double, fourth: Double, _ draw: (inout RandomStream) -> Double
    ) {
      var stream = Seed(11).stream(.deviceAttribute, name.utf8.count)
      let values = (0..<draws).map { _ in draw(&stream) }
      let sampleMean = values.reduce(0, +) / Double(draws)
      let sampleVariance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws)
      #expect(abs(sampleMean - mean) < 5 * (variance / Double(draws)).squareRoot(), "\(name)")
      let deviation = ((fourth - variance * variance) / Double(draws)).squareRoot()
      #expect(abs(sampleVariance - variance) < 5 * deviation, "\(name)")
    }
    // Central moments. Uniform of width w: w²/12, w⁴/80. Exponential of mean m: m², 9m⁴. Gaussian: s², 3s⁴.
    // Gamma of shape a and scale 1: a, 3a² + 6a.
    check("uniform", mean: 3.5, variance: 0.75, fourth: 81.0 / 80) { $0.uniform(low: 2, high: 5) }
    check("exponential", mean: 2, variance: 4, fourth: 144) { $0.exponential(mean: 2) }
    check("gaussian", mean: -1, variance: 9, fourth: 243) { $0.gaussian(mean: -1, standardDeviation: 3) }
    check("gamma", mean: 2.5, variance: 2.5, fourth: 33.75) { $0.gamma(shape: 2.5, scale: 1) }
    // exp(N(0, 0.25)): mean e^0.125, variance (e^0.25 − 1) e^0.25, fourth central moment
    // e^0.5 (e^0.25 − 1)² (e + 2 e^0.75 + 3 e^0.5 − 3) = 1.1835.
    check("log-normal", mean: 1.1331484530668263, variance: 0.36469585395628, fourth: 1.1835) {
      $0.lognormal(zeta: 0, sigma: 0.5)
    }
  }

  @Test("whole numbers stay in their range and reach both ends", arguments: [1...6, -3...3, 0...0, -7 ... -7])
  func integers(range: ClosedRange<Int>) {
    var stream = Seed(1).stream(.randomBlocks)
    let values = Set((0..<500).map { _ in stream.integer(in: range) })
    #expect(values == Set(range))
  }

  @Test("ranges wider than 32 bits are drawn evenly too")
  func wideIntegers() {
    var stream = Seed(1).stream(.randomBlocks)
    for range in [0...Int(UInt32.max) - 1, 0...Int(UInt32.max), 0...(3 << 40), Int.min...Int.max, -5 ... .max] {
      let values = (0..<2000).map { _ in stream.integer(in: range) }
      #expect(values.allSatisfy(range.contains))
      let middle = range.lowerBound / 2 + range.upperBound / 2
      let lower = values.count { $0 < middle }
      // 5 standard deviations of a fair coin: 5 √2000 / 2 = 112.
      #expect(abs(lower - 1000) < 112, "\(range)")
    }
  }

  @Test("a shuffle keeps the elements, and every order comes equally often")
  func shuffles() {
    var stream = Seed(9).stream(.randomBlocks)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 {
      var elements = [0, 1, 2]
      stream.shuffle(&elements)
      counts[elements, default: 0] += 1
    }
    #expect(counts.count == 6)
    // 1000 each; 5 standard deviations are 5 √(6000 · 5/36) = 144.
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 144 })
  }

  @Test("a choice of k of n has k different numbers, and every ordered choice comes equally often")
  func choices() {
    var stream = Seed(9).stream(.randomBlocks)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<12_000 { counts[stream.choose(2, of: 4), default: 0] += 1 }
    #expect(counts.count == 12)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 152 })
    #expect(stream.choose(7, of: 5).sorted() == [0, 1, 2, 3, 4])
    #expect(stream.choose(3, of: 0) == [])
    #expect(Set(stream.choose(100, of: 1_000_000)).count == 100)
  }

  @Test("Dirichlet shares add up to 1, even where alpha is tiny")
  func dirichlet() {
    for alpha in [1e-3, 0.1, 1, 100] {
      for seed in 0..<20 as Range<UInt64> {
        var stream = Seed(seed).stream(.partition)
        let shares = stream.dirichlet(alpha: alpha, count: 7)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12, "alpha \(alpha), seed \(seed)")
        #expect(shares.allSatisfy { $0 >= 0 }, "alpha \(alpha), seed \(seed)")
      }
    }
  }
}
