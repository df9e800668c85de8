/// Jobs by a number, the least first and equal ones by their arrival: a binary heap of plain values.
///
/// - Complexity: O(log n) per insertion and removal; no allocation up to its capacity.
struct JobHeap: Sendable, Codable {
  struct Place: Sendable, Codable {
    var key: Double
    var arrival: Int
    var job: Int

    static func < (left: Place, right: Place) -> Bool {
      left.key != right.key ? left.key < right.key : left.arrival < right.arrival
    }
  }

  private(set) var places: [Place] = []

  init(capacity: Int) { places.reserveCapacity(capacity) }

  var first: Place? { places.first }

  mutating func insert(_ place: Place) {
    places.append(place)
    var index = places.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard places[index] < places[parent] else { return }
      places.swapAt(index, parent)
      index = parent
    }
  }

  mutating func removeFirst() {
    places.swapAt(0, places.count - 1)
    places.removeLast()
    var index = 0
    while true {
      var least = 2 * index + 1
      guard least < places.count else { return }
      if least + 1 < places.count, places[least + 1] < places[least] { least += 1 }
      guard places[least] < places[index] else { return }
      places.swapAt(index, least)
      index = least
    }
  }

  mutating func removeAll() { places.removeAll(keepingCapacity: true) }
}
