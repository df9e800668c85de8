/// One part of CIFAR-10 or CIFAR-100 in the official binary version: records of label bytes and 3 × 32 × 32 pixels,
/// channel by channel.
struct CIFARFiles: ImageSource {
  let channels = 3
  let side = 32
  private let name: DatasetPlan.Name
  private let paths: [String]

  /// Records of the largest official file, CIFAR-100's `train.bin`.
  private static let most = 50_000

  /// CIFAR-100 has a coarse label before the fine one, which is the one that counts.
  private var labelBytes: Int { name == .cifar100 ? 2 : 1 }
  private var recordSize: Int { labelBytes + channels * side * side }

  /// The files of `part` in `folder`, or in the folder within it that the official archive unpacks to.
  init(folder: String, part: DatasetPart, name: DatasetPlan.Name) throws(DatasetError) {
    self.name = name
    let isTen = name == .cifar10
    let names: [String] =
      switch part {
      case .train: isTen ? (1...5).map { "data_batch_\($0).bin" } : ["train.bin"]
      case .test: [isTen ? "test_batch.bin" : "test.bin"]
      }
    let title = isTen ? "CIFAR-10" : "CIFAR-100"
    switch DataFile.kind(of: folder) {
    case .folder: break
    case .nothing: throw DatasetError("there is no folder '\(folder)' with \(title); \(name.advice)")
    case .file, .other: throw DatasetError("'\(folder)' is no folder; \(name.advice)")
    }
    let inner = "\(folder)/\(isTen ? "cifar-10-batches-bin" : "cifar-100-binary")"
    let isInner = DataFile.kind(of: "\(folder)/\(names[0])") == .nothing && DataFile.kind(of: inner) == .folder
    paths = names.map { "\(isInner ? inner : folder)/\($0)" }
  }

  func labels() throws(DatasetError) -> [UInt8] {
    var labels: [UInt8] = []
    for path in paths {
      let records = try records(of: path)
      let file = try DataFile(path, advice: name.advice)
      for record in 0..<records {
        let bytes = try file.read(recordSize, "the end of record \(record)")
        let label = bytes[labelBytes - 1]
        guard Int(label) < name.classes else {
          throw file.damage("has the label \(label) in record \(record), and there are \(name.classes) classes")
        }
        labels.append(label)
      }
    }
    return labels
  }

  func pixels(of images: [Int]) throws(DatasetError) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(images.count * channels * side * side)
    var rest = images[...]
    var first = 0
    for path in paths where !rest.isEmpty {
      let records = try records(of: path)
      let file = try DataFile(path, advice: name.advice)
      var next = 0
      while let image = rest.first, image < first + records {
        let record = image - first
        try file.skip((record - next) * recordSize, "record \(record)")
        pixels += try file.read(recordSize, "the end of record \(record)")[labelBytes...]
        next = record + 1
        rest.removeFirst()
      }
      first += records
    }
    return pixels
  }

  private func records(of path: String) throws(DatasetError) -> Int {
    let bytes = try DataFile.size(of: path, advice: name.advice)
    guard bytes > 0, bytes % recordSize == 0 else {
      throw DatasetError(
        "'\(path)' has \(bytes) bytes, no whole number of records of \(recordSize); \(name.advice)")
    }
    let records = bytes / recordSize
    guard records <= Self.most else {
      throw DatasetError(
        "'\(path)' has \(records) records, and the official files have at most \(Self.most); \(name.advice)")
    }
    return records
  }
}
