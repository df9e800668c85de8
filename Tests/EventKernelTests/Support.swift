@testable import EventKernel

/// Kinds for tests; 255 is the last that fits.
enum Kind: UInt8, EventKind {
  case first = 0
  case second = 1
  case third = 2
  case last = 255
}

extension Event {
  /// An event at a number of nanoseconds.
  init(_ kind: Kind, _ entity: Int, _ tag: Int, ns time: UInt64) {
    self.init(kind, entity: entity, tag: tag, at: SimTime(nanoseconds: time))
  }
}

/// All orders of a list.
func permutations<Element>(of list: [Element]) -> [[Element]] {
  guard list.count > 1 else { return [list] }
  return list.indices.flatMap { index in
    var rest = list
    let chosen = rest.remove(at: index)
    return permutations(of: rest).map { [chosen] + $0 }
  }
}
