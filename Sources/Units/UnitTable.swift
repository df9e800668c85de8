/// All units of measure, to read a quantity whose unit is not known beforehand.
public enum UnitTable {
  /// The SI value of a number with the unit `symbol`, and the symbol of its SI unit; `nil` for an unknown symbol.
  ///
  /// Units that share a symbol with another share its meaning too.
  public static func siValue(of number: Double, unit symbol: String) -> (value: Double, unit: String)? {
    for unit in all {
      if let spelling = unit.spellings.first(where: { $0.symbol == symbol }) {
        return (spelling.scale.siValue(of: number), unit.symbol)
      }
    }
    return nil
  }

  /// Every symbol, without the empty one.
  public static var symbols: [String] { all.flatMap { $0.spellings.map(\.symbol) }.filter { !$0.isEmpty } }

  /// `One` stands before the ratios and decibels, so that a bare number is one.
  private static let all: [any UnitOfMeasure.Type] = [
    One.self, Watt.self, Joule.self, Second.self, HertzUnit.self, Meter.self, Bit.self, BitPerSecond.self, Flop.self,
    FlopPerSecond.self, WattPerHertz.self, WattPerCubicHertz.self, PowerRatioUnit.self, DecibelUnit.self, Share.self,
    MeterPerSecond.self,
  ]
}
