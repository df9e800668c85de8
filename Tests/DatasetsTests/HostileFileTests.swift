import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Hostile data set files")
struct HostileFileTests {
  @Test("what is not there is answered with how to get it")
  func missing() throws {
    let scratch = try Scratch()
    #expect(
      message(DatasetPlan(name: .fashionMNIST, path: "/no/such")).contains("apt-get install dataset-fashion-mnist"))
    #expect(
      message(DatasetPlan(name: .fashionMNIST, path: scratch.path)).hasPrefix(
        "there is no file '\(scratch.path)/train-labels-idx1-ubyte.gz'"))
    #expect(message(DatasetPlan(name: .cifar10)).contains("needs the folder of its files"))
    #expect(
      message(DatasetPlan(name: .cifar100, path: scratch.path)).contains("https://www.cs.toronto.edu/~kriz/cifar.html"))
  }

  @Test("wrong magic, sizes, labels and limits are named")
  func wrong() throws {
    let scratch = try Scratch()
    let plan = DatasetPlan(name: .fashionMNIST, path: scratch.path)
    try scratch.writeFashion(packed: false)
    try scratch.write(idx([30, 28, 28], []), to: "train-labels-idx1-ubyte")
    #expect(message(plan).contains("is no IDX file of labels: it begins with 0 0 8 3, not 0 0 8 1"))
    try scratch.write(idx([2], [3, 10]), to: "train-labels-idx1-ubyte")
    #expect(message(plan).contains("has the label 10 at place 1"))
    try scratch.write(idx([2], [3, 4, 5]), to: "train-labels-idx1-ubyte")
    #expect(message(plan).contains("goes on after what its header announces"))
    try scratch.write(idx([2], [3, 4]), to: "train-labels-idx1-ubyte")
    #expect(message(plan).contains("has 30 images, and"))
    try scratch.writeFashion(packed: false)
    try scratch.write(idx([30, 14, 56], [UInt8](repeating: 0, count: 30 * 784)), to: "train-images-idx3-ubyte")
    #expect(message(plan).contains("14 x 56"))
    try scratch.writeFashion(packed: false)
    #expect(
      message(DatasetPlan(name: .fashionMNIST, path: scratch.path, trainLimit: 31)).contains(
        "train_limit is 31, and there are 30 training images"))
    try scratch.write([1, 2, 3], to: "train.bin")
    #expect(message(DatasetPlan(name: .cifar100, path: scratch.path)).contains("no whole number of records of 3074"))
  }

  @Test("a file that is cut anywhere is an error, never a trap", arguments: [true, false])
  func truncated(packed: Bool) throws {
    let scratch = try Scratch()
    try scratch.writeFashion(packed: packed)
    for plain in ["train-labels-idx1-ubyte", "train-images-idx3-ubyte"] {
      let name = packed ? plain + ".gz" : plain
      let whole = try scratch.bytes(of: name)
      // Many places, and each of the last twelve: gzip ends with eight bytes of checksum and length.
      let places =
        Array(stride(from: 0, to: whole.count, by: max(1, whole.count / 40))) + (whole.count - 12..<whole.count)
      for length in places {
        try scratch.write(Array(whole[..<length]), to: name)
        let message = message(DatasetPlan(name: .fashionMNIST, path: scratch.path))
        #expect(
          message.contains("\(name)' is cut off") || message.contains("\(name)' is damaged"),
          "\(name) cut at \(length): \(message)")
      }
      try scratch.write(whole, to: name)
    }
    #expect(message(DatasetPlan(name: .fashionMNIST, path: scratch.path)) == "loaded")
  }

  @Test("a packed file with a wrong byte in its data or checksum is damaged")
  func corrupt() throws {
    let scratch = try Scratch()
    try scratch.writeFashion()
    let name = "train-images-idx3-ubyte.gz"
    let whole = try scratch.bytes(of: name)
    // Behind gzip's header of ten bytes.
    for place in stride(from: 10, to: whole.count, by: 3) {
      var bytes = whole
      bytes[place] ^= 0x55
      try scratch.write(bytes, to: name)
      let message = message(DatasetPlan(name: .fashionMNIST, path: scratch.path))
      #expect(message.contains(name), "byte \(place): \(message)")
    }
  }

  @Test("more images than the header announces are an error", arguments: [true, false])
  func trailing(packed: Bool) throws {
    let scratch = try Scratch()
    try scratch.writeFashion(packed: packed)
    let bytes = idx([30, 28, 28], [UInt8](repeating: 1, count: 30 * 784 + 1))
    let name = "train-images-idx3-ubyte"
    if packed { try scratch.writePacked(bytes, to: name + ".gz") } else { try scratch.write(bytes, to: name) }
    #expect(
      message(DatasetPlan(name: .fashionMNIST, path: scratch.path)).contains("goes on after what its header announces")
    )
    // No more of the file is read than needed.
    #expect(message(DatasetPlan(name: .fashionMNIST, path: scratch.path, trainLimit: 29)) == "loaded")
  }

  @Test("a header that announces huge sizes is refused before memory is asked for")
  func huge() throws {
    let scratch = try Scratch()
    let plan = DatasetPlan(name: .fashionMNIST, path: scratch.path)
    for count in [1_000_001, 0xFFFF_FFFF] {
      try scratch.writeFashion(packed: false)
      try scratch.write(idx([count], [1, 2]), to: "train-labels-idx1-ubyte")
      #expect(message(plan).contains("announces \(count) values"))
    }
    // 3 GB of zeros that take no place on the disk.
    let cifar = try Scratch()
    try cifar.writeCIFAR(["train.bin", "test.bin"], count: 2, labelBytes: 2, classes: 100)
    let file = try FileHandle(forWritingTo: URL(filePath: "\(cifar.path)/train.bin"))
    try file.truncate(atOffset: 3074 * 1_000_000)
    try file.close()
    #expect(
      message(DatasetPlan(name: .cifar100, path: cifar.path)).contains(
        "has 1000000 records, and the official files have at most 50000"))
  }

  @Test("CIFAR's files that are cut, empty or hold other labels are named")
  func cifar() throws {
    let scratch = try Scratch()
    let plan = DatasetPlan(name: .cifar100, path: scratch.path)
    try scratch.writeCIFAR(["train.bin", "test.bin"], count: 3, labelBytes: 2, classes: 100)
    let whole = try scratch.bytes(of: "test.bin")
    for length in stride(from: 0, to: whole.count, by: 307) where length % 3074 != 0 || length == 0 {
      try scratch.write(Array(whole[..<length]), to: "test.bin")
      #expect(message(plan).contains("test.bin' has \(length) bytes, no whole number of records of 3074"))
    }
    var bytes = whole
    bytes[3074 + 1] = 100
    try scratch.write(bytes, to: "test.bin")
    #expect(message(plan).contains("test.bin' has the label 100 in record 1, and there are 100 classes"))
  }

  @Test("a pipe or a folder in place of a file is an error at once")
  func kinds() throws {
    let scratch = try Scratch()
    let plan = DatasetPlan(name: .fashionMNIST, path: scratch.path)
    let name = "train-labels-idx1-ubyte.gz"
    try scratch.writeFashion()
    try FileManager.default.removeItem(atPath: "\(scratch.path)/\(name)")
    #expect(mkfifo("\(scratch.path)/\(name)", 0o600) == 0)
    #expect(message(plan).contains("\(name)' is no regular file"))
    try FileManager.default.removeItem(atPath: "\(scratch.path)/\(name)")
    try FileManager.default.createDirectory(atPath: "\(scratch.path)/\(name)", withIntermediateDirectories: false)
    #expect(message(plan).contains("\(name)' is a folder"))
    let inner = DatasetPlan(name: .cifar10, path: "\(scratch.path)/t10k-labels-idx1-ubyte.gz")
    #expect(message(inner).contains("is no folder"))
  }
}
