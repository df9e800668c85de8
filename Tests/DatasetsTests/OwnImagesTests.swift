import Datasets
import Foundation
import Randomness
import TestSupport
import Testing

@Suite("Images of one's own")
struct OwnImagesTests {
  /// What `numpy.savez_compressed` of NumPy 2.4 writes of the arrays that MedMNIST's files have: four training images of the shape
  /// (4, 2, 2, 3) whose bytes count up from 0, with the labels 0, 2, 1, 2 below each other, and a test image that counts up from 100.
  private static let medical = """
    UEsDBC0AAAAIAAAAIQDbJt9V//////////8QABQAdHJhaW5faW1hZ2VzLm5weQEAEACwAAAAAAAAAHkAAAAAAAAAm+wX6hsQychQxlCtnpJanF\
    ykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjoKRmBkrKmjUKtABuBiYGRiZmFlY+fg5OLm4eXjFxAUEhYRFROXkJSS\
    lpGVk1dQVFJWUVVT19DU0tbR1dMHAFBLAwQtAAAACAAAACEAhZvwlv//////////EAAUAHRyYWluX2xhYmVscy5ucHkBABAAhAAAAAAAAABKAA\
    AAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CoaaOgq1CmQDLgYmRiYAUEsD\
    BC0AAAAIAAAAIQBCXtSa//////////8PABQAdGVzdF9pbWFnZXMubnB5AQAQAIwAAAAAAAAAVQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupa\
    BeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOgpGYGSsqaNQq0AG4EpJTUvPyMzKzsnNywcAUEsDBC0AAAAIAAAAIQAOqgSl\
    //////////8PABQAdGVzdF9sYWJlbHMubnB5AQAQAIgAAAAAAAAASgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmB\
    efX5SSChJ3S8wpTgWKF2ckFqQC+RqGOgqGmjoKtQpkAy5GBggAAFBLAwQtAAAACAAAACEAb1Z80P//////////DgAUAHZhbF9pbWFnZXMubnB5\
    AQAQAIwAAAAAAAAAVQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGOgpGYG\
    SsqaNQq0AG4GJgZGJmYWVj5+Dk4gYAUEsDBC0AAAAIAAAAIQAOqgSl//////////8OABQAdmFsX2xhYmVscy5ucHkBABAAiAAAAAAAAABKAAAA\
    AAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6CoaaOgq1CmQDLkYGCAAAUEsBAi\
    0DLQAAAAgAAAAhANsm31V5AAAAsAAAABAAAAAAAAAAAAAAAIABAAAAAHRyYWluX2ltYWdlcy5ucHlQSwECLQMtAAAACAAAACEAhZvwlkoAAACE\
    AAAAEAAAAAAAAAAAAAAAgAG7AAAAdHJhaW5fbGFiZWxzLm5weVBLAQItAy0AAAAIAAAAIQBCXtSaVQAAAIwAAAAPAAAAAAAAAAAAAACAAUcBAA\
    B0ZXN0X2ltYWdlcy5ucHlQSwECLQMtAAAACAAAACEADqoEpUoAAACIAAAADwAAAAAAAAAAAAAAgAHdAQAAdGVzdF9sYWJlbHMubnB5UEsBAi0D\
    LQAAAAgAAAAhAG9WfNBVAAAAjAAAAA4AAAAAAAAAAAAAAIABaAIAAHZhbF9pbWFnZXMubnB5UEsBAi0DLQAAAAgAAAAhAA6qBKVKAAAAiAAAAA\
    4AAAAAAAAAAAAAAIAB/QIAAHZhbF9sYWJlbHMubnB5UEsFBgAAAAAGAAYAbgEAAIcDAAAAAA==
    """

  private func plan(_ path: String, classes: Int = 3) -> DatasetPlan {
    DatasetPlan(name: .own, path: path, ownClasses: classes)
  }

  /// A `.npy` file of version 1.
  private func npy(_ type: String, _ shape: [Int], _ bytes: [UInt8], isFortran: Bool = false) -> [UInt8] {
    let order = isFortran ? "True" : "False"
    let header =
      "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(shape.map { "\($0), " }.joined())), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
  }

  /// A folder with one training image per label and one test image, in which `changes` stand in place of files.
  private func folder(_ changes: [String: [UInt8]] = [:]) throws -> Scratch {
    let scratch = try Scratch()
    let files = [
      "train_images.npy": npy("|u1", [3, 2, 2], Array(0..<12)), "train_labels.npy": npy("|u1", [3], [0, 1, 2]),
      "test_images.npy": npy("|u1", [1, 2, 2], [9, 9, 9, 9]), "test_labels.npy": npy("|u1", [1], [1]),
    ]
    for (name, bytes) in files.merging(changes, uniquingKeysWith: { $1 }) { try scratch.write(bytes, to: name) }
    return scratch
  }

  @Test("an .npz file's images are taken channel by channel, with labels of any whole type")
  func medMNIST() throws {
    let scratch = try Scratch()
    let bytes = try #require(Data(base64Encoded: Self.medical))
    try scratch.write(Array(bytes), to: "path.npz")
    let split = try plan("\(scratch.path)/path.npz").load(seed: Seed(1))
    #expect(split.train.count == 4 && split.train.channels == 3 && split.train.side == 2 && split.train.classes == 3)
    #expect(split.train.labels == [0, 2, 1, 2])
    #expect(split.train.pixels[12..<24] == [12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23])
    #expect(split.test.labels == [1] && split.test.pixels[0..<4] == [100, 103, 106, 109])
  }

  @Test("a folder's arrays may be grey, in Fortran's order, and packed")
  func arrays() throws {
    let scratch = try folder()
    #expect(try plan(scratch.path).load(seed: Seed(1)).train.pixels == Array(0..<12))
    // Image i, row r, column c is 4 i + 2 r + c; the first axis counts fastest.
    let fortran = npy("|u1", [3, 2, 2], [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11], isFortran: true)
    let other = try folder(["train_images.npy": fortran])
    #expect(try plan(other.path).load(seed: Seed(1)).train.pixels == Array(0..<12))
    let packed = try folder()
    try FileManager.default.removeItem(atPath: "\(packed.path)/train_images.npy")
    try packed.writePacked(npy("|u1", [3, 2, 2], Array(0..<12)), to: "train_images.npy.gz")
    #expect(try plan(packed.path).load(seed: Seed(1)).train.pixels == Array(0..<12))
  }

  @Test("IDX files under the names of MNIST's have any side, and any labels that the model has outputs for")
  func idxFiles() throws {
    let scratch = try Scratch()
    for prefix in ["train", "t10k"] {
      try scratch.write(idx([2, 3, 3], Array(0..<18)), to: "\(prefix)-images-idx3-ubyte")
      try scratch.write(idx([2], [11, 4]), to: "\(prefix)-labels-idx1-ubyte")
    }
    let train = try plan(scratch.path, classes: 12).load(seed: Seed(1)).train
    #expect(train.side == 3 && train.labels == [11, 4] && train.pixels == Array(0..<18))
    #expect(message(plan(scratch.path, classes: 11)).contains("has the label 11, and the model has 11 outputs"))
    var chosen = plan(scratch.path, classes: 2)
    chosen.classes = [11, 4]
    #expect(try chosen.load(seed: Seed(1)).train.labels == [0, 1])
    try scratch.write(idx([2, 3, 4], Array(0..<24)), to: "train-images-idx3-ubyte")
    #expect(message(plan(scratch.path, classes: 12)).contains("has images of 3 x 4, and only square ones can be used"))
  }

  @Test("validation takes a tenth of the training images where nothing says how many")
  func validation() throws {
    let scratch = try folder([
      "train_images.npy": npy("|u1", [20, 1, 1], Array(0..<20)),
      "train_labels.npy": npy("<i8", [20, 1], (0..<20).flatMap { [UInt8($0 % 2), 0, 0, 0, 0, 0, 0, 0] }),
    ])
    var plan = plan(scratch.path)
    plan.evaluation = .validation
    let split = try plan.load(seed: Seed(1))
    #expect(split.train.pixels == Array(0..<18) && split.test.pixels == [18, 19] && split.test.labels == [0, 1])
  }

  @Test("what is wrong is said with its place")
  func refusals() throws {
    func said(_ name: String, _ bytes: [UInt8]) throws -> String {
      let scratch = try folder([name: bytes])
      return message(plan(scratch.path)).replacing(scratch.path, with: "F")
    }
    let images = "train_images.npy"
    #expect(
      try said(images, npy("<f4", [3, 2, 2], [UInt8](repeating: 0, count: 48)))
        == "'F/train_images.npy' holds numbers of the type '<f4'; allowed is '|u1', which is uint8, little-endian (numpy: "
        + "array.astype(\"|u1\"))")
    #expect(
      try said(images, npy("|u1", [3, 3, 2, 2], [UInt8](repeating: 0, count: 36)))
        == "'F/train_images.npy' has the shape (3, 3, 2, 2); channels come last here (numpy: images.transpose(0, 2, 3, 1))"
    )
    #expect(try said(images, npy("|u1", [3, 2, 1], Array(0..<6))).contains("images are square"))
    #expect(
      try said(images, npy("|u1", [3, 2, 2, 17], [UInt8](repeating: 0, count: 204))).contains("1 to 16 channels"))
    #expect(try said(images, npy("|u1", [0, 0, 0], [])).contains("images are square"))
    #expect(
      try said("train_labels.npy", npy("|u1", [2], [0, 1]))
        == "'F/train_labels.npy' has the shape (2,), and there are 3 images; one label per image has the shape (3,)")
    #expect(
      try said("train_labels.npy", npy("<u2", [3], [0, 0, 0, 1, 0, 0]))
        == "'F/train_labels.npy' has the label 256 at place 1; labels are from 0 to 255")
    #expect(
      try said("train_labels.npy", npy("|i1", [3], [0, 255, 0])).hasSuffix(
        "has the label -1 at place 1; labels are from 0 to 255"))
    #expect(
      try said("train_labels.npy", npy("<f8", [3], [UInt8](repeating: 0, count: 24))).contains("allowed are '|u1'"))
    #expect(try said("train_labels.npy", Array("hello".utf8)) == "'F/train_labels.npy' is no .npy file")
    #expect(try said("train_labels.npy", npy("|u1", [3], [0, 1])).contains("is cut off or damaged"))
    let scratch = try Scratch()
    try scratch.write(Array("PK".utf8), to: "a.npz")
    #expect(message(plan("\(scratch.path)/a.npz")).contains("is neither an .npz file nor a folder; name an .npz file"))
    let bytes = try #require(Data(base64Encoded: Self.medical))
    try scratch.write(
      Array(bytes).replacing(Array("train_labels.npy".utf8), with: Array("train_labelz.npy".utf8)), to: "b.npz")
    let names = message(plan("\(scratch.path)/b.npz"))
    #expect(names.contains("has no array 'train_labels'; it holds 'train_images.npy', 'train_labelz.npy'"))
    #expect(message(plan("\(scratch.path)/c.npz")).contains("there is no file"))
  }

  @Test("a file cut at any byte, or with any byte changed, loads or is refused")
  func hostile() throws {
    let bytes = Array(try #require(Data(base64Encoded: Self.medical)))
    let scratch = try Scratch()
    for cut in stride(from: 0, to: bytes.count, by: 7) {
      try scratch.write(Array(bytes[..<cut]), to: "cut.npz")
      #expect(message(plan("\(scratch.path)/cut.npz")) != "loaded")
    }
    for place in stride(from: 0, to: bytes.count, by: 3) {
      var changed = bytes
      changed[place] ^= 0x41
      try scratch.write(changed, to: "changed.npz")
      _ = message(plan("\(scratch.path)/changed.npz"))
    }
  }
}

@Suite("A partition from a file")
struct PartitionFileRuleTests {
  @Test("is taken as it is, samples left over or not, and must fit the data")
  func assign() throws {
    func assign(_ samples: [[Int32]], devices: Int) throws -> Partition {
      try PartitionRule.file(path: "p.csv", Partition(samples: samples)).assign(
        labels: [0, 1, 0, 1, 0], classes: 2, devices: devices, seed: Seed(1))
    }
    #expect(try assign([[0, 4], [2]], devices: 2).samples == [[0, 4], [2]])
    func said(_ samples: [[Int32]], devices: Int) -> String {
      do { return "\(try assign(samples, devices: devices))" } catch { return "\(error)" }
    }
    #expect(said([[0], [1]], devices: 3) == "'p.csv' deals to 2 devices, and there are 3")
    #expect(
      said([[0], [1, 5]], devices: 2)
        == "'p.csv' gives device 1 the sample 5, and 5 training samples are used, numbered from 0")
    #expect(said([[0], []], devices: 2) == "'p.csv' gives device 1 no sample")
  }
}
