import CPhilox

/// A sequence of random numbers with a name of its own, from Philox4x32-10.
///
/// A value, 44 bytes and no allocation: making one costs nothing, a copy repeats the same numbers. Streams of different
/// names share no number's origin, by construction (see ``Seed/stream(_:_:_:)``). A stream repeats after 2³⁴ 32-bit
/// words; the longest in use, a fading row, takes a few words a block.
public struct RandomStream: Sendable {
  private var state: philox_state

  /// The first words of `seed`'s stream named by three indices.
  init(seed: UInt64, _ first: UInt32, _ second: UInt32, _ third: UInt32) {
    state = philox_stream(seed, first, second, third)
  }

  /// The next 32 random bits.
  public mutating func word() -> UInt32 { philox_next(&state) }

  /// The next words, one a place: what as many calls of ``word()`` give, several at a time.
  public mutating func fill(_ words: UnsafeMutableBufferPointer<UInt32>) {
    guard let first = words.baseAddress else { return }
    philox_fill(&state, first, words.count)
  }

  /// Passes over the next `count` words without making most of them.
  public mutating func skip(_ count: Int) {
    var rest = max(0, count)
    while rest > 0, state.left > 0 {
      _ = word()
      rest -= 1
    }
    state.counter.0 &+= UInt32(truncatingIfNeeded: rest / 4)
    for _ in 0..<rest % 4 { _ = word() }
  }

  /// Uniform on [0, 1), a multiple of 2⁻³².
  public mutating func uniform() -> Double { Double(word()) * 0x1p-32 }

  /// Uniform on (0, 1): ``uniform()`` until it is not 0.
  mutating func positiveUniform() -> Double {
    while true {
      let value = uniform()
      if value > 0 { return value }
    }
  }

  /// Uniform on [low, high).
  public mutating func uniform(low: Double, high: Double) -> Double {
    let share = uniform()
    return low * (1 - share) + high * share
  }

  /// A whole number of the range, each equally likely.
  ///
  /// The words are dealt to the values in equal shares, and what is left over is drawn again. From 2³² − 1 values on, 64
  /// bits are drawn until they fall below a multiple of the count.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    let last = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    if last < UInt64(UInt32.max) {
      let share = UInt32.max / (UInt32(last) + 1)
      var offset: UInt32
      repeat { offset = word() / share } while offset > last
      return range.lowerBound + Int(offset)
    }
    var offset: UInt64
    let excess = last == .max ? 0 : (UInt64.max % (last + 1) + 1) % (last + 1)
    repeat { offset = UInt64(word()) << 32 | UInt64(word()) } while offset > UInt64.max - excess
    return range.lowerBound &+ Int(bitPattern: UInt(last == .max ? offset : offset % (last + 1)))
  }

  /// Puts the elements in random order, every order equally likely (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, integer(in: 0...last))
    }
  }

  /// `count` different numbers of 0..<`total` in random order, every ordered choice equally likely; all of them where
  /// `count` exceeds `total`.
  ///
  /// The first steps of a Fisher–Yates shuffle whose untouched places are not stored: memory goes with `count` only.
  public mutating func choose(_ count: Int, of total: Int) -> [Int] {
    var moved: [Int: Int] = [:]
    return (0..<max(0, min(count, total))).map { place in
      let other = integer(in: place...(total - 1))
      let chosen = moved[other] ?? other
      moved[other] = moved[place] ?? place
      return chosen
    }
  }
}
