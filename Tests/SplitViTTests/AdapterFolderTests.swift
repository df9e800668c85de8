import Foundation
import JSON
import TestSupport
import Testing
import Training

@testable import SplitViT

@Suite("Folders of peft")
struct AdapterFolderTests {
  private static let shape = try? VisionTransformer(
    image: 28, channels: 1, patch: 7, width: 24, depth: 2, heads: 3, classes: 5)

  private static func folder(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name)").path
  }

  private func layout(_ adapters: LowRankAdapters, cut: Cut = .embedding) throws -> ParameterLayout {
    ParameterLayout(try #require(Self.shape), adapters: adapters, cut: cut)
  }

  @Test("what peft saved is read: A, B and head", arguments: AdapterReferenceTests.models)
  func read(model: AdapterReferenceTests.Model) throws {
    let layout = try layout(model.adapters)
    let references = try References(model.name)
    let buffer = FloatBuffer(count: layout.count)
    let notes = try AdapterFolder.load(Self.folder(model.name), into: buffer.values, layout: layout)
    #expect(notes == [])
    for tensor in layout.tensors where tensor.offset >= layout.ownRange.lowerBound {
      #expect(
        try Array(buffer.values.run(tensor.range)) == references.values("weights/\(tensor.name)"), "\(tensor.name)")
    }
    #expect(buffer.values.run(0..<layout.ownRange.lowerBound).allSatisfy { $0 == 0 })
    let fresh = FloatBuffer(count: layout.count)
    let said = try AdapterFolder.load(Self.folder(model.name), into: fresh.values, layout: layout, head: .fresh)
    #expect(said == ["the head is not that of '\(Self.folder(model.name))'"])
    #expect(fresh.values.run(layout.headRange).allSatisfy { $0 == 0 })
  }

  @Test(
    "what is written has peft's names and choices, and reads back bit by bit", arguments: AdapterReferenceTests.models)
  func written(model: AdapterReferenceTests.Model) throws {
    let scratch = try Scratch()
    let layout = try layout(model.adapters)
    let buffer = FloatBuffer(count: layout.count)
    _ = try AdapterFolder.load(Self.folder(model.name), into: buffer.values, layout: layout)
    try AdapterFolder.write(UnsafeBufferPointer(buffer.values), layout: layout, to: scratch.path)
    let again = FloatBuffer(count: layout.count)
    #expect(try AdapterFolder.load(scratch.path, into: again.values, layout: layout) == [])
    #expect(Array(again.values) == Array(buffer.values))
    let folders = [scratch.path, Self.folder(model.name)]
    let files = try folders.map { try WeightsFile(reading: "\($0)/adapter_model.safetensors") }
    let (ours, theirs) = (files[0], files[1])
    #expect(Set(ours.entries.map(\.name)) == Set(theirs.entries.map(\.name)))
    for entry in ours.entries { #expect(entry.shape == theirs[entry.name]?.shape) }
    let texts = try folders.map {
      try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: "\($0)/adapter_config.json"))))
    }
    let (own, other) = (texts[0], texts[1])
    for key in ["peft_type", "r", "lora_alpha", "use_rslora", "lora_dropout", "bias", "modules_to_save"] {
      #expect(own[key] == other[key], "\(key)")
    }
  }

  @Test("adapters of some blocks are named one by one")
  func part() throws {
    let scratch = try Scratch()
    let layout = try layout(LowRankAdapters(rank: 2, alpha: 1.5, targets: [.proj], part: .server), cut: .afterBlock(1))
    let buffer = FloatBuffer(count: layout.count)
    try AdapterFolder.write(UnsafeBufferPointer(buffer.values), layout: layout, to: scratch.path)
    let json = try JSONValue(
      parsing: Array(Data(contentsOf: URL(filePath: "\(scratch.path)/adapter_config.json"))))
    #expect(json["target_modules"] == .array(["blocks.1.attn.proj"]))
    #expect(json["lora_alpha"]?.double == 1.5)
  }

  @Test(
    "what differs is said by its name",
    arguments: [
      (LowRankAdapters(rank: 8, alpha: 8), "r is 4, and the rank here is 8"),
      (LowRankAdapters(rank: 4, alpha: 9), "lora_alpha is 8, and alpha here is 9.0"),
      (LowRankAdapters(rank: 4, alpha: 8, scaling: .rankStabilized), "use_rslora is false, and scaling here is"),
      (LowRankAdapters(rank: 4, alpha: 8, targets: [.qkv]), "attn.proj.lora_A.weight', which 'lora, rank 4"),
    ])
  func differs(adapters: LowRankAdapters, text: String) throws {
    let layout = try layout(adapters)
    let buffer = FloatBuffer(count: layout.count)
    let error = #expect(throws: WeightsError.self) {
      try AdapterFolder.load(Self.folder("lora-all"), into: buffer.values, layout: layout)
    }
    #expect(try #require(error).description.contains(text), "\(error?.description ?? "")")
  }

  @Test("what cannot be had is refused in words")
  func refused() throws {
    let scratch = try Scratch()
    let adapters = LowRankAdapters(rank: 2, alpha: 2, targets: [.proj])
    let layout = try layout(adapters)
    let buffer = FloatBuffer(count: layout.count)
    try AdapterFolder.write(UnsafeBufferPointer(buffer.values), layout: layout, to: scratch.path)
    let path = "\(scratch.path)/adapter_config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    func message(_ from: String, _ to: String) throws -> String {
      try #require(text.contains(from))
      try text.replacing(from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
      do {
        return try AdapterFolder.load(scratch.path, into: buffer.values, layout: layout).joined()
      } catch {
        return error.description
      }
    }
    #expect(try message("\"LORA\"", "\"IA3\"").contains("peft_type is \"IA3\", and only LORA can be read"))
    #expect(
      try message("\"bias\": \"none\"", "\"bias\": \"all\"").contains("bias is \"all\", and biases are frozen here"))
    #expect(
      try message("\"bias\"", "\"use_dora\": true, \"bias\"").contains("use_dora is true, which is not known here"))
    #expect(
      try message("\"bias\"", "\"rank_pattern\": {\"fc1\": 4}, \"bias\"").contains("all adapters here have one rank"))
    #expect(try message("\"lora_dropout\": 0", "\"lora_dropout\": 0.1").contains("here they go on without"))
    #expect(try message("{", "<").contains("is no JSON object"))
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let values = UnsafeBufferPointer(rebasing: buffer.values[0..<1])
    for (name, words) in [
      ("base_model.model.patch_embed.proj.lora_A.weight", "an adapter of the patch projection"),
      (
        "base_model.model.vit.encoder.layer.0.attention.attention.query.lora_A.weight",
        "a name of Hugging Face's transformers"
      ), ("base_model.model.norm.weight", "which 'lora, rank 2, alpha 2.0"),
    ] {
      try WeightsFile.write([(name, [1], values)], to: "\(scratch.path)/adapter_model.safetensors")
      #expect(try message("{", "{").contains(words), "\(name)")
    }
  }

  @Test("a trainer begins with the adapters of a folder, and writes such a folder")
  func trainer() throws {
    let scratch = try Scratch()
    var settings = try TrainerFixture.settings(.sfl) {
      ($0.cut, $0.adapters) = (.afterBlock(1), LowRankAdapters(rank: 2, alpha: 4))
    }
    let trainer = try TrainerFixture.trained(settings).trainer
    try trainer.writeAdapters(to: scratch.path)
    settings.adapters?.weights = scratch.path
    settings.adapters?.dropout = 0.25
    #expect(
      try SplitTrainer(settings, threads: 1).notes.first?.hasSuffix("dropout of 0.0; here they go on with 0.25") == true
    )
    try AdapterFolder.write(
      UnsafeBufferPointer(trainer.state.model.values), layout: settings.layout, to: scratch.path)
    let text = try String(contentsOfFile: "\(scratch.path)/adapter_config.json", encoding: .utf8)
    #expect(text.contains("\"lora_dropout\": 0.25"))
    #expect(try SplitTrainer(settings, threads: 1).notes == [])
    settings.adapters?.dropout = 0
    try trainer.writeAdapters(to: scratch.path)
    let next = try SplitTrainer(settings, threads: 1)
    #expect(next.notes == [])
    #expect(next.bits == trainer.bits)
  }
}
