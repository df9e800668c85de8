import SplitViT
import Testing
import Training

@Suite("Parameter layout")
struct ParameterLayoutTests {
  @Test("a layout has as many elements as the model has parameters", arguments: ModelProfile.names)
  func count(name: String) throws {
    let profile = try #require(ModelProfile.named(name, classes: 10))
    let layout = ParameterLayout(try #require(profile.architecture))
    #expect(layout.count == profile.parameters)
  }

  @Test("tensors follow each other without a gap, under names of their own")
  func dense() throws {
    let layout = ParameterLayout(
      try VisionTransformer(image: 28, channels: 1, patch: 7, width: 24, depth: 3, heads: 3, classes: 10))
    var next = 0
    for tensor in layout.tensors {
      #expect(tensor.offset == next)
      next = tensor.range.upperBound
    }
    #expect(next == layout.count)
    #expect(Set(layout.tensors.map(\.name)).count == layout.tensors.count)
  }

  @Test("the device's part ends where the cut is")
  func parts() throws {
    let layout = ParameterLayout(
      try VisionTransformer(image: 28, channels: 1, patch: 7, width: 24, depth: 3, heads: 3, classes: 10))
    #expect(layout.deviceRange(.embedding).upperBound == layout["cls_token"]?.offset)
    #expect(layout.deviceRange(.afterEmbedding).upperBound == layout["blocks.0.norm1.weight"]?.offset)
    #expect(layout.deviceRange(.afterBlock(2)).upperBound == layout["blocks.2.norm1.weight"]?.offset)
    #expect(layout.serverRange(.afterBlock(3)).lowerBound == layout["norm.weight"]?.offset)
    #expect(layout.headRange == layout.count - 250..<layout.count)
  }
}
