import Testing

@testable import Reproduction

@Suite("Deadlines of other hardware")
struct DeadlineScaleTests {
  private let scale = DeadlineScale(latencies: [4, 1, 3, .infinity, 2])

  @Test("the share of devices that can meet a deadline")
  func share() {
    #expect(scale.share(within: 0.5) == 0)
    #expect(scale.share(within: 2) == 0.4)
    #expect(scale.share(within: 100) == 0.8)
  }

  @Test("the deadline of a share is the least that so many can meet")
  func deadline() {
    #expect(scale.deadline(forShare: 0.4) == 2)
    #expect(scale.deadline(forShare: 0.8) == 4)
    #expect(scale.deadline(forShare: 1) == 4)
    #expect(scale.deadline(forShare: 0) == 1)
    for share in [0.2, 0.4, 0.6, 0.8] { #expect(scale.share(within: scale.deadline(forShare: share)) == share) }
  }
}
