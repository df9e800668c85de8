import CZlib
import Datasets
import Foundation
import Randomness
import TestSupport

extension Scratch {
  /// Writes the bytes packed with gzip.
  func writePacked(_ bytes: [UInt8], to name: String) throws {
    guard let handle = gzopen("\(path)/\(name)", "wb") else { throw CocoaError(.fileWriteUnknown) }
    gzwrite(handle, bytes, UInt32(bytes.count))
    gzclose(handle)
  }
}

/// An IDX file of bytes with these sizes.
func idx(_ sizes: [Int], _ data: [UInt8]) -> [UInt8] {
  [0, 0, 8, UInt8(sizes.count)]
    + sizes.flatMap { [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
    + data
}

extension Scratch {
  /// Fashion-MNIST's files with images whose bytes all equal their number, and labels number mod 10.
  func writeFashion(train: Int = 30, test: Int = 7, packed: Bool = true) throws {
    for (prefix, count) in [("train", train), ("t10k", test)] {
      let images = idx([count, 28, 28], (0..<count).flatMap { [UInt8](repeating: UInt8($0), count: 784) })
      let labels = idx([count], (0..<count).map { UInt8($0 % 10) })
      for (name, bytes) in [("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels)] {
        if packed {
          try writePacked(bytes, to: "\(prefix)-\(name).gz")
        } else {
          try write(bytes, to: "\(prefix)-\(name)")
        }
      }
    }
  }

  /// CIFAR's files with `count` records each; label of record r of file f: (f + r) mod classes, pixels all r.
  func writeCIFAR(_ names: [String], count: Int, labelBytes: Int, classes: Int) throws {
    for (file, name) in names.enumerated() {
      var bytes: [UInt8] = []
      for record in 0..<count {
        if labelBytes == 2 { bytes.append(19) }
        bytes.append(UInt8((file + record) % classes))
        bytes += [UInt8](repeating: UInt8(record), count: 3072)
      }
      try write(bytes, to: name)
    }
  }
}

/// What loading a plan says: `loaded`, or the error.
func message(_ plan: DatasetPlan) -> String {
  do {
    _ = try plan.load(seed: Seed(1))
    return "loaded"
  } catch {
    return "\(error)"
  }
}
