/// Devices by falling bound, sorted only as far as somebody looked.
///
/// Incremental quicksort (R. Paredes and G. Navarro, "Optimal incremental sorting", ALENEX 2006): finding the first i
/// of n costs O(n + i log i) in all. The first look at a million devices costs milliseconds and later ones nothing.
struct DescendingOrder {
  /// A device with a bound of its value.
  struct Entry {
    var bound: Double
    var device: Int32

    /// Falling bounds, then rising devices: a strict total order, so that ties come out the same everywhere.
    func precedes(_ other: Entry) -> Bool {
      bound > other.bound || (bound == other.bound && device < other.device)
    }
  }

  private var entries: [Entry]
  /// Ends of the parts not yet sorted, the nearest last: all before such an end precede all from it on.
  private var ends: [Int]
  /// Entries in order from the front.
  private var sorted = 0

  init(_ entries: [Entry]) {
    self.entries = entries
    ends = [entries.count]
  }

  var count: Int { entries.count }

  /// The entry with `index` others before it; nil past the end.
  mutating func entry(at index: Int) -> Entry? {
    guard index < entries.count else { return nil }
    while sorted <= index { sortMore() }
    return entries[index]
  }

  /// Sorts the next few entries, splitting the part that they lie in until it is small.
  private mutating func sortMore() {
    while let end = ends.last, end - sorted > 16 { ends.append(partition(sorted, end)) }
    let end = ends.removeLast()
    entries.withUnsafeMutableBufferPointer { entries in
      for index in sorted..<end {
        let entry = entries[index]
        var hole = index
        while hole > sorted, entry.precedes(entries[hole - 1]) {
          entries[hole] = entries[hole - 1]
          hole -= 1
        }
        entries[hole] = entry
      }
    }
    sorted = end
  }

  /// Splits a part of at least two entries in two that are not empty, the earlier entries first.
  private mutating func partition(_ start: Int, _ end: Int) -> Int {
    entries.withUnsafeMutableBufferPointer { entries in
      let (a, b, c) = (entries[start], entries[start + (end - start) / 2], entries[end - 1])
      let (low, high) = a.precedes(b) ? (a, b) : (b, a)
      let pivot = c.precedes(low) ? low : (high.precedes(c) ? high : c)
      var left = start - 1
      var right = end
      while true {
        repeat { left += 1 } while entries[left].precedes(pivot)
        repeat { right -= 1 } while pivot.precedes(entries[right])
        // Neither part is empty: the pivot, a median of three, is neither the first nor the last in order.
        if left >= right { return left }
        entries.swapAt(left, right)
      }
    }
  }
}
