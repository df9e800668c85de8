import CElementary
import Randomness

/// Images made from the seed: ten smooth patterns, one per class, each image moved, dimmed and under noise. Learnable in a
/// few hundred steps and not at once.
///
/// An image depends on the seed, its part and its number only, whatever the limits.
struct SyntheticImages: ImageSource {
  let seed: Seed
  let part: DatasetPart

  let channels = 1
  let side = 28
  private let classes = 10
  /// Largest shift in either direction, pixels.
  private let reach = 3

  private var count: Int { part == .train ? 10_000 : 2000 }

  func labels() throws(DatasetError) -> [UInt8] {
    (0..<count).map { image in
      var stream = stream(of: image)
      return label(&stream)
    }
  }

  func pixels(of images: [Int]) throws(DatasetError) -> [UInt8] {
    let patterns = (0..<classes).map(pattern)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(images.count * side * side)
    for image in images {
      var stream = stream(of: image)
      let pattern = patterns[Int(label(&stream))]
      let right = stream.integer(in: -reach...reach)
      let down = stream.integer(in: -reach...reach)
      let light = stream.uniform(low: 0.5, high: 1)
      for row in 0..<side {
        for column in 0..<side {
          let place = (row + down + side) % side * side + (column + right + side) % side
          let value = 128 + 90 * light * pattern[place] + stream.gaussian(standardDeviation: 40)
          pixels.append(UInt8(min(max(value, 0), 255)))
        }
      }
    }
    return pixels
  }

  private func stream(of image: Int) -> RandomStream { seed.stream(.images, 1 + part.rawValue, image) }

  private func label(_ stream: inout RandomStream) -> UInt8 { UInt8(stream.integer(in: 0...(classes - 1))) }

  /// A sum of a few waves of random direction, scaled to [−1, 1]: periodic, so that a shift loses nothing.
  private func pattern(_ label: Int) -> [Double] {
    var stream = seed.stream(.images, 0, label)
    var values = [Double](repeating: 0, count: side * side)
    for _ in 0..<4 {
      let across = Double(stream.integer(in: -3...3))
      let along = Double(stream.integer(in: -3...3))
      let phase = stream.uniform(low: 0, high: 2)
      for row in 0..<side {
        for column in 0..<side {
          let turn = 2 * (across * Double(column) + along * Double(row)) / Double(side)
          values[row * side + column] += elementary_sinpi(turn + phase)
        }
      }
    }
    let largest = max(values.map(\.magnitude).max() ?? 0, 1e-9)
    return values.map { $0 / largest }
  }

}
