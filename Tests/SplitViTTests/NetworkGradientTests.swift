import Testing
import Training

@testable import SplitViT

@Suite("Gradients of the network")
struct NetworkGradientTests {
  static let cuts: [Cut] = [.embedding, .afterEmbedding, .afterBlock(1), .afterBlock(2)]

  /// Largest difference within each tensor, as a share of the tensor's largest gradient.
  ///
  /// - Parameter loss: What gradients are the slopes of; `nil`: the loss of judging.
  static func check(
    _ network: TransformerNetwork, count: Int, every stride: Int, loss: ((TransformerNetwork) -> Double)? = nil
  ) -> [String] {
    let loss = loss ?? { $0.loss(count: count) }
    let step: Float = 0.01
    var wrong: [String] = []
    network.step(count: count)
    let gradients = Array(network.gradients)
    func slope(_ place: Int) -> Double {
      let kept = network.parameters[place]
      network.parameters[place] = kept + step
      let above = loss(network)
      network.parameters[place] = kept - step
      let below = loss(network)
      network.parameters[place] = kept
      return (above - below) / Double((kept + step) - (kept - step))
    }
    for tensor in network.ownTensors {
      let own = network.own(tensor)
      let largest = gradients[own].reduce(0) { max($0, abs($1)) }
      if largest < 1e-4 { wrong.append("\(tensor.name): no gradient to speak of, \(largest)") }
      for place in Swift.stride(from: own.lowerBound, to: own.upperBound, by: stride) {
        let expected = slope(place)
        if !(abs(Double(gradients[place]) - expected) <= 0.01 * Double(largest) + 2e-5) {
          wrong.append("\(tensor.name)[\(place - own.lowerBound)]: \(gradients[place]), differences say \(expected)")
        }
      }
    }
    return wrong
  }

  @Test("every gradient of the whole model is the slope of the loss, at every cut", arguments: cuts)
  func odd(cut: Cut) throws {
    let network = TransformerNetwork(try #require(TinyModel.odd), cut: cut, capacity: 3)
    network.fill(seed: 1)
    #expect(Self.check(network, count: 3, every: 3) == [])
  }

  @Test("every gradient of the device's own loss is the slope of it, at every cut", arguments: cuts)
  func localLoss(cut: Cut) throws {
    let network = TransformerNetwork(try #require(TinyModel.odd), cut: cut, capacity: 3, hasAuxiliaryHead: true)
    network.fill(seed: 6)
    let labels = network.labels(3)
    func ownLoss() -> Double {
      network.forwardDevice(count: 3)
      return labels.withUnsafeBufferPointer { network.stepAuxiliary(labels: $0, count: 3).loss }
    }
    _ = ownLoss()
    // What the server does in between is of no account to the device.
    for place in network.activations.indices { network.activations[place] *= 0.9 }
    _ = labels.withUnsafeBufferPointer { network.stepServer(labels: $0, count: 3, trainable: .all) }
    network.forwardDevice(count: 3)
    network.returnAuxiliaryGradient(count: 3)
    network.backwardDevice(count: 3)
    let gradients = Array(network.gradients)
    let own = network.layout.tensors.filter {
      $0.offset < network.layout.deviceRange(cut).upperBound || $0.offset >= network.layout.headRange.upperBound
    }
    #expect(own.last?.name == "auxiliary.bias")
    for tensor in own {
      let largest = gradients[tensor.range].reduce(0) { max($0, abs($1)) }
      #expect(largest > 1e-4, "\(tensor.name)")
      for place in Swift.stride(from: tensor.offset, to: tensor.range.upperBound, by: 7) {
        let kept = network.parameters[place]
        network.parameters[place] = kept + 0.01
        let above = ownLoss()
        network.parameters[place] = kept - 0.01
        let below = ownLoss()
        network.parameters[place] = kept
        let slope = (above - below) / Double((kept + 0.01) - (kept - 0.01))
        #expect(
          abs(Double(gradients[place]) - slope) <= 0.01 * Double(largest) + 2e-5,
          "\(tensor.name)[\(place - tensor.offset)]: \(gradients[place]), differences say \(slope)")
      }
    }
  }

  @Test("so it is with sizes of whole vectors, and of vectors with an end")
  func vectors() throws {
    for architecture in [try #require(TinyModel.even), try #require(TinyModel.mixed)] {
      let network = TransformerNetwork(architecture, capacity: 2)
      network.fill(seed: 2)
      #expect(Self.check(network, count: 2, every: 61) == [])
    }
  }

  @Test("the split gradient is the unsplit one, bit by bit, wherever the last block is the server's")
  func split() throws {
    let architecture = try #require(TinyModel.even)
    func step(_ cut: Cut) -> (TransformerNetwork, loss: Double) {
      let network = TransformerNetwork(architecture, cut: cut, capacity: 4)
      network.fill(seed: 3)
      return (network, network.step(count: 4).loss)
    }
    let (whole, loss) = step(.embedding)
    for cut: Cut in [.afterEmbedding, .afterBlock(1), .afterBlock(2)] {
      let (network, splitLoss) = step(cut)
      #expect(splitLoss == loss, "\(cut)")
      #expect(Array(network.gradients) == Array(whole.gradients), "\(cut)")
    }
    let (full, fullLoss) = step(.afterBlock(3))
    #expect(abs(fullLoss - loss) < 1e-6)
    for (one, other) in zip(full.gradients, whole.gradients) { #expect(abs(one - other) <= 1e-5 * max(1, abs(other))) }
  }

  @Test("the gradient on the air is the slope of the loss against what was sent", arguments: cuts)
  func activations(cut: Cut) throws {
    let network = TransformerNetwork(try #require(TinyModel.odd), cut: cut, capacity: 2)
    network.fill(seed: 4)
    network.forwardDevice(count: 2)
    let sent = Array(network.activations)
    let labels = network.labels(2)
    func serverLoss() -> Double {
      labels.withUnsafeBufferPointer { network.stepServer(labels: $0, count: 2, trainable: .all).loss }
    }
    _ = serverLoss()
    let gradients = Array(network.activationGradients)
    let largest = try #require(gradients.map(abs).max())
    for place in stride(from: 0, to: sent.count, by: 5) {
      func loss(at value: Float) -> Double {
        _ = network.activations.update(fromContentsOf: sent)
        network.activations[place] = value
        return serverLoss()
      }
      let expected = (loss(at: sent[place] + 0.01) - loss(at: sent[place] - 0.01)) / 0.02
      #expect(abs(Double(gradients[place]) - expected) <= 0.01 * Double(largest) + 5e-5, "element \(place)")
    }
  }

  @Test("with `head` only the head has a gradient, and it is the one it has with `all`")
  func head() throws {
    for cut in Self.cuts {
      let network = TransformerNetwork(try #require(TinyModel.odd), cut: cut, capacity: 3)
      network.fill(seed: 5)
      let all = network.step(count: 3)
      let gradients = Array(network.gradients)
      let head = network.step(count: 3, trainable: .head)
      #expect(all == head)
      let range = network.layout.headRange
      #expect(Array(network.gradients[range]) == Array(gradients[range]))
      #expect(network.gradients[..<range.lowerBound].allSatisfy { $0 == 0 })
      #expect(network.activationGradients.allSatisfy { $0 == 0 })
    }
  }
}
