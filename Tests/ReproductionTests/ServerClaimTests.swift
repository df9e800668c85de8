import Experiments
import Foundation
import Network
import Scenario
import Simulation
import Testing
import Wireless

@testable import Reproduction

@Suite("Claims on a queue at the server")
struct ServerClaimTests {
  private static let world = HandMadeGroup(
    group: .server, metrics: ["devices_selected", "devices_completed", "objective"],
    figure: { figure($0.metric, $0.values) })

  private static func figure(_ metric: String, _ values: [String: String]) -> Double {
    if let forecast = values["forecast.server"] {
      let objectives: [String: Double] =
        values["server.discipline"] == "processor-sharing"
        ? ["none": 2.6, "mean": 1, "mva": 1.9] : ["none": 3.4, "mean": 4.5, "mva": 4]
      return objectives[forecast] ?? 0
    }
    let accelerators = values["server.accelerators"] ?? ""
    switch metric {
    case "devices_selected": return 10
    case "devices_completed": return ["8": 8.8, "4": 4.8, "2": 3, "1": 2][accelerators] ?? 9.8
    default: return values["policy"] == "ep" ? 5.5 : accelerators == "unlimited" ? 10 : 3.4
    }
  }

  @Test("follow those of the paper, and no two groups have one of the same number")
  func numbers() {
    let numbers = ClaimReport.headings.map(\.number) + ClaimGroup.all.flatMap { $0.headings.map(\.number) }
    #expect(numbers == Array(1...numbers.count))
    #expect(Set(ClaimGroup.names).count == ClaimGroup.names.count)
  }

  @Test("hold in a world made so that they do", arguments: ClaimGroup.server.claims.map(\.number), ["bcd", "exact"])
  func holds(number: Int, proposed: String) throws {
    #expect(try Self.world.verdict(number, Self.world.evidence(proposed: proposed)) == .holds)
  }

  /// For every claim, what is turned round so that it fails.
  static let reversals: [(claim: Int, change: HandMadeGroup.Change)] = [
    (27, { $0.has("devices_completed", "4") ? 9.5 : $1 }),
    (28, { $0.has("devices_completed", "2") ? 6 + 0.01 * Double($0.draw) : $1 }),
    (29, { $0.has("objective", "mean") && $0.has("objective", "fifo") ? 3.5 : $1 }),
    (30, { $0.has("objective", "mva") && $0.has("objective", "processor-sharing") ? 3 : $1 }),
    (31, { $0.has("objective", "ep") ? $1 / 2 : $1 }),
  ]

  @Test("fail where what they say is turned round", arguments: reversals.indices)
  func fails(index: Int) throws {
    let (claim, change) = Self.reversals[index]
    #expect(try Self.world.verdict(claim, Self.world.evidence(changing: change)) == .fails, "claim \(claim)")
  }

  @Test("are not separable where draws scatter too much", arguments: ClaimGroup.server.claims.map(\.number))
  func unclear(number: Int) throws {
    let evidence = try Self.world.evidence { cell, value in
      guard cell.metric != "devices_selected" else { return value }
      return 5 + 3 * ((Double((cell.draw + 1) * (cell.point + 1)) * 0.618034).truncatingRemainder(dividingBy: 1) - 0.5)
    }
    #expect(try Self.world.verdict(number, evidence) == .notSeparable)
  }

  @Test("need a server with fewer accelerators than blocks")
  func needed() throws {
    var base = try Self.world.base()
    for accelerators in [nil, base.uplink.blocks] {
      base.server.accelerators = accelerators.map { .init(count: $0) }
      #expect(throws: ReproductionError.self) { try ClaimGroup.server.studies(base) }
    }
    base.server.accelerators = .init(count: 3)
    let studies = try ClaimGroup.server.studies(base)
    #expect(studies[0].plan.grid[0].values == ["unlimited", "8", "4", "3", "2", "1"])
  }

  @Test("their page tells what was run and has no column for figures of the paper")
  func page() throws {
    let evidence = try Self.world.evidence()
    var report = ClaimReport(
      findings: try ClaimGroup.server.claims.map {
        Finding(claim: $0.number, base: "server-queue", proposed: "exact", judging: try $0.checks(evidence))
      })
    report.group = .server
    #expect(report.markdown.hasPrefix("# Claims: what a queue at the server does to plans by Eq. (11)\n\nA server "))
    #expect(report.markdown.contains("\n| | claim | server-queue, exact |\n|---|---|---|\n| 27 | Fewer devices "))
    #expect(report.markdown.contains("\n**holds**\n"))
    #expect(report.sentences == ["`server-queue` with `exact` as the proposal: 5 of 5 claims hold."])
  }
}
