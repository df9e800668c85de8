import Datasets
import Foundation
import Randomness
import TestSupport
import Testing

@Suite("Data set files")
struct DatasetFileTests {
  let seed = Seed(1)

  @Test("Fashion-MNIST's files are read, packed or not", arguments: [true, false])
  func fashion(packed: Bool) throws {
    let scratch = try Scratch()
    try scratch.writeFashion(packed: packed)
    let split = try DatasetPlan(name: .fashionMNIST, path: scratch.path).load(seed: seed)
    #expect(split.train.count == 30)
    #expect(split.test.count == 7)
    #expect(split.train.side == 28 && split.train.channels == 1 && split.train.classes == 10)
    #expect(split.train.labels[13] == 3)
    #expect(split.train.pixels[13 * 784 + 5] == 13)
  }

  @Test("offset, limits and classes choose images in the order of the file")
  func choice() throws {
    let scratch = try Scratch()
    try scratch.writeFashion()
    let plan = DatasetPlan(
      name: .fashionMNIST, path: scratch.path, trainOffset: 1, trainLimit: 3, testLimit: 1, classes: [5, 2])
    let split = try plan.load(seed: seed)
    // Images of the classes 5 and 2 are 2, 5, 12, 15, 22, 25; the offset passes over the first.
    #expect(split.train.pixels.enumerated().filter { $0.offset % 784 == 0 }.map(\.element) == [5, 12, 15])
    #expect(split.train.labels == [0, 1, 0])
    #expect(split.train.classes == 2)
    #expect(split.test.labels == [1])
    #expect(try plan.loadLabels(seed: seed) == [0, 1, 0])
  }

  @Test("validation takes the last training images, and training leaves them alone")
  func validation() throws {
    let scratch = try Scratch()
    try scratch.writeFashion()
    var plan = DatasetPlan(name: .fashionMNIST, path: scratch.path, testLimit: 4, evaluation: .validation)
    let split = try plan.load(seed: seed)
    #expect(split.train.count == 26)
    #expect(split.test.pixels[0] == 26)
    #expect(split.test.count == 4)
    plan.trainLimit = 27
    #expect(message(plan).contains("train_limit is 27, and there are 26 training images"))
  }

  @Test(
    "Debian's Fashion-MNIST has the pixels that the field normalises with",
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist")))
  func debian() throws {
    let plan = DatasetPlan(name: .fashionMNIST, testLimit: 3)
    let labels = try plan.loadLabels(seed: seed)
    #expect(labels.count == 60_000)
    #expect(labels.prefix(5) == [9, 0, 0, 3, 0])
    let train = try plan.load(seed: seed).train
    var sum = 0.0
    var squares = 0.0
    for pixel in train.pixels {
      let value = Double(pixel) / 255
      sum += value
      squares += value * value
    }
    let mean = sum / Double(train.pixels.count)
    #expect(abs(mean - 0.2860) < 1e-4)
    #expect(abs((squares / Double(train.pixels.count) - mean * mean).squareRoot() - 0.3530) < 1e-4)
  }

  @Test("CIFAR's records are read from the folder or from the one within it")
  func cifar() throws {
    let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    for prefix in ["", "cifar-10-batches-bin/"] {
      let scratch = try Scratch()
      try scratch.writeCIFAR(names.map { prefix + $0 }, count: 4, labelBytes: 1, classes: 10)
      let split = try DatasetPlan(name: .cifar10, path: scratch.path, trainOffset: 3, trainLimit: 6).load(seed: seed)
      // Images 3 of the first file, 0-3 of the second, 0 of the third.
      #expect(split.train.labels == [3, 1, 2, 3, 4, 2])
      #expect(split.train.pixels[2 * 3072] == 1)
      #expect(split.train.channels == 3 && split.train.side == 32)
    }
    let scratch = try Scratch()
    try scratch.writeCIFAR(["train.bin", "test.bin"], count: 120, labelBytes: 2, classes: 100)
    let split = try DatasetPlan(name: .cifar100, path: scratch.path).load(seed: seed)
    #expect(split.train.labels[99] == 99)
    #expect(split.test.labels[0] == 1)
    #expect(split.train.classes == 100)
  }

  @Test("a synthetic image does not depend on the limits")
  func synthetic() throws {
    let all = try DatasetPlan(name: .synthetic, trainLimit: 12, testLimit: 2).load(seed: seed).train
    let part = try DatasetPlan(name: .synthetic, trainOffset: 5, trainLimit: 4, testLimit: 2).load(seed: seed).train
    #expect(part.labels[...] == all.labels[5..<9])
    #expect(part.pixels[...] == all.pixels[5 * 784..<9 * 784])
    let other = try DatasetPlan(name: .synthetic, trainLimit: 12, testLimit: 2).load(seed: Seed(2)).train
    #expect(other.pixels != all.pixels)
  }
}
