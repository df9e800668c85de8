import EventKernel
import Testing

@Suite("Simulated time")
struct SimTimeTests {
  @Test(
    "seconds are rounded to the nearest nanosecond, halves up",
    arguments: [
      (0.0, 0), (-0.0, 0), (1.0, 1_000_000_000), (2.5, 2_500_000_000), (4e-10, 0), (5e-10, 1), (1.4e-9, 1),
      (0.1, 100_000_000), (1e9, 1_000_000_000_000_000_000), (-4e-10, 0),
    ] as [(Double, UInt64)])
  func rounding(seconds: Double, nanoseconds: UInt64) {
    #expect(SimTime(seconds: seconds).nanoseconds == nanoseconds)
    #expect(SimTime(checking: seconds)?.nanoseconds == nanoseconds)
  }

  // 2^64 ns = 18446744073.709551616 s; the largest double below 2^64 is 2^64 - 2048.
  @Test("what does not fit is reported, or saturates")
  func overflow() {
    for seconds in [18_446_744_073.709553, 1e300, .greatestFiniteMagnitude, .infinity, .nan] {
      #expect(SimTime(checking: seconds) == nil, "\(seconds)")
      #expect(SimTime(seconds: seconds) == .distantFuture, "\(seconds)")
    }
    for seconds in [-1e-9, -1, -1e300, -Double.infinity] {
      #expect(SimTime(checking: seconds) == nil, "\(seconds)")
      #expect(SimTime(seconds: seconds) == .zero, "\(seconds)")
    }
    #expect(SimTime(seconds: 18_446_744_073.70955).nanoseconds == 18_446_744_073_709_549_568)
  }

  @Test("sums and differences saturate at the ends of time")
  func arithmetic() {
    let late = SimTime(nanoseconds: .max - 1)
    #expect(late + .tick == .distantFuture)
    #expect(late + late == .distantFuture)
    #expect(SimTime.tick - late == .zero)
    #expect(SimTime(seconds: 3) - SimTime(seconds: 1) == SimTime(seconds: 2))
    var time = SimTime(seconds: 1)
    time += SimTime(seconds: 0.5)
    #expect(time == SimTime(nanoseconds: 1_500_000_000))
  }

  @Test("a sum does not depend on the order of its terms, as it would in doubles")
  func associativity() {
    let terms = [0.1, 0.2, 0.3]
    #expect((terms[0] + terms[1]) + terms[2] != terms[0] + (terms[1] + terms[2]))
    let times = terms.map(SimTime.init(seconds:))
    #expect((times[0] + times[1]) + times[2] == times[0] + (times[1] + times[2]))
  }

  @Test("a time survives the way to seconds and back for as long as doubles hold nanoseconds, 104 days")
  func roundTrip() {
    for nanoseconds: UInt64 in [0, 1, 999_999_999, 123_456_789_012_345, (1 << 53) - 1] {
      let time = SimTime(nanoseconds: nanoseconds)
      #expect(SimTime(seconds: time.seconds) == time)
    }
    #expect("\(SimTime(seconds: 2.5))" == "2.5 s")
  }
}
