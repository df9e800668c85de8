import Datasets
import Foundation
import Randomness
import SplitViT
import TestSupport
import Testing
import Training

@Suite("Weights of a model")
struct ModelWeightsTests {
  private func shape(
    image: Int = 28, channels: Int = 1, width: Int = 12, depth: Int = 2, classes: Int = 5
  ) throws -> ParameterLayout {
    ParameterLayout(
      try VisionTransformer(
        image: image, channels: channels, patch: 7, width: width, depth: depth, heads: 3, classes: classes))
  }

  private func fresh(_ layout: ParameterLayout, seed: UInt64 = 1) -> [Float] {
    var values = [Float](repeating: .nan, count: layout.count)
    values.withUnsafeMutableBufferPointer { ModelWeights.initialize($0, layout: layout, seed: Seed(seed)) }
    return values
  }

  /// Saves fresh weights of one layout and loads them into another; what the buffer holds, and the notes.
  private func transfer(
    _ saved: ParameterLayout, to layout: ParameterLayout, head: HeadRule = .keep
  ) throws -> (given: [Float], values: [Float], notes: [String]) {
    let scratch = try Scratch()
    let path = "\(scratch.path)/w.safetensors"
    let given = fresh(saved)
    try given.withUnsafeBufferPointer { try ModelWeights.save($0, layout: saved, to: path) }
    var values = fresh(layout, seed: 2)
    let notes = try values.withUnsafeMutableBufferPointer {
      try ModelWeights.load(path: path, into: $0, layout: layout, head: head)
    }
    return (given, values, notes)
  }

  @Test("fresh weights have the deviations that timm gives them")
  func initialization() throws {
    let layout = try shape(width: 96)
    let values = fresh(layout)
    func deviation(_ name: String) throws -> Double {
      let own = try values[#require(layout[name]).range]
      return (own.reduce(0) { $0 + Double($1) * Double($1) } / Double(own.count)).squareRoot()
    }
    #expect(abs(try deviation("blocks.0.attn.qkv.weight") - 0.02) < 5e-4)
    #expect(abs(try deviation("head.weight") - 0.02) < 3e-3)
    // Uniform on ±1/7: deviation 1 / (7 sqrt 3).
    #expect(abs(try deviation("patch_embed.proj.weight") - 1 / (7 * 3.0.squareRoot())) < 3e-3)
    #expect(try deviation("cls_token") < 2e-6)
    #expect(try deviation("norm.weight") == 1)
    #expect(try deviation("blocks.1.mlp.fc1.bias") == 0)
    #expect(fresh(layout) == values)
    #expect(fresh(layout, seed: 2) != values)
  }

  @Test("what is saved loads as it is")
  func roundTrip() throws {
    let layout = try shape()
    let result = try transfer(layout, to: layout)
    #expect(result.values == result.given)
    #expect(result.notes.isEmpty)
  }

  @Test("what a file does not have is drawn as without it")
  func drawn() throws {
    let layout = try shape()
    let scratch = try Scratch()
    let path = "\(scratch.path)/w.safetensors"
    let given = fresh(layout)
    try given.withUnsafeBufferPointer { try ModelWeights.save($0, layout: layout, to: path) }
    func first(_ path: String?) throws -> [Float] {
      try ModelWeights.first(of: layout.architecture, seed: Seed(2), path: path, head: .fresh).tensors
        .flatMap(\.values)
    }
    let expected = try Array(given[..<layout.headRange.lowerBound]) + Array(first(nil)[layout.headRange])
    #expect(try first(path) == expected)
  }

  @Test("a head of other classes gives way to a fresh one, and this is said")
  func head() throws {
    let (saved, layout) = (try shape(classes: 7), try shape())
    let result = try transfer(saved, to: layout)
    #expect(result.values[..<layout.headRange.lowerBound] == result.given[..<saved.headRange.lowerBound])
    #expect(result.values[layout.headRange] == fresh(layout, seed: 2)[layout.headRange])
    #expect(result.notes.count == 1 && result.notes[0].contains("has 7 classes: a fresh one of 5"))
    let always = try transfer(layout, to: layout, head: .fresh)
    #expect(always.values[layout.headRange] == fresh(layout, seed: 2)[layout.headRange])
    #expect(always.notes == ["the head of 5 classes is fresh"])
  }

  @Test("a projection is summed up for one channel, and repeated and scaled for more")
  func channels() throws {
    let (colour, grey) = (try shape(channels: 3), try shape())
    let down = try transfer(colour, to: grey)
    // Pixel 0 of output 0: 49 pixels a channel.
    #expect(down.values[0] == down.given[0] + down.given[49] + down.given[98])
    let up = try transfer(grey, to: colour)
    #expect(up.values[49] == up.given[0] / 3)
    #expect(up.notes[0].contains("adapted from 1 channels to 3"))
  }

  @Test("what does not fit is listed, with the model's shape and the nearest name")
  func misfits() throws {
    func message(_ saved: ParameterLayout, _ layout: ParameterLayout) -> String {
      do {
        _ = try transfer(saved, to: layout)
        return "loaded"
      } catch {
        return "\(error)"
      }
    }
    let layout = try shape()
    let deeper = message(try shape(depth: 3), layout)
    #expect(deeper.contains("'blocks.2.norm1.weight' [12] is not in the model; did you mean 'blocks.0.norm1.weight'?"))
    #expect(deeper.contains("depth 2") && deeper.contains("and 4 more"))
    #expect(message(layout, try shape(depth: 3)).contains("'blocks.2.norm1.weight' [12] is missing"))
    #expect(message(try shape(width: 15), layout).contains("'cls_token' is [1, 1, 15], and the model's is [1, 1, 12]"))
  }

  /// What loading a model's weights says under the names that `rename` gives them, beside tensors of one number.
  private func message(
    more: [String] = [], normalization: DatasetPlan.Normalization? = nil, metadata: [(key: String, value: String)] = [],
    file: String = "w.safetensors", _ rename: (String) -> String? = { $0 }
  ) throws -> String {
    let layout = try shape()
    let scratch = try Scratch()
    let path = "\(scratch.path)/\(file)"
    var values = fresh(layout)
    try values.withUnsafeBufferPointer { values in
      let own = layout.tensors.compactMap { tensor -> WeightsFile.Tensor? in
        rename(tensor.name).map { ($0, tensor.shape, UnsafeBufferPointer(rebasing: values[tensor.range])) }
      }
      let others = more.map { WeightsFile.Tensor($0, [1], UnsafeBufferPointer(rebasing: values[..<1])) }
      try WeightsFile.write(own + others, metadata: metadata, to: path)
    }
    do {
      return try values.withUnsafeMutableBufferPointer {
        try ModelWeights.load(path: path, into: $0, layout: layout, normalization: normalization)
      }.joined(separator: "; ")
    } catch {
      return "\(error)".replacing("'\(path)' ", with: "")
    }
  }

  @Test("names of wrappers and other libraries are told in one sentence with what to do, not as a wall of names")
  func origins() throws {
    for (prefix, said) in [
      ("module.", "DataParallel"), ("_orig_mod.", "torch.compile"), ("model.", "Lightning"),
      ("module._orig_mod.", "begin with 'module._orig_mod.';"),
    ] {
      let text = try message { prefix + $0 }
      #expect(
        text.hasPrefix("holds this model under names that begin with '\(prefix)'") && text.contains(said), "\(text)")
      #expect(text.contains("{name.removeprefix('\(prefix)'): value") && !text.contains("\n"))
    }
    let old = try message {
      "vit." + $0.replacing("blocks.", with: "encoder.layer.").replacing("attn.qkv", with: "attention.attention.query")
    }
    #expect(old.hasPrefix("holds another model of Hugging Face's transformers"), "\(old)")
    let new = try message { $0.replacing("blocks.", with: "layers.").replacing("attn.qkv", with: "attention.q_proj") }
    #expect(new.hasPrefix("holds another model of Hugging Face's transformers"), "\(new)")
    let adapter = try message(more: ["base_model.model.vit.layers.0.attention.q_proj.lora_A.weight"]) { _ in nil }
    #expect(
      adapter.hasPrefix("holds an adapter of peft (LoRA)") && adapter.contains("merge_and_unload()"), "\(adapter)")
    for (tensor, said) in [
      ("blocks.0.ls1.gamma", "layer scale"), ("dist_token", "distilled DeiT"), ("norm_pre.weight", "CLIP"),
      ("fc_norm.bias", "averages"),
    ] {
      let text = try message(more: [tensor])
      #expect(text.hasPrefix("holds a") && text.contains(said) || text.contains("CLIP"), "\(text)")
    }
    #expect(try message(more: ["blocks.0.extra"]).contains("'blocks.0.extra' [1] is not in the model"))
  }

  @Test("weights that name a family which timm trained on other pixels are told from the 0.5 of 'timm'")
  func normalization() throws {
    let said = "is wrong for DeiT: write normalize: {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}"
    let architecture = [(key: "architecture", value: "deit_small_patch16_224.fb_in1k")]
    #expect(try message(normalization: .timm, metadata: architecture).hasSuffix(said))
    #expect(
      try message(normalization: .timm, file: "vit_base_patch16_224_miil.in21k.safetensors").contains(
        "mean: [0.0, 0.0, 0.0]"))
    #expect(try message(normalization: .init(mean: [0.485], std: [0.229]), metadata: architecture) == "")
    #expect(try message(normalization: .timm, metadata: [("architecture", "vit_base_patch32_224.augreg_in21k")]) == "")
  }

  @Test("half a head is a file that lost something, not one without a head", arguments: ["head.weight", "head.bias"])
  func halfHead(lost: String) throws {
    let layout = try shape()
    let scratch = try Scratch()
    let path = "\(scratch.path)/w.safetensors"
    let given = fresh(layout)
    try given.withUnsafeBufferPointer { values in
      let kept = layout.tensors.filter { $0.name != lost }.map { tensor -> WeightsFile.Tensor in
        (tensor.name, tensor.shape, UnsafeBufferPointer(rebasing: values[tensor.range]))
      }
      try WeightsFile.write(kept, to: path)
    }
    var values = fresh(layout, seed: 2)
    let error = #expect(throws: WeightsError.self) {
      try values.withUnsafeMutableBufferPointer { try ModelWeights.load(path: path, into: $0, layout: layout) }
    }
    #expect(error.map { "\($0)".contains("'\(lost)' [5") && "\($0)".contains("is missing") } == true)
    let notes = try values.withUnsafeMutableBufferPointer {
      try ModelWeights.load(path: path, into: $0, layout: layout, head: .fresh)
    }
    #expect(notes == ["the head of 5 classes is fresh"])
  }

  @Test("positions that are alike stay alike when they are interpolated")
  func positions() throws {
    let (small, large) = (try shape(image: 14), try shape(image: 28))
    let scratch = try Scratch()
    let path = "\(scratch.path)/w.safetensors"
    var given = fresh(small)
    let range = try #require(small["pos_embed"]).range
    for place in range { given[place] = Float((place - range.lowerBound) % 12) }
    try given.withUnsafeBufferPointer { try ModelWeights.save($0, layout: small, to: path) }
    var values = fresh(large)
    let notes = try values.withUnsafeMutableBufferPointer {
      try ModelWeights.load(path: path, into: $0, layout: large, head: .keep)
    }
    let new = try #require(large["pos_embed"]).range
    for place in new { #expect(abs(values[place] - Float((place - new.lowerBound) % 12)) < 1e-5) }
    #expect(notes[0].contains("interpolated from 2 x 2 patches to 4 x 4"))
  }

  @Test(
    "positions and projections of absurd sizes are refused by their shape",
    arguments: [
      // Its root rounds up to 3 037 000 500, whose square is more than an Int holds.
      ("pos_embed", "[0, 9223372036854775807, 12]"), ("pos_embed", "[1, 0, 12]"), ("pos_embed", "[0]"),
      ("pos_embed", "[]"), ("cls_token", "[0, 1, 1, 1, 1, 1, 1, 1, …]"), ("patch_embed.proj.weight", "[12, 0, 7, 7]"),
      ("patch_embed.proj.weight", "[0, 9223372036854775807, 7, 7]"),
    ])
  func absurd(name: String, shape: String) throws {
    let scratch = try Scratch()
    let bytes = shape == "[]" ? 4 : 0
    let header =
      #"{"\#(name)":{"dtype":"F32","shape":\#(shape.replacing("…", with: "1")),"data_offsets":[0,\#(bytes)]},"#
      + #""head.bias":{"dtype":"F32","shape":[0],"data_offsets":[\#(bytes),\#(bytes)]}}"#
    let path = try scratch.write(
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
        + [UInt8](repeating: 0, count: bytes))
    let layout = try self.shape()
    var values = fresh(layout)
    let error = try #require(throws: WeightsError.self) {
      try values.withUnsafeMutableBufferPointer { try ModelWeights.load(path: path, into: $0, layout: layout) }
    }
    #expect("\(error)".contains("'\(name)' is \(shape), and the model's is"), "\(error)")
  }
}
