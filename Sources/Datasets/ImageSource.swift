import Randomness

/// Where one part of a data set, training or test, comes from.
protocol ImageSource {
  /// Channels of an image.
  var channels: Int { get }
  /// Side of an image.
  var side: Int { get }
  /// A label an image, in the order of the files, each below the data set's number of classes.
  func labels() throws(DatasetError) -> [UInt8]
  /// The pixels of some images, numbers ascending.
  func pixels(of images: [Int]) throws(DatasetError) -> [UInt8]
}

/// The part of a data set that is meant.
enum DatasetPart: Int {
  case train = 0
  case test = 1
}

extension DatasetPlan {
  /// The images of the plan.
  ///
  /// - Parameter seed: What the synthetic data set is made from.
  /// - Throws: ``DatasetError`` that says how to get what is missing.
  public func load(seed: Seed) throws(DatasetError) -> ImageSet.Split {
    ImageSet.Split(train: try images(selection(.train, seed: seed)), test: try loadTest(seed: seed))
  }

  /// The images that the plan evaluates on.
  ///
  /// - Throws: ``DatasetError`` that says how to get what is missing.
  public func loadTest(seed: Seed) throws(DatasetError) -> ImageSet {
    try images(selection(.test, seed: seed))
  }

  /// The labels of the training part, in the order of its images.
  ///
  /// - Throws: ``DatasetError`` that says how to get what is missing.
  public func loadLabels(seed: Seed) throws(DatasetError) -> [UInt8] {
    try selection(.train, seed: seed).labels
  }

  // MARK: - Choosing

  /// Images by their place in the files that they are read from, with the labels that they get.
  private struct Selection {
    let source: any ImageSource
    var images: [Int] = []
    var labels: [UInt8] = []
  }

  private func selection(_ role: DatasetPart, seed: Seed) throws(DatasetError) -> Selection {
    let isFromTraining = role == .train || evaluation == .validation
    let source = try source(isFromTraining ? .train : .test, seed: seed)
    let labels = try source.labels()
    var all = Selection(source: source)
    var renamed = [Int](repeating: -1, count: 256)
    for (label, old) in (classes ?? Array(0..<classCount)).enumerated() {
      guard (0..<name.classes).contains(old), renamed[old] < 0 else {
        throw DatasetError(
          "class \(old) of '\(name.rawValue)' cannot be used: classes are from 0 to \(name.classes - 1), each once")
      }
      renamed[old] = label
    }
    if name == .own, classes == nil, let image = labels.firstIndex(where: { Int($0) >= ownClasses }) {
      throw DatasetError(
        "image \(image) of '\(path ?? "")' has the label \(labels[image]), and the model has \(ownClasses) outputs, for labels "
          + "from 0 to \(ownClasses - 1); set model.classes, or choose classes, 'classes: [..]'", key: "path")
    }
    for (image, label) in labels.enumerated() where renamed[Int(label)] >= 0 {
      all.images.append(image)
      all.labels.append(UInt8(renamed[Int(label)]))
    }
    let range = try range(role, of: all.images.count)
    guard !range.isEmpty else {
      throw DatasetError("no image of '\(name.rawValue)' is left to \(role == .train ? "train" : "evaluate") on")
    }
    return Selection(source: source, images: Array(all.images[range]), labels: Array(all.labels[range]))
  }

  /// The run of `count` images that a role takes: training from the offset on; tests from the front; validation the last
  /// ones of the training part, which training must leave alone.
  private func range(_ role: DatasetPart, of count: Int) throws(DatasetError) -> Range<Int> {
    let held = role == .train && evaluation == .validation ? testLimit ?? name.validationCount(of: count) : 0
    switch role {
    case .train:
      let free = count - held
      guard trainOffset <= free else {
        throw DatasetError(
          "train_offset is \(trainOffset), and there are \(max(0, free)) training images to choose from",
          key: "train_offset")
      }
      guard trainLimit ?? 0 <= free - trainOffset else {
        throw DatasetError(
          "train_limit is \(trainLimit ?? 0), and there are \(free - trainOffset) training images after train_offset "
            + "\(trainOffset)" + (held > 0 ? ", \(held) held back for validation" : ""), key: "train_limit")
      }
      return trainOffset..<(trainLimit.map { trainOffset + $0 } ?? free)
    case .test:
      let wanted = testLimit ?? (evaluation == .validation ? name.validationCount(of: count) : count)
      guard wanted <= count else {
        throw DatasetError("test_limit is \(wanted), and there are \(count) images to evaluate on", key: "test_limit")
      }
      return evaluation == .validation ? count - wanted..<count : 0..<wanted
    }
  }

  private func images(_ selection: Selection) throws(DatasetError) -> ImageSet {
    let source = selection.source
    return ImageSet(
      channels: source.channels, side: source.side, classes: classCount,
      pixels: try source.pixels(of: selection.images), labels: selection.labels)
  }

  private func source(_ part: DatasetPart, seed: Seed) throws(DatasetError) -> any ImageSource {
    switch name {
    case .fashionMNIST: return try IDXFiles(folder: path ?? Name.fashionFolder, part: part, name: name)
    case .cifar10, .cifar100:
      guard let path else { throw DatasetError("'\(name.rawValue)' needs the folder of its files; \(name.advice)") }
      return try CIFARFiles(folder: path, part: part, name: name)
    case .synthetic: return SyntheticImages(seed: seed, part: part)
    case .own:
      guard let path else { throw DatasetError("'own' needs the files of its images; \(name.advice)") }
      return try Self.ownImages(path, part: part)
    }
  }
}

extension DatasetPlan.Name {
  /// Images held back for validation, of `count` in the training part, where `test_limit` does not say how many.
  func validationCount(of count: Int) -> Int {
    switch self {
    case .fashionMNIST, .cifar10, .cifar100: 10_000
    case .synthetic: 2000
    case .own: count / 10
    }
  }
}
