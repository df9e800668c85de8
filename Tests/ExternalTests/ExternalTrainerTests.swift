import Datasets
import JSON
import Randomness
import Testing
import Training

@testable import External

@Suite("The protocol of trainers that are programs")
struct ExternalTrainerTests {
  private func settings(
    _ framework: Framework, flips: Bool = false, trainable: Trainable = .all, embedding: EmbeddingRule = .trained
  ) throws -> ExternalTrainerSettings {
    ExternalTrainerSettings(
      seed: Seed(3), scenario: .null, model: try #require(ModelProfile.named("vit_tiny_patch16_224", classes: 10)),
      framework: framework,
      recipe: TrainingRecipe(
        batch: 2, localEpochs: 1, optimizer: OptimizerRule(learningRate: 0.5), trainable: trainable,
        embedding: embedding, shuffles: false, evaluateEvery: 4),
      rounds: 10, flips: flips, partition: Partition(samples: [[5, 6, 7], [], [1], [0, 2, 3, 4]]), normalization: nil,
      threads: 2)
  }

  private func work(round: Int = 1, late: Int? = nil, isLast: Bool = false) -> RoundWork {
    RoundWork(
      round: round,
      participants: [0, 1, 2, 3].map { RoundWork.Participant(device: $0, bits: 4 + $0, steps: 2, isLate: $0 == late) },
      serverOrder: [3, 0, 3, 2, 0], isLast: isLast)
  }

  private func integers(_ tensor: Tensor?) -> [Int32] {
    if case .integers(let values) = tensor?.content { values } else { [] }
  }

  private func weights(_ participants: [JSONValue]) -> [Double] { participants.compactMap { $0["weight"]?.double } }

  @Test("a round's work names bits, weights and mini-batches, a row per step")
  func train() throws {
    let (members, tensors) = try settings(.sfl).message(of: work())
    let header = JSONValue.object(members)
    let participants = try #require(header["participants"]?.elements)
    #expect(weights(participants) == [0.375, 0, 0.125, 0.5])
    #expect(participants.map { $0["bits"]?.integer } == [4, 5, 6, 7])
    #expect(header["learning_rate"]?.double == 0.5)
    #expect(header["evaluate"] == false && header["last"] == false)
    #expect(header["server_order"]?.elements?.compactMap(\.integer) == [3, 0, 3, 2, 0])
    #expect(tensors.map(\.name) == ["batches.0", "batches.1", "batches.2", "batches.3"])
    #expect(tensors.map(\.shape) == [[2, 2], [0, 0], [1, 1], [2, 2]])
    #expect(integers(tensors[0]) == [5, 6, 7, -1])
    #expect(integers(tensors[3]) == [0, 2, 3, 4])
  }

  @Test("the weight of who is late goes to the others, and evaluations are due now and then and at the end")
  func late() throws {
    let (members, tensors) = try settings(.sfl, flips: true).message(of: work(round: 8, late: 0))
    let header = JSONValue.object(members)
    let participants = try #require(header["participants"]?.elements)
    #expect(weights(participants) == [0, 0, 0.2, 0.8])
    #expect(participants.map { $0["late"]?.bool } == [true, false, false, false])
    #expect(header["evaluate"] == true)
    #expect(tensors.map(\.name).contains("batches.0") && tensors.map(\.name).contains("flips.3"))
    let last = try settings(.sfl).message(of: work(round: 9, isLast: true)).0
    #expect(JSONValue.object(last)["evaluate"] == true)
  }

  @Test("a merge of versions names each one's version, its rate and mini-batches, and what it counts")
  func versions() throws {
    var settings = try settings(.sfl)
    settings.mergesVersions = true
    settings.recipe.shuffles = true
    settings.recipe.optimizer.schedule.kind = .cosine
    #expect(JSONValue.object(settings.hello)["protocol"] == 2)
    var rule = AggregationRule()
    (rule.mode, rule.staleness) = (.buffered, .constant)
    var work = RoundWork(
      round: 5,
      participants: [
        .init(device: 0, bits: 4, steps: 2, version: 5), .init(device: 2, bits: 4, steps: 1, version: 2),
        .init(device: 3, bits: 4, steps: 2, isLate: true, version: 3),
      ])
    work.merge = RoundWork.Merge(rule: rule, versionsInUse: [3])
    let (members, tensors) = settings.message(of: work)
    let header = JSONValue.object(members)
    let participants = try #require(header["participants"]?.elements)
    #expect(participants.map { $0["version"]?.integer } == [5, 2, 3])
    #expect(weights(participants) == [0.75, 0.25, 0])
    #expect(participants.map { $0["begun_weight"]?.double } == [0, 0.25, 0])
    #expect(header["base_weight"]?.double == 0.25 && header["versions_in_use"]?.elements == [3])
    let optimizer = settings.recipe.optimizer
    #expect(
      participants.map { $0["learning_rate"]?.double } == [5, 2, 3].map { optimizer.learningRate(round: $0, of: 10) })
    // A device's mini-batches are those of the round in which it began.
    let begun = settings.message(of: RoundWork(round: 2, participants: [.init(device: 2, bits: 4, steps: 1)])).1
    #expect(integers(tensors[1]) == integers(begun[0]))
  }

  @Test("under central learning the samples of all lie in one place")
  func pooled() throws {
    let tensors = try settings(.cl).message(of: work(late: 2)).1
    #expect(tensors.map(\.name) == ["batches.pool"] && tensors[0].shape == [4, 2])
    #expect(integers(tensors[0]) == [5, 6, 7, 0, 2, 3, 4, -1])
    let nobody = RoundWork(round: 1, participants: [])
    #expect(try settings(.cl).message(of: nobody).1.isEmpty)
  }

  @Test("the hello says how models come together, and whether the server keeps activations")
  func hello() throws {
    func training(_ settings: ExternalTrainerSettings) -> JSONValue? { JSONValue.object(settings.hello)["training"] }
    #expect(training(try settings(.sflV2))?["aggregation"] == "shared-server")
    #expect(training(try settings(.sflam))?["quantized"] == true)
    for (trainable, embedding) in Trainable.allCases.flatMap({ rule in EmbeddingRule.allCases.map { (rule, $0) } }) {
      for (framework, flips) in [(Framework.sfl, false), (.sfl, true), (.fl, false)] {
        let settings = try settings(framework, flips: flips, trainable: trainable, embedding: embedding)
        let keeps = settings.recipe.keepsActivations(framework.traits, isAugmented: flips)
        #expect(training(settings)?["keeps_activations"] == .bool(keeps), "\(trainable), \(embedding)")
      }
    }
    var labels = try settings(.sfl, embedding: .frozen)
    #expect(training(labels)?["labels"] == nil && training(labels)?["keeps_activations"] == true)
    labels.recipe.labels = .device
    #expect(training(labels)?["labels"] == "device" && training(labels)?["keeps_activations"] == false)
    var other = try settings(.sfl)
    other.normEpsilon = 1e-12
    #expect(JSONValue.object(other.hello)["model"]?["norm_epsilon"] == .number(1e-12))
    let held = try settings(.sfl).partitionTensors
    #expect(integers(held[0]) == [3, 0, 1, 4] && integers(held[1]) == [5, 6, 7, 1, 0, 2, 3, 4])
  }

  @Test(
    "a header that announces what cannot be is refused",
    arguments: [
      "{\"tensors\": 1}", "{\"tensors\": [1]}", "{\"tensors\": [{\"name\": \"a\", \"type\": \"int8\"}]}",
      "{\"tensors\": [{\"name\": \"a\", \"type\": \"int9\", \"shape\": []}]}",
      "{\"tensors\": [{\"name\": \"a\", \"type\": \"int8\", \"shape\": [-1]}]}",
      "{\"tensors\": [{\"name\": \"a\", \"type\": \"int8\", \"shape\": [1.5]}]}",
      "{\"tensors\": [{\"name\": \"a\", \"type\": \"int64\", \"shape\": [4611686018427387904]}]}",
      "{\"tensors\": [{\"name\": \"a\", \"type\": \"int8\", \"shape\": []}, {\"name\": \"a\", \"type\": \"int8\", \"shape\": []}]}",
    ])
  func announced(text: String) throws {
    let header = try JSONValue(parsing: text)
    #expect(throws: ProtocolViolation.self) { try TensorEntry.list(header) }
  }

  @Test("tensors go over the pipe as little-endian numbers, and their bytes are counted without overflow")
  func bytes() throws {
    #expect(Tensor("a", [2], .floats([1, -2])).raw == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(Tensor("a", [1, 1], .integers([-2])).raw == [0xFE, 0xFF, 0xFF, 0xFF])
    #expect(FramePipe.length([1, 2, 0, 0]) == 513)
    #expect(FramePipe.encoded([7]) == [1, 0, 0, 0, 7])
    let entry = TensorEntry(name: "a", type: "int8", shape: [1 << 62])
    #expect(entry.byteCount == 1 << 62)
    #expect([entry, entry].byteCount == nil)
  }
}
