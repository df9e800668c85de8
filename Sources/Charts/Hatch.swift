/// Lines over an area, another for each series, so that areas are told apart without colour.
enum Hatch {
  /// The path of the lines over a rectangle; empty for the series that has none.
  static func path(_ slot: Int, _ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
    guard width > 2, height > 2 else { return "" }
    return switch slot {
    case 1: rising(x, y, width, height)
    case 2: level(x, y, width, height, 5)
    case 3: falling(x, y, width, height)
    case 4: upright(x, y, width, height, 5)
    case 5: level(x, y, width, height, 6) + upright(x, y, width, height, 6)
    case 7: level(x, y, width, height, 3)
    default: ""
    }
  }

  private static func places(_ length: Double, _ step: Double) -> StrideTo<Double> {
    stride(from: step / 2, to: min(length, 4000), by: step)
  }

  private static func level(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ step: Double) -> String {
    places(height, step).map { "M\(Path.at(x, y + height - $0))h\(NumberText.coordinate(width))" }.joined()
  }

  private static func upright(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ step: Double) -> String {
    places(width, step).map { "M\(Path.at(x + $0, y))v\(NumberText.coordinate(height))" }.joined()
  }

  private static func rising(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
    // On each line the distances from the left and from the bottom edge have a constant difference.
    places(width + height, 6).map { place in
      let offset = place - height
      let from = max(offset, 0)
      let to = min(offset + height, width)
      return Path.line([(x + from, y + height - (from - offset)), (x + to, y + height - (to - offset))])
    }.joined()
  }

  private static func falling(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
    places(width + height, 6).map { place in
      let offset = place - height
      let from = max(offset, 0)
      let to = min(offset + height, width)
      return Path.line([(x + from, y + (from - offset)), (x + to, y + (to - offset))])
    }.joined()
  }
}
