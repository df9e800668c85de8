import EventKernel
import Testing

@Suite("Events")
struct EventTests {
  @Test("an event is one key of 16 bytes: time, kind, entity, tag")
  func layout() {
    // 2.5e9 << 64 | 1 << 56 | 7 << 24 | 3
    #expect(Event(Kind.second, 7, 3, ns: 2_500_000_000).key == 0x9502_F900_0100_0000_0700_0003)
    #expect(MemoryLayout<Event<Kind>>.stride == 16)
  }

  @Test("what goes into an event comes out, up to the ends of every range")
  func accessors() {
    for kind in [Kind.first, .second, .last] {
      for entity in [0, 1, 65_537, Event<Kind>.maximumEntity] {
        for tag in [0, 1, Event<Kind>.maximumTag] {
          for time in [SimTime.zero, .tick, .distantFuture] {
            let event = Event(kind, entity: entity, tag: tag, at: time)
            #expect(event.kind == kind)
            #expect(event.entity == entity)
            #expect(event.tag == tag)
            #expect(event.time == time)
          }
        }
      }
    }
    #expect(Event<Kind>.maximumEntity == 4_294_967_295)
    #expect(Event<Kind>.maximumTag == 16_777_215)
  }

  @Test("time decides, then kind, then entity, then tag")
  func order() {
    let inOrder = [
      Event(Kind.first, 0, 0, ns: 1), Event(Kind.first, 0, 9, ns: 1), Event(Kind.first, 5, 1, ns: 1),
      Event(Kind.first, Event<Kind>.maximumEntity, Event<Kind>.maximumTag, ns: 1), Event(Kind.second, 0, 0, ns: 1),
      Event(Kind.last, 0, 0, ns: 1), Event(Kind.first, 0, 0, ns: 2),
    ]
    for (earlier, later) in zip(inOrder, inOrder.dropFirst()) {
      #expect(earlier < later)
      #expect(!(later < earlier))
    }
  }

  @Test("an event reads as a sentence")
  func description() {
    #expect("\(Event(Kind.second, 7, 3, ns: 2_500_000_000))" == "second of 7, tag 3, at 2.5 s")
  }

  @Test("an entity or a tag out of range stops the program")
  func limits() async {
    await #expect(processExitsWith: .failure) { _ = Event(Kind.first, entity: -1, at: .zero) }
    await #expect(processExitsWith: .failure) { _ = Event(Kind.first, entity: 4_294_967_296, at: .zero) }
    await #expect(processExitsWith: .failure) { _ = Event(Kind.first, entity: 0, tag: -1, at: .zero) }
    await #expect(processExitsWith: .failure) { _ = Event(Kind.first, entity: 0, tag: 16_777_216, at: .zero) }
  }
}
