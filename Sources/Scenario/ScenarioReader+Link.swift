import Units
import Wireless

/// The key `uplink.link`.
extension ScenarioReader {
  private static let linkKinds = ["shannon", "mcs"]

  static func link(_ uplink: Section, _ link: inout Link) {
    let key = "link"
    let standard = link
    let summary =
      "what a block carries: shannon, {shannon: {gap: 3 dB, cap: 7.4}}, mcs or {mcs: {table: 64qam, target_bler: 0.1, "
      + "max_transmissions: 4, combining: chase, overhead: 0.14}}"
    guard let (kind, _, section) = uplink.kind(key, summary, of: linkKinds, standard: link.kind) else { return }
    section.section(kind, "") { kind == "mcs" ? modulationCoding($0, &link) : shannon($0, &link) }
    uplink.note(key, link == .ideal ? .scalar(.text(kind)) : section.resolved)
    uplink.omit(key, if: link == .ideal && standard == .ideal)
  }

  private static func shannon(_ section: Section, _ link: inout Link) {
    var gap = PowerRatio(1)
    var cap: Double?
    if case .shannon(let ownGap, let ownCap) = link { (gap, cap) = (ownGap, ownCap.isFinite ? ownCap : nil) }
    section.quantity("gap", "what the code needs beyond Shannon's bound", in: 1...1e10, &gap)
    section.optionalNumber(
      "cap", "most that gets through, in bit/s per Hz; null: none", .quantity(One.self, in: 1e-6...1e3), &cap)
    link = .shannon(gap: gap, cap: cap ?? .infinity)
  }

  private static func modulationCoding(_ section: Section, _ link: inout Link) {
    var coding = ModulationCoding()
    if case .modulationCoding(let own) = link { coding = own }
    var (table, target, overhead, harq) = (coding.table, coding.targetErrorRate, coding.overhead, coding.harq)
    section.choice("table", "of TS 38.214, section 5.1.3.1: 64qam is -1, 256qam -2, 64qam-low-rate -3", &table)
    section.number(
      "target_bler", "share of blocks that may fail at first", .quantity(One.self, in: 1e-6...0.9), &target)
    section.integer("max_transmissions", "of a block, before it begins anew", in: 1...32, &harq.maxTransmissions)
    section.choice("combining", "whether what is heard of a block adds up", &harq.combining)
    section.number(
      "overhead", "share of the resources without data: pilots, control", .quantity(One.self, in: 0...0.99), &overhead)
    link = .modulationCoding(
      ModulationCoding(table: table, targetErrorRate: target, harq: harq, overhead: overhead))
  }
}

extension Link {
  /// The word of a scenario.
  fileprivate var kind: String {
    if case .modulationCoding = self { "mcs" } else { "shannon" }
  }
}
