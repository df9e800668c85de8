/// How a series is drawn: its colour, and the dash, marker and hatch that tell it apart without colour.
///
/// A policy and a framework look the same in every chart: what is drawn how stands here and nowhere else.
package struct Look: Sendable, Hashable {
  /// The place of its colour in the palette.
  var color: Int
  /// Which of the looks of that colour it is; 0 is the plain one.
  var variant: Int = 0
  /// Whether it is drawn thin and grey, for comparison with what the chart is about.
  var isContext = false

  /// Thin and grey, without a label: what other charts of the same figure show.
  package static let context = Look(color: 0, isContext: true)

  /// The place of its dash, marker and hatch.
  var pattern: Int { Palette.slot(color + 3 * variant) }

  /// The plain looks, one after another, for series that have no look of their own.
  static func plain(_ index: Int) -> Look {
    Look(color: Palette.slot(index), variant: index / Palette.colors.count)
  }

  /// Colours of policies and frameworks. What is one thing in two forms, as EP alone and EP in the descent's loop, has one.
  private static let colors: [String: Int] = [
    "exact": 6, "bcd": 0, "bcd-value": 5, "ep": 1, "bcd-ep": 1, "nq": 2, "bcd-nq": 2, "fixed-bits": 2, "rb": 3,
    "bcd-rb": 3, "restricted": 4, "round-robin": 7, "proportional-fair": 5, "max-rate": 4, "fedcs": 2,
    "virtual-queue": 1, "sflam": 0, "sfl": 1, "sl": 2, "fl": 4, "ll": 3,
  ]

  /// Settings that have a look of their own wherever they are drawn.
  private static let variants: [String: Int] = [
    "ep 0.5 W": 1, "ep 2 W": 2, "bcd-ep 0.5 W": 1, "bcd-ep 2 W": 2, "bcd restarts 10": 1, "bcd-value restarts 10": 1,
    "rb among feasible": 1, "sl, all": 1,
  ]

  /// The looks of a chart's series by what scenarios call them, `ep 1 W` or `{name: ep, power: 1 W}`; parts of a series
  /// stand between commas, `sl, all`, and the last one that has a colour of its own decides.
  ///
  /// The same name has the same look; two names never have one, as long as there are fewer than 64.
  package static func looks(of names: [String]) -> [Look] {
    var given: [String: Look] = [:]
    var taken: Set<Look> = []
    let plain = names.map { SeriesName.plain($0) }
    for name in plain where given[name] == nil {
      guard let color = ownColor(name) else { continue }
      var look = Look(color: color, variant: variants[name] ?? 0)
      for _ in 0..<Palette.colors.count where taken.contains(look) { look.variant += 1 }
      given[name] = look
      taken.insert(look)
    }
    let used = Set(taken.map(\.color))
    var free = Palette.colors.indices.filter { !used.contains($0) }[...]
    for name in plain where given[name] == nil {
      var look = Look(color: free.popFirst() ?? 0)
      if taken.contains(look) { look = (0..<64).lazy.map(Look.plain).first { !taken.contains($0) } ?? look }
      given[name] = look
      taken.insert(look)
    }
    return plain.map { given[$0] ?? .plain(0) }
  }

  private static func ownColor(_ name: String) -> Int? {
    name.split(separator: ", ").reversed().lazy.compactMap { colors[String($0.prefix { $0 != " " })] }.first
  }
}
