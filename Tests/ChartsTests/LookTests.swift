import Testing

@testable import Charts

/// Colours, marks and names of what charts show.
struct LookTests {
  private static let policies = [
    "bcd", "exact", "bcd-value", "ep 0.5 W", "{name: ep, power: 1 W}", "{name: ep, power: 2 W}", "nq", "rb",
    "{name: rb, among: feasible}", "{name: bcd, restarts: 10}", "sflam", "sfl", "sl", "sl, all", "fl", "ll",
  ]

  @Test func aPolicyLooksTheSameWhateverIsBesideIt() {
    // Every pair in either order, and all of them from each place on.
    var looks: [String: Set<Look>] = [:]
    func draw(_ names: [String]) {
      for (name, look) in zip(names, Look.looks(of: names)) { looks[name, default: []].insert(look) }
    }
    let groups = [Array(Self.policies.prefix(10)), Array(Self.policies.suffix(6))]
    for group in groups {
      for one in group { for other in group where other != one { draw([one, other]) } }
      for start in group.indices { draw(Array(group[start...] + group[..<start])) }
    }
    for (name, own) in looks { #expect(own.count == 1, "\(name)") }
  }

  @Test func noTwoNamesLookAlike() {
    let strange = (0..<20).map { "policy \($0)" }
    for names in [Self.policies.prefix(10) + [], strange, Array(Self.policies.prefix(10)) + strange] {
      let looks = Look.looks(of: names)
      #expect(Set(looks).count == names.count)
      #expect(Look.looks(of: names + names) == looks + looks)
    }
  }

  @Test func namesAreThoseThatPeopleSay() {
    #expect(SeriesName.of("{name: ep, power: 1 W}") == "EP, 1 W")
    #expect(SeriesName.of("ep 1 W") == "EP, 1 W")
    #expect(SeriesName.of("{name: bcd, restarts: 10}") == "BCD, 10 starts")
    #expect(SeriesName.of("sflam") == "SFLAM")
    #expect(SeriesName.of("4.25 s") == "4.25 s")
    #expect(SeriesName.of("{broken") == "{broken")
    #expect(SeriesName.key("training.partition.alpha") == "Dirichlet α")
    #expect(SeriesName.key("server.some_rate") == "some rate")
    #expect(SeriesName.of("10", key: "uplink.blocks") == "blocks 10")
    #expect(SeriesName.of("one-block", key: "band").isEmpty)
  }
}
