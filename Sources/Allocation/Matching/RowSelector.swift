import CElementary
import Wireless

/// The largest gains of one device's row, found without sorting it.
final class RowSelector {
  /// A block of a list: `key` is its gain until it is valued, and then its value.
  struct Entry {
    var key: Double
    var block: Int32
    /// The level that has the value.
    var level: Int32 = 0

    /// Falling gains, then rising blocks.
    func precedes(_ other: Entry) -> Bool { key > other.key || (key == other.key && block < other.block) }
  }

  /// How many parts a row is dealt to.
  private let parts: Int

  let gains: any GainSource
  private let row: UnsafeMutableBufferPointer<Double>
  private let chosen: UnsafeMutableBufferPointer<Entry>
  private let maxima: UnsafeMutableBufferPointer<Double>
  /// The blocks in the falling order of the last whole row.
  private let order: UnsafeMutableBufferPointer<Int32>
  /// The rank of the last length that was asked for.
  private var ranked = (wanted: -1, rank: 1)

  init(_ gains: any GainSource) {
    self.gains = gains
    row = .allocate(capacity: gains.blockCount)
    chosen = .allocate(capacity: gains.blockCount)
    parts = gains.blockCount < 256 ? 16 : 32
    maxima = .allocate(capacity: parts)
    order = .allocate(capacity: gains.blockCount)
    for block in order.indices { order.initializeElement(at: block, to: Int32(truncatingIfNeeded: block)) }
    row.initialize(repeating: 0)
    chosen.initialize(repeating: Entry(key: 0, block: 0))
    maxima.initialize(repeating: 0)
  }

  deinit {
    row.deallocate()
    chosen.deallocate()
    maxima.deallocate()
    order.deallocate()
  }

  /// About `wanted` of the device's largest gains in falling order, and all that tie with the last.
  func largest(_ wanted: Int, device: Int) -> Slice<UnsafeMutableBufferPointer<Entry>> {
    gains.copyRow(device: device, into: row)
    if wanted >= row.count { return all() }
    let threshold = threshold(about: wanted)
    let (row, chosen) = (row, chosen)
    var count = 0
    for block in 0..<row.count where row[block] >= threshold {
      chosen[count] = Entry(key: row[block], block: Int32(truncatingIfNeeded: block))
      count &+= 1
    }
    sort(count)
    return chosen[0..<count]
  }

  /// The whole row in falling order, which often is the order that another row had.
  private func all() -> Slice<UnsafeMutableBufferPointer<Entry>> {
    for place in order.indices { chosen[place] = Entry(key: row[Int(order[place])], block: order[place]) }
    if order.indices.dropFirst().contains(where: { chosen[$0].precedes(chosen[$0 - 1]) }) {
      sort(row.count)
      for place in order.indices { order[place] = chosen[place].block }
    }
    return chosen[...]
  }

  /// A gain that about `wanted` entries reach, whatever the gains' distribution; −∞ where that is a large part of them.
  ///
  /// The row is dealt to parts. If a share x of the entries reach a gain, the maximum of a part of s entries reaches it
  /// with probability 1 − (1 − x)^s: so many of the parts' maxima are to reach the threshold.
  private func threshold(about wanted: Int) -> Double {
    let parts = parts
    guard parts < row.count, 2 * wanted < row.count else { return -.infinity }
    findMaxima()
    if wanted != ranked.wanted {
      let missed = elementary_pow(1 - Double(wanted) / Double(row.count), Double(row.count) / Double(parts))
      ranked = (wanted, min(max(Int((Double(parts) * (1 - missed)).rounded()), 1), parts))
    }
    let rank = ranked.rank
    let maxima = maxima
    // The front of `maxima` becomes the `rank` largest in falling order.
    for part in 1..<parts where part < rank || maxima[part] > maxima[rank &- 1] {
      let gain = maxima[part]
      var hole = min(part, rank &- 1)
      while hole > 0, maxima[hole &- 1] < gain {
        maxima[hole] = maxima[hole &- 1]
        hole &-= 1
      }
      maxima[hole] = gain
    }
    return maxima[rank &- 1]
  }

  /// The maximum of each part, eight parts side by side.
  private func findMaxima() {
    let values = UnsafeRawBufferPointer(row)
    let maxima = UnsafeMutableRawBufferPointer(maxima)
    let whole = row.count - row.count % parts
    for part in stride(from: 0, to: parts, by: 8) {
      var largest = values.loadUnaligned(fromByteOffset: 8 * part, as: SIMD8<Double>.self)
      for start in stride(from: part + parts, to: whole, by: parts) {
        let gains = values.loadUnaligned(fromByteOffset: 8 * start, as: SIMD8<Double>.self)
        largest.replace(with: gains, where: gains .> largest)
      }
      maxima.storeBytes(of: largest, toByteOffset: 8 * part, as: SIMD8<Double>.self)
    }
    for index in whole..<row.count { self.maxima[index - whole] = max(self.maxima[index - whole], row[index]) }
  }

  private func sort(_ count: Int) {
    guard count <= 64 else { return chosen[0..<count].sort { $0.precedes($1) } }
    for index in 1..<max(count, 1) {
      let entry = chosen[index]
      var hole = index
      while hole > 0, entry.precedes(chosen[hole - 1]) {
        chosen[hole] = chosen[hole - 1]
        hole -= 1
      }
      chosen[hole] = entry
    }
  }
}
