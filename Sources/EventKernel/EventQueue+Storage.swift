#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension EventQueue {
  /// The bytes of a cache line: four events.
  @usableFromInline static var lineBytes: Int { 64 }
  /// The bytes of a huge page of the memory.
  @usableFromInline static var hugePageBytes: Int { 2 << 20 }

  /// The places beside the root that a number of events takes, in whole lines, at least one line.
  @usableFromInline
  static func places(for count: Int) -> Int {
    let beside = max(count, 1) - 1
    precondition(beside <= Int.max / 32, "an event queue cannot hold \(count) events")
    return max(4, (beside + 3) & ~3)
  }

  /// Uninitialised places, aligned to lines, and to huge pages where they fill one.
  ///
  /// A descent in a big heap touches a new page at every level below the top: huge pages spare most of the address
  /// translations.
  @usableFromInline
  static func allocate(_ places: Int) -> UnsafeMutablePointer<Event<Kind>> {
    let bytes = places * MemoryLayout<Event<Kind>>.stride
    let isHuge = bytes >= hugePageBytes
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isHuge ? hugePageBytes : lineBytes)
    #if os(Linux)
      // Advice only: where it is refused, small pages serve.
      if isHuge { _ = madvise(raw, bytes, MADV_HUGEPAGE) }
    #endif
    return raw.bindMemory(to: Event<Kind>.self, capacity: places)
  }

  /// Moves the events to storage that is larger by a quarter, or by up to a half where that fills whole huge pages.
  ///
  /// The factor bounds the memory: 1.5 times 16 bytes are the 24 bytes an event that the queue promises.
  @usableFromInline
  mutating func grow() {
    let quarter = capacity + max(4, capacity / 4 & ~3)
    let hugePage = Self.hugePageBytes / MemoryLayout<Event<Kind>>.stride
    let huge = (quarter + hugePage - 1) / hugePage * hugePage
    let places = huge <= capacity + capacity / 2 ? huge : quarter
    let larger = Self.allocate(places)
    larger.moveInitialize(from: nodes, count: taken)
    nodes.deallocate()
    nodes = larger
    capacity = places
  }
}
