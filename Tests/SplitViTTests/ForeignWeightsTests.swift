import Datasets
import Foundation
import Randomness
import TestSupport
import Testing
import Training

@testable import SplitViT

/// Files that other libraries saved, with the logits that their models give; `tools/make-weights-references` makes them anew.
@Suite("Weights of Hugging Face and torchvision")
struct ForeignWeightsTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/foreign").path

  private func shape(classes: Int = 3) throws -> VisionTransformer {
    try VisionTransformer(image: 8, channels: 3, patch: 4, width: 8, depth: 2, heads: 2, classes: classes)
  }

  /// The logits of a file's model, with what its norms add to a variance, or something else.
  private func logits(_ file: String, images: String, epsilon: Float? = nil) throws -> (ours: [Float], theirs: [Float])
  {
    let path = "\(Self.folder)/\(file)"
    let network = TransformerNetwork(try shape(), capacity: 4)
    let notes = try ModelWeights.load(path: path, into: network.parameters, layout: network.layout)
    #expect(notes == [])
    network.normEpsilon = try epsilon ?? Float(WeightsFolder(reading: path).normEpsilon)
    let references = try References("foreign/\(images)-expected")
    for (place, value) in try references.values("images").enumerated() { network.input[place] = value }
    network.forwardDevice(count: 4)
    network.forwardServer(count: 4, keepsSlopes: false)
    return (network.logits(count: 4), try references.values("logits"))
  }

  @Test(
    "the model of a file gives the logits that its library gives",
    arguments: [
      ("transformers/model.safetensors", "transformers"),
      ("transformers-sharded/model.safetensors.index.json", "transformers"),
      ("transformers-bfloat16/model.safetensors", "transformers-bfloat16"), ("torchvision.safetensors", "torchvision"),
    ])
  func sameLogits(file: String, images: String) throws {
    let (ours, theirs) = try logits(file, images: images)
    #expect(distance(ours, theirs) < 1e-5, "\(file)")
  }

  @Test("Hugging Face's norms add 1e-12 to a variance: with timm's 1e-6 these are other logits")
  func epsilon() throws {
    let path = "\(Self.folder)/transformers/model.safetensors"
    #expect(try WeightsFolder(reading: path).normEpsilon == 1e-12)
    let first = try ModelWeights.first(of: shape(), seed: Seed(1), path: path, head: .keep)
    #expect(first.normEpsilon == 1e-12)
    #expect(try ModelWeights.first(of: shape(), seed: Seed(1), path: nil, head: .keep).normEpsilon == 1e-6)
    #expect(try WeightsFolder(reading: "\(Self.folder)/torchvision.safetensors").normEpsilon == 1e-6)
    let (ours, theirs) = try logits("transformers/model.safetensors", images: "transformers", epsilon: 1e-6)
    #expect(distance(ours, theirs) > 1e-3)
  }

  @Test("what a trainer writes after such weights says what its norms add, and is read so")
  func written() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/trained.safetensors"
    let layout = ParameterLayout(try shape())
    let values = [Float](repeating: 0.5, count: layout.count)
    try values.withUnsafeBufferPointer {
      try ModelWeights.save($0, layout: layout, normEpsilon: 1e-12, to: path)
    }
    #expect(try WeightsFolder(reading: path).normEpsilon == 1e-12)
    try values.withUnsafeBufferPointer { try ModelWeights.save($0, layout: layout, to: path) }
    #expect(try WeightsFolder(reading: path).normEpsilon == 1e-6)
    #expect(try WeightsFile(reading: path).metadata.map(\.key) == ["format"])
  }

  @Test("a trainer computes with what the norms of its weights add")
  func trainer() throws {
    var settings = try TrainerFixture.settings(.sflam)
    settings.weights = "\(Self.folder)/transformers/model.safetensors"
    settings.architecture = try shape()
    settings.normalization = .init(mean: [0.4, 0.4, 0.4], std: [0.25, 0.25, 0.25])
    #expect(try SplitTrainer(settings, threads: 1).settings.normEpsilon == 1e-12)
    settings.weights = nil
    #expect(try SplitTrainer(settings, threads: 1).settings.normEpsilon == 1e-6)
  }

  @Test("a head of other classes is replaced, and what is missing is named as the file calls it")
  func adapted() throws {
    let layout = ParameterLayout(try shape(classes: 5))
    var values = [Float](repeating: 0, count: layout.count)
    let path = "\(Self.folder)/transformers/model.safetensors"
    let notes = try values.withUnsafeMutableBufferPointer {
      try ModelWeights.load(path: path, into: $0, layout: layout)
    }
    #expect(notes == ["the head of '\(path)' has 3 classes: a fresh one of 5 takes its place"])
    let deeper = ParameterLayout(
      try VisionTransformer(image: 8, channels: 3, patch: 4, width: 8, depth: 3, heads: 2, classes: 3))
    var more = [Float](repeating: 0, count: deeper.count)
    let error = #expect(throws: WeightsError.self) {
      try more.withUnsafeMutableBufferPointer { _ = try ModelWeights.load(path: path, into: $0, layout: deeper) }
    }
    #expect(error?.description.contains("'vit.encoder.layer.2.layernorm_before.weight' [8] is missing") == true)
  }

  @Test("torchvision's weights want ImageNet's pixels, and 'timm' is warned of")
  func normalization() throws {
    let layout = ParameterLayout(try shape())
    var values = [Float](repeating: 0, count: layout.count)
    let notes = try values.withUnsafeMutableBufferPointer {
      try ModelWeights.load(
        path: "\(Self.folder)/torchvision.safetensors", into: $0, layout: layout, normalization: .timm)
    }
    #expect(notes.count == 1 && notes[0].contains("'normalize: timm' (0.5 and 0.5) is wrong for torchvision"))
  }

  @Test(
    "an index that is none, or names what is not there, is refused in words",
    arguments: [
      (#"{"metadata": {}}"#, "is no index of weights: it has no 'weight_map'"),
      (
        #"{"weight_map": {"a": "../model.safetensors"}}"#,
        "names the file '../model.safetensors'; files of an index lie beside it"
      ),
      (#"{"weight_map": {"a": "model.safetensors"}}"#, "says that 'a' lies in a file that does not have it"),
      ("<html>", "is a web page"),
    ])
  func badIndex(text: String, message: String) throws {
    let scratch = try Scratch()
    let manager = FileManager.default
    try manager.copyItem(
      atPath: "\(Self.folder)/transformers/model.safetensors", toPath: "\(scratch.path)/model.safetensors")
    let path = "\(scratch.path)/model.safetensors.index.json"
    try Data(text.utf8).write(to: URL(filePath: path))
    let error = #expect(throws: WeightsError.self) { try WeightsFolder(reading: path) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
