import Testing
import Trace
import Training
import Units

@testable import SplitViT

/// Images of 8 x 8 in four patches, 8 wide; mini-batches of five.
@Suite("What a trainer says goes over the air")
struct TensorsOnAirTests {
  private static func rows(
    _ settings: TrainerSettings, late: Set<Int> = [], devices: [Int]? = nil
  ) throws -> [String] {
    var work = TrainerFixture.work(settings, round: 1, devices: devices, late: late)
    work.listsTensors = true
    let learning = try SplitTrainer(settings, threads: 1).train(work)
    return learning.tensors.map { row in
      "\(row.round) \(row.device) \(row.step.map(String.init) ?? "-") \(row.direction) \(row.tensor) \(row.shape) "
        + "\(row.bits) \(Int(row.payload.value))"
    }
  }

  @Test("thirteen samples in steps of five, five and three, at 8 bits up and 4 down, with signs and ranges")
  func steps() throws {
    let settings = try TrainerFixture.settings(.sflam) { ($0.payload, $0.gradientBits) = (.exact, 4) }
    #expect(
      try Self.rows(settings, devices: [0]) == [
        "1 0 - down patch_embed.proj.weight 8x1x4x4 32 4096", "1 0 - down patch_embed.proj.bias 8 32 256",
        "1 0 1 up activations 5x4x8 8 1504", "1 0 1 down gradient 5x4x8 4 864",
        "1 0 2 up activations 5x4x8 8 1504", "1 0 2 down gradient 5x4x8 4 864",
        "1 0 3 up activations 3x4x8 8 928", "1 0 3 down gradient 3x4x8 4 544",
        "1 0 - up patch_embed.proj.weight 8x1x4x4 32 4096", "1 0 - up patch_embed.proj.bias 8 32 256",
      ])
  }

  @Test("who is late has sent its steps for nothing, and no model")
  func late() throws {
    let settings = try TrainerFixture.settings(.sflam) { ($0.payload, $0.gradientBits) = (.exact, 4) }
    let (all, lost) = (try Self.rows(settings, devices: [0]), try Self.rows(settings, late: [0], devices: [0]))
    #expect(lost == Array(all.dropLast(2)))
  }

  @Test("labels on the device: what its head reads comes down, and that gradient goes up")
  func labels() throws {
    let settings = try TrainerFixture.settings(.sfl) { $0.labels = .device }
    let rows = try Self.rows(settings, devices: [3])
    #expect(
      rows.filter { !$0.contains(" - ") } == [
        "1 3 1 up activations 4x4x8 32 4096", "1 3 1 down head_input 4x8 32 1024",
        "1 3 1 up head_gradient 4x8 32 1024", "1 3 1 down gradient 4x4x8 32 4096",
      ])
    #expect(rows.contains("1 3 - up head.weight 3x8 32 768") && rows.contains("1 3 - up head.bias 3 32 96"))
  }

  @Test("adapters have the device's rank")
  func ranks() throws {
    let settings = try TrainerFixture.settings(.sfl) {
      $0.adapters = LowRankAdapters(rank: 4, targets: [.proj])
      ($0.cut, $0.adapterRanks) = (.afterBlock(1), [4, 4, 4, 2])
    }
    #expect(
      try Self.rows(settings, devices: [2, 3]).filter { $0.contains(" - up ") } == [
        "1 2 - up blocks.0.attn.proj.lora_A.weight 4x8 32 1024",
        "1 2 - up blocks.0.attn.proj.lora_B.weight 8x4 32 1024",
        "1 3 - up blocks.0.attn.proj.lora_A.weight 2x8 32 512",
        "1 3 - up blocks.0.attn.proj.lora_B.weight 8x2 32 512",
      ])
  }

  @Test("where products are stacked, all that a device has missed comes down, or the matrix where that is less")
  func stacked() throws {
    let settings = try TrainerFixture.settings(.sfl) {
      $0.adapters = LowRankAdapters(rank: 2, targets: [.fc1], aggregation: .stacked)
      ($0.cut, $0.adapterRanks) = (.afterBlock(1), [2, 1, 2, 1])
    }
    let trainer = try SplitTrainer(settings, threads: 1)
    func down(round: Int, _ devices: [Int], late: Set<Int> = []) throws -> [String] {
      var work = TrainerFixture.work(settings, round: round, devices: devices, late: late)
      work.listsTensors = true
      return try trainer.train(work).tensors.filter { $0.direction == .down && $0.step == nil }
        .map { "\($0.device) \($0.tensor) \($0.shape) \(Int($0.payload.value))" }
    }
    #expect(try down(round: 1, [0, 1], late: [1]) == [])
    // Device 1 was late and brought nothing; rank 2 of device 0.
    let (a, b) = ("blocks.0.mlp.fc1.lora_A.weight", "blocks.0.mlp.fc1.lora_B.weight")
    #expect(
      try down(round: 2, [1, 2]) == ["1 \(a) 2x8 512", "1 \(b) 32x2 2048", "2 \(a) 2x8 512", "2 \(b) 32x2 2048"])
    #expect(
      try down(round: 3, [0, 1, 2]).prefix(4) == [
        "0 \(a) 5x8 1280", "0 \(b) 32x5 5120", "1 \(a) 3x8 768", "1 \(b) 32x3 3072",
      ])
    // Ranks 2 + 3 + 5 are more than the matrix of 32 x 8.
    #expect(try down(round: 4, [3]) == ["3 blocks.0.mlp.fc1.weight 32x8 8192"])
  }

  @Test("samples go up once, and models of one's own never")
  func others() throws {
    #expect(
      try Self.rows(TrainerFixture.settings(.cl), devices: [1, 3]) == [
        "1 1 - up samples 7x1x8x8 32 14336", "1 3 - up samples 4x1x8x8 32 8192",
      ])
    #expect(try Self.rows(TrainerFixture.settings(.ll)) == [])
  }
}
