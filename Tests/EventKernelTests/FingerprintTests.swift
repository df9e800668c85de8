import EventKernel
import Testing

@Suite("The fingerprint")
struct FingerprintTests {
  private func fingerprint(_ events: [Event<Kind>]) -> Fingerprint {
    var fingerprint = Fingerprint()
    for event in events { fingerprint.absorb(event.key) }
    return fingerprint
  }

  private let one = Event(Kind.second, 7, 3, ns: 2_500_000_000)
  private let other = Event(Kind.third, Event<Kind>.maximumEntity, Event<Kind>.maximumTag, ns: 5_000_000_000)

  // Made by ten lines of Python that follow XXH64's specification on integers; the first is XXH64's published hash of
  // the empty input.
  @Test("is the same on every machine")
  func pinned() {
    #expect("\(fingerprint([]))" == "ef46db3751d8e999")
    #expect("\(fingerprint([Event(.first, 0, 0, ns: 1)]))" == "205542a075335a58")
    #expect(fingerprint([one, other]).value == 0x9F2B_A9BE_F833_16CC)
    #expect(fingerprint([other, one]).value == 0x30D5_4B5C_5409_FB30)
  }

  @Test("differs for every order of the same events")
  func order() {
    let events = (0..<5).map { Event(Kind.first, $0, 0, ns: 3) }
    #expect(Set(permutations(of: events).map { fingerprint($0).value }).count == 120)
  }

  @Test("differs when one bit of one event differs")
  func oneBit() {
    let keys = (0..<16).map { Event(Kind.first, $0, 2, ns: 1_000 + UInt64($0)).key }
    var seen: Set<UInt64> = []
    for position in keys.indices {
      for bit in 0..<128 {
        var fingerprint = Fingerprint()
        for (index, key) in keys.enumerated() { fingerprint.absorb(index == position ? key ^ (1 << bit) : key) }
        seen.insert(fingerprint.value)
      }
    }
    #expect(seen.count == 16 * 128)
  }

  @Test("has sixteen digits, leading zeros too, and counts")
  func description() {
    for count in 0..<100 {
      let fingerprint = fingerprint((0..<count).map { Event(Kind.first, $0, 0, ns: 0) })
      #expect(fingerprint.description.utf8.count == 16)
      #expect(UInt64(fingerprint.description, radix: 16) == fingerprint.value)
      #expect(fingerprint.count == UInt64(count))
    }
  }
}
