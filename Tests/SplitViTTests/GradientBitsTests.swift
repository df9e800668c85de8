import Datasets
import Randomness
import TestSupport
import Testing
import Training

@testable import SplitViT

@Suite("Gradients that come back over the cut at few bits")
struct GradientBitsTests {
  private func settings(_ bits: Int, framework: Framework = .sflam, cut: Cut = .afterBlock(1)) throws -> TrainerSettings
  {
    try TrainerFixture.settings(framework) {
      $0.cut = cut
      $0.gradientBits = bits
    }
  }

  /// A replica with the gradient of a first mini-batch's activations, as the server has computed it.
  private func computed(_ settings: TrainerSettings) throws -> (replica: Replica, gradient: [Float]) {
    let inputs = try InputPreparation(
      settings.images.train, side: 8, channels: 1, normalization: settings.normalization)
    let model = FloatBuffer(count: settings.layout.count)
    var stream = Seed(5).stream(.weights)
    for place in model.values.indices { model.values[place] = Float(stream.gaussian()) / 4 }
    let replica = Replica(settings, inputs: inputs, model: model)
    for row in 0..<5 { inputs.fill(replica.network.input, at: row, sample: row, flipped: false) }
    replica.network.forwardDevice(count: 5)
    let labels = Array(settings.images.train.labels.prefix(5))
    labels.withUnsafeBufferPointer {
      _ = replica.network.stepServer(labels: $0, count: 5, trainable: settings.trainable)
    }
    let elements = 5 * settings.architecture.elements(at: settings.cut)
    return (replica, Array(replica.network.activationGradients.prefix(elements)))
  }

  @Test("are rounded to the levels of Eq. (7)", arguments: [1, 4, 13])
  func rounded(bits: Int) throws {
    let settings = try settings(bits)
    let (replica, gradient) = try computed(settings)
    var pass = DevicePass(settings, round: 2, device: 1, bits: 32)
    try replica.sendGradientBack(&pass, count: 5)
    let arrived = replica.network.activationGradients.prefix(gradient.count)
    let magnitudes = gradient.map(\.magnitude)
    let (low, high) = (try #require(magnitudes.min()), try #require(magnitudes.max()))
    let step = (high - low) / Float((1 << bits) - 1)
    #expect(Set(arrived.map(\.magnitude)).count <= 1 << bits && high > low)
    for (sent, came) in zip(gradient, arrived) {
      #expect(came.sign == sent.sign && abs(came - sent) <= step * 1.001)
    }
    // The mean over many draws is the gradient itself.
    var sums = [Double](repeating: 0, count: gradient.count)
    for _ in 0..<400 {
      for (place, value) in gradient.enumerated() { replica.network.activationGradients[place] = value }
      try replica.sendGradientBack(&pass, count: 5)
      for place in sums.indices { sums[place] += Double(replica.network.activationGradients[place]) }
    }
    let worst = zip(sums, gradient).map { abs($0 / 400 - Double($1)) }.max() ?? 0
    // Five standard deviations of a mean of 400 roundings, half a step each at most.
    #expect(worst <= 5 * Double(step) / 2 / 20 + 1e-6 * Double(high))
  }

  @Test("at 32 bits, behind a frozen part and where nothing is cut, training has the bytes that it has without them")
  func unchanged() throws {
    let plain = try TrainerFixture.trained(settings(32)).trainer.bits
    #expect(
      try TrainerFixture.trained(TrainerFixture.settings(.sflam) { $0.cut = .afterBlock(1) }).trainer.bits == plain)
    #expect(try TrainerFixture.trained(settings(2)).trainer.bits != plain)
    func frozen(_ bits: Int) throws -> [UInt32] {
      var settings = try settings(bits)
      settings.embedding = .frozen
      return try TrainerFixture.trained(settings).trainer.bits
    }
    #expect(try frozen(2) == frozen(32))
  }

  @Test("train to the same bytes on any number of threads", arguments: [Framework.sflam, .sfl, .sflV2, .sl])
  func threads(framework: Framework) throws {
    let one = try TrainerFixture.trained(settings(3, framework: framework), threads: 1)
    let three = try TrainerFixture.trained(settings(3, framework: framework), threads: 3)
    #expect(one.trainer.bits == three.trainer.bits)
    #expect(one.learning.map(\.trainLoss) == three.learning.map(\.trainLoss))
  }
}
