import CZlib
import Foundation

/// The pixels of a PNG file of eight bits a channel, with or without alpha, as browsers write it.
struct Picture {
  struct Damaged: Error {}

  let width: Int
  let height: Int
  /// Red, green, blue of each pixel, row by row.
  let pixels: [SIMD3<UInt8>]

  init(png: Data) throws {
    let bytes = Array(png)
    var position = 8
    var header: ArraySlice<UInt8> = []
    var packed: [UInt8] = []
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    while position + 12 <= bytes.count {
      let length = number(position)
      guard position + 12 + length <= bytes.count else { throw Damaged() }
      let content = bytes[position + 8..<position + 8 + length]
      switch String(decoding: bytes[position + 4..<position + 8], as: UTF8.self) {
      case "IHDR": header = content
      case "IDAT": packed += content
      default: break
      }
      position += 12 + length
    }
    guard header.count == 13 else { throw Damaged() }
    let head = header.startIndex
    (width, height) = (number(head), number(head + 4))
    let channels = header[head + 9] == 6 ? 4 : 3
    guard header[head + 8] == 8, [2, 6].contains(header[head + 9]), header[head + 12] == 0 else { throw Damaged() }

    let stride = width * channels
    var rows = [UInt8](repeating: 0, count: (stride + 1) * height)
    var count = uLongf(rows.count)
    guard uncompress(&rows, &count, packed, uLong(packed.count)) == Z_OK, count == rows.count else { throw Damaged() }
    var previous = [UInt8](repeating: 0, count: stride)
    var pixels: [SIMD3<UInt8>] = []
    pixels.reserveCapacity(width * height)
    for row in 0..<height {
      let filter = rows[row * (stride + 1)]
      var line = Array(rows[row * (stride + 1) + 1..<(row + 1) * (stride + 1)])
      for index in 0..<stride {
        let left = index >= channels ? Int(line[index - channels]) : 0
        let up = Int(previous[index])
        let corner = index >= channels ? Int(previous[index - channels]) : 0
        let guess =
          switch filter {
          case 1: left
          case 2: up
          case 3: (left + up) / 2
          case 4: Self.paeth(left, up, corner)
          default: 0
          }
        line[index] = UInt8(truncatingIfNeeded: Int(line[index]) + guess)
      }
      for pixel in 0..<width {
        pixels.append(SIMD3(line[pixel * channels], line[pixel * channels + 1], line[pixel * channels + 2]))
      }
      previous = line
    }
    self.pixels = pixels
  }

  private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
    let guess = left + up - corner
    let (a, b, c) = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return a <= b && a <= c ? left : b <= c ? up : corner
  }

  /// The colour of the upper left pixel.
  var background: SIMD3<UInt8> { pixels[0] }

  /// Pixels of one colour.
  func count(_ color: SIMD3<UInt8>) -> Int { pixels.count { $0 == color } }
}
