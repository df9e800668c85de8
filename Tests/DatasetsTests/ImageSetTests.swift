import Datasets
import Testing

@Suite("Image sets")
struct ImageSetTests {
  @Test("a set knows how many images its pixels are")
  func count() {
    let set = ImageSet(channels: 1, side: 2, classes: 3, pixels: Array(0..<8), labels: [0, 2])
    #expect(set.count == 2)
  }
}
