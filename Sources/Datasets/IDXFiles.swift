/// The two files of one part of Fashion-MNIST, or of square grey images under the names of MNIST's files: images and labels in the
/// IDX format, packed with gzip or not.
///
/// IDX: two zero bytes, the type (8 for bytes), the number of dimensions, then each dimension as 32 bits, the first byte
/// the most significant, then the data.
struct IDXFiles: ImageSource {
  let channels = 1
  let side: Int
  private let imagesPath: String
  private let labelsPath: String
  private let name: DatasetPlan.Name

  /// The files of `part` in `folder`.
  init(folder: String, part: DatasetPart, name: DatasetPlan.Name) throws(DatasetError) {
    switch DataFile.kind(of: folder) {
    case .folder: break
    case .nothing: throw DatasetError("there is no folder '\(folder)' with Fashion-MNIST; \(name.advice)")
    case .file, .other: throw DatasetError("'\(folder)' is no folder; \(name.advice)")
    }
    imagesPath = Self.path(part, "images-idx3-ubyte", in: folder)
    labelsPath = Self.path(part, "labels-idx1-ubyte", in: folder)
    self.name = name
    side = name == .own ? try Self.dimensions(of: DataFile(imagesPath, advice: name.advice), 3)[1] : 28
  }

  /// Whether there are IDX files of `part` in `folder`.
  static func exist(in folder: String, part: DatasetPart) -> Bool {
    DataFile.kind(of: path(part, "images-idx3-ubyte", in: folder)) == .file
  }

  private static func path(_ part: DatasetPart, _ suffix: String, in folder: String) -> String {
    let plain = "\(folder)/\(part == .train ? "train" : "t10k")-\(suffix)"
    return DataFile.kind(of: plain) == .file ? plain : plain + ".gz"
  }

  func labels() throws(DatasetError) -> [UInt8] {
    let file = try DataFile(labelsPath, advice: name.advice)
    let count = try Self.dimensions(of: file, 1)[0]
    let labels = try file.read(count, "the last of its \(count) labels")
    try file.expectEnd()
    if let place = labels.firstIndex(where: { Int($0) >= name.classes }) {
      throw file.damage("has the label \(labels[place]) at place \(place), and there are \(name.classes) classes")
    }
    let images = try Self.dimensions(of: DataFile(imagesPath, advice: name.advice), 3)
    guard images[0] == count else {
      throw DatasetError("'\(imagesPath)' has \(images[0]) images, and '\(labelsPath)' \(count) labels; \(name.advice)")
    }
    return labels
  }

  func pixels(of images: [Int]) throws(DatasetError) -> [UInt8] {
    let file = try DataFile(imagesPath, advice: name.advice)
    let sizes = try Self.dimensions(of: file, 3)
    guard sizes[1] == side, sizes[2] == side else {
      throw file.damage(
        "has images of \(sizes[1]) x \(sizes[2]), and "
          + (name == .own ? "only square ones can be used" : "Fashion-MNIST's are 28 x 28"))
    }
    let size = side * side
    var pixels: [UInt8] = []
    pixels.reserveCapacity(images.count * size)
    var next = 0
    for image in images {
      try file.skip((image - next) * size, "image \(image)")
      pixels += try file.read(size, "the end of image \(image) of \(sizes[0])")
      next = image + 1
    }
    if next == sizes[0] { try file.expectEnd() }
    return pixels
  }

  /// The header's sizes; none above a million, so that a few hostile bytes cannot ask for all memory.
  private static func dimensions(of file: borrowing DataFile, _ count: Int) throws(DatasetError) -> [Int] {
    let header = try file.read(4 + 4 * count, "the end of its header")
    guard header[0...3].elementsEqual([0, 0, 8, UInt8(count)]) else {
      let found = header[0...3].map { String($0, radix: 16) }.joined(separator: " ")
      throw file.damage(
        "is no IDX file of \(count == 1 ? "labels" : "images"): it begins with \(found), not 0 0 8 \(count)")
    }
    let sizes = (0..<count).map { dimension in
      header[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard sizes.allSatisfy({ $0 <= 1_000_000 }) else {
      throw file.damage("announces \(sizes.map(String.init).joined(separator: " x ")) values, more than can be right")
    }
    return sizes
  }
}
