import CElementary

/// Standard Gaussians by the ziggurat method, about one logarithm in a thousand draws.
///
/// G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables", J. Stat. Softw. 5(8), 2000, in J.
/// Voss's form (`gsl_ran_gaussian_ziggurat`): the density f(x) = exp(−x²/2), x ≥ 0, lies under 128 strips of one area. Strip
/// i reaches to edge i, whose height is f(edge i − 1) at most; the last one holds the tail beyond ``tail``, under
/// exp(−tail (x − tail / 2)). A word picks strip, sign, and one of 2²⁴ places, which nearly always lies under the density
/// for sure.
struct Ziggurat: Sendable {
  /// Where the tail begins: 128 strips then end at height 1.
  private static let tail = 3.4442864767612839
  private static let places = 16_777_216.0

  /// The tables of all draws.
  static let standard = Ziggurat()

  /// One place of each strip.
  private let width: [Double]
  /// Places under the density for sure.
  private let sure: [UInt32]
  /// f at the edge before each strip's, and 0 behind the last.
  private let height: [Double]

  private init() {
    let tail = Ziggurat.tail
    let area = Ziggurat.density(tail) * (tail + 1 / tail)
    var edges = [tail + 1 / tail, tail]
    for _ in 0..<126 {
      let last = edges[edges.count - 1]
      edges.append((-2 * elementary_log(area / last + Ziggurat.density(last))).squareRoot())
    }
    edges.reverse()
    width = edges.map { $0 / Ziggurat.places }
    sure = [0] + zip(edges, edges.dropFirst()).map { UInt32(Ziggurat.places * ($0 / $1)) }
    height = [1] + edges.dropLast().map(Ziggurat.density) + [0]
  }

  private static func density(_ x: Double) -> Double { elementary_exp(-0.5 * x * x) }

  /// A standard Gaussian.
  func draw(from stream: inout RandomStream) -> Double {
    while true {
      let word = stream.word()
      let strip = Int(word & 0x7f)
      let sign = word & 0x80 == 0 ? -1.0 : 1
      let place = word >> 8
      var x = Double(place) * width[strip]
      if place < sure[strip] { return sign * x }
      let y: Double
      if strip < 127 {
        let share = stream.uniform()
        y = height[strip + 1] + (height[strip] - height[strip + 1]) * share
      } else {
        x = Ziggurat.tail - elementary_log(1 - stream.uniform()) / Ziggurat.tail
        y = elementary_exp(-Ziggurat.tail * (x - 0.5 * Ziggurat.tail)) * stream.uniform()
      }
      if y < Ziggurat.density(x) { return sign * x }
    }
  }
}
