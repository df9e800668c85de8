import Datasets
import Testing

@Suite("Preparing inputs")
struct InputPreparationTests {
  private let plain = DatasetPlan.Normalization(mean: [0], std: [1.0 / 255])

  private func input(
    _ set: ImageSet, side: Int, channels: Int, _ rule: DatasetPlan.Normalization, flipped: Bool = false
  ) throws -> [Float] {
    let preparation = try InputPreparation(set, side: side, channels: channels, normalization: rule)
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * preparation.inputElements)
    defer { buffer.deallocate() }
    buffer.initialize(repeating: -1)
    preparation.fill(buffer, at: 1, sample: 0, flipped: flipped)
    #expect(buffer[0] == -1)
    return Array(buffer[preparation.inputElements...])
  }

  @Test("a byte becomes (x / 255 - mean) / std, a grey image one for each channel")
  func normalization() throws {
    let set = ImageSet(channels: 1, side: 1, classes: 1, pixels: [51], labels: [0])
    let values = try input(set, side: 1, channels: 2, .init(mean: [0.1, 0.2], std: [0.5, 0.25]))
    // 51 / 255 = 0.2: (0.2 - 0.1) / 0.5 and (0.2 - 0.2) / 0.25.
    #expect(abs(values[0] - 0.2) < 1e-7)
    #expect(abs(values[1]) < 1e-7)
  }

  @Test("flipping changes left and right")
  func flip() throws {
    let set = ImageSet(channels: 1, side: 2, classes: 1, pixels: [10, 20, 30, 40], labels: [0])
    #expect(try input(set, side: 2, channels: 1, plain, flipped: true) == [20, 10, 40, 30])
  }

  /// Expected values from torch.nn.functional.interpolate(mode="bilinear", align_corners=False).
  @Test("resizing is bilinear with pixel centres at half steps")
  func resize() throws {
    let grown = ImageSet(channels: 1, side: 3, classes: 1, pixels: [0, 10, 20, 30, 40, 50, 60, 70, 80], labels: [0])
    let large = try input(grown, side: 5, channels: 1, plain)
    let expected: [Float] = [
      0, 4, 10, 16, 20, 12, 16, 22, 28, 32, 30, 34, 40, 46, 50, 48, 52, 58, 64, 68, 60, 64, 70, 76, 80,
    ]
    #expect(zip(large, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(large)")
    let flipped = try input(grown, side: 5, channels: 1, plain, flipped: true)
    #expect(abs(flipped[0] - 20) < 1e-4 && abs(flipped[4]) < 1e-4)
    let shrunk = ImageSet(
      channels: 1, side: 4, classes: 1,
      pixels: [0, 50, 100, 150, 20, 70, 120, 170, 40, 90, 140, 190, 60, 110, 160, 250], labels: [0])
    let small = try input(shrunk, side: 3, channels: 1, plain)
    let least: [Float] = [11.6667, 78.3333, 145, 38.3333, 105, 171.6667, 65, 131.6667, 226.1111]
    #expect(zip(small, least).allSatisfy { abs($0 - $1) < 1e-3 }, "\(small)")
  }

  @Test("colour does not go into a grey model")
  func channels() {
    let set = ImageSet(channels: 3, side: 1, classes: 1, pixels: [1, 2, 3], labels: [0])
    #expect(throws: DatasetError.self) { try InputPreparation(set, side: 1, channels: 1, normalization: self.plain) }
    #expect(throws: DatasetError.self) {
      try InputPreparation(set, side: 1, channels: 3, normalization: .init(mean: [1, 2], std: [1]))
    }
  }
}
