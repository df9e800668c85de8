/// Why images could not be had, or not be dealt out.
public struct DatasetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with which file or setting, and what to do.
  public let description: String
  /// The data set's key in a scenario whose value cannot be had, `train_limit`; `nil` where it is none.
  public let key: String?

  /// An error that reads as `description`.
  public init(_ description: String, key: String? = nil) {
    self.description = description
    self.key = key
  }
}

extension DatasetPlan.Name {
  /// How to get the data set's files.
  var advice: String {
    let page = "https://www.cs.toronto.edu/~kriz/cifar.html"
    return switch self {
    case .fashionMNIST:
      "on Debian, 'apt-get install dataset-fashion-mnist' puts its files into \(Self.fashionFolder); elsewhere, get the "
        + "four files from https://github.com/zalandoresearch/fashion-mnist and name their folder in 'path'"
    case .cifar10:
      "get the 'CIFAR-10 binary version' from \(page), unpack it and name the folder cifar-10-batches-bin in 'path'"
    case .cifar100:
      "get the 'CIFAR-100 binary version' from \(page), unpack it and name the folder cifar-100-binary in 'path'"
    case .synthetic: "it needs no files"
    case .own:
      "name an .npz file with train_images, train_labels, test_images and test_labels, or a folder with those arrays as .npy "
        + "files or with IDX files under the names of MNIST's, in 'path'"
    }
  }

  static let fashionFolder = "/usr/share/datasets/fashion-mnist"
}
