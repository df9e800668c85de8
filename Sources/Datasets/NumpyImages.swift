import NumpyFiles
import Units

/// One part of images of somebody's own as arrays of NumPy: `train_images` and `train_labels`, or `test_images` and `test_labels`, in
/// an `.npz` file, as MedMNIST's are, or as `.npy` files in a folder.
///
/// Images are bytes of the shape (images, side, side), or (images, side, side, channels); labels are whole numbers of the shape
/// (images,) or (images, 1).
struct NumpyImages: ImageSource {
  let channels: Int
  let side: Int
  private let images: PlacedArray
  private let labelNumbers: PlacedArray

  /// An array, and the place that messages name.
  private struct PlacedArray {
    let numbers: NumpyArray
    let place: String
  }

  /// Bytes that a file or an array may have.
  private static let largest = 1 << 32
  private static let name = DatasetPlan.Name.own

  /// The arrays of `part` in the file or the folder at `path`.
  init(path: String, part: DatasetPart) throws(DatasetError) {
    let prefix = part == .train ? "train" : "test"
    let (images, labels) = ("\(prefix)_images", "\(prefix)_labels")
    if DataFile.kind(of: path) == .folder {
      self.images = try Self.array("\(path)/\(images).npy", of: [.uint8])
      labelNumbers = try Self.array("\(path)/\(labels).npy", of: NumpyArray.Element.integers)
    } else {
      let bytes = try DataFile(path, advice: Self.name.advice).readAll(limit: Self.largest)
      guard ZipFile.isZip(bytes) else {
        throw DatasetError("'\(path)' is neither an .npz file nor a folder; \(Self.name.advice)")
      }
      self.images = try Self.array(images, in: bytes, at: path, of: [.uint8])
      labelNumbers = try Self.array(labels, in: bytes, at: path, of: NumpyArray.Element.integers)
    }
    (side, channels) = try Self.size(of: self.images)
    let shape = labelNumbers.numbers.shape
    guard shape.first == self.images.numbers.shape[0], shape.count == 1 || shape.count == 2 && shape[1] == 1 else {
      throw Self.damage(
        labelNumbers.place,
        "has the shape \(NumpyArray.shown(shape)), and there are \(self.images.numbers.shape[0]) images; one label per image "
          + "has the shape (\(self.images.numbers.shape[0]),)")
    }
  }

  func labels() throws(DatasetError) -> [UInt8] {
    var wrong: (place: Int, label: Double)?
    let labels = labelNumbers.numbers.withNumbers { number in
      (0..<labelNumbers.numbers.shape[0]).map { image in
        let label = number(image)
        if !(0...255).contains(label), wrong == nil { wrong = (image, label) }
        return UInt8(clamping: Int(label))
      }
    }
    if let wrong {
      throw Self.damage(
        labelNumbers.place,
        "has the label \(Int(wrong.label)) at place \(wrong.place); labels are from 0 to 255")
    }
    return labels
  }

  func pixels(of chosen: [Int]) throws(DatasetError) -> [UInt8] {
    let strides = images.numbers.strides
    let channelStride = strides.count == 4 ? strides[3] : 1
    var pixels: [UInt8] = []
    pixels.reserveCapacity(chosen.count * channels * side * side)
    images.numbers.bytes.withUnsafeBytes { bytes in
      for image in chosen {
        for channel in 0..<channels {
          for row in 0..<side {
            let first = image * strides[0] + row * strides[1] + channel * channelStride
            for column in 0..<side { pixels.append(bytes[first + column * strides[2]]) }
          }
        }
      }
    }
    return pixels
  }

  // MARK: - Reading

  /// The side and the channels of images of this array's shape.
  private static func size(of images: PlacedArray) throws(DatasetError) -> (side: Int, channels: Int) {
    let shape = images.numbers.shape
    func refusal(_ advice: String) -> DatasetError {
      damage(
        images.place,
        "has the shape \(NumpyArray.shown(shape)); \(advice)")
    }
    if shape.count == 4, shape[2] == shape[3], shape[1] != shape[2], mostChannels.contains(shape[1]) {
      throw refusal("channels come last here (numpy: images.transpose(0, 2, 3, 1))")
    }
    guard shape.count == 3 || shape.count == 4, shape[1] == shape[2], shape[1] > 0 else {
      throw refusal("images are square, (images, side, side) or (images, side, side, channels)")
    }
    let channels = shape.count == 4 ? shape[3] : 1
    guard mostChannels.contains(channels) else {
      throw refusal("images have \(mostChannels.lowerBound) to \(mostChannels.upperBound) channels")
    }
    return (shape[1], channels)
  }

  /// Channels that an image may have.
  private static let mostChannels = 1...16

  /// The array of a `.npy` file, packed with gzip or not.
  private static func array(
    _ path: String, of elements: [NumpyArray.Element]
  ) throws(DatasetError) -> PlacedArray {
    let path = DataFile.kind(of: path) == .nothing && DataFile.kind(of: path + ".gz") == .file ? path + ".gz" : path
    let bytes = try DataFile(path, advice: name.advice).readAll(limit: largest)
    guard bytes.starts(with: NumpyArray.magic) else { throw damage("'\(path)'", "is no .npy file") }
    return try array(bytes[...], at: "'\(path)'", of: elements)
  }

  /// The array `name` of an `.npz` file.
  private static func array(
    _ array: String, in bytes: [UInt8], at path: String, of elements: [NumpyArray.Element]
  ) throws(DatasetError) -> PlacedArray {
    let unpacked: ArraySlice<UInt8>
    do throws(NumpyArray.Refusal) {
      let zip = try ZipFile(bytes)
      guard let entry = zip.entries.first(where: { $0.name == "\(array).npy" }) else {
        let names = zip.entries.prefix(8).map { ShownText.quoted($0.name) }.joined(separator: ", ")
        throw .init("has no array '\(array)'; it holds \(names.isEmpty ? "none" : names)")
      }
      unpacked = try zip.bytes(of: entry, limit: largest, kind: "an array of images or labels")
    } catch {
      throw damage("'\(path)'", error.message)
    }
    return try Self.array(unpacked, at: "'\(array)' of '\(path)'", of: elements)
  }

  private static func array(
    _ bytes: ArraySlice<UInt8>, at place: String, of elements: [NumpyArray.Element]
  ) throws(DatasetError) -> PlacedArray {
    do throws(NumpyArray.Refusal) {
      return PlacedArray(numbers: try NumpyArray(bytes, of: elements), place: place)
    } catch {
      throw damage(place, error.message)
    }
  }

  /// A mistake in what stands at `place`.
  private static func damage(_ place: String, _ reason: String) -> DatasetError {
    DatasetError("\(place) \(reason)", key: "path")
  }
}

extension DatasetPlan {
  /// The images of somebody's own at `path`, in whichever of the forms they are.
  static func ownImages(_ path: String, part: DatasetPart) throws(DatasetError) -> any ImageSource {
    if DataFile.kind(of: path) == .folder, IDXFiles.exist(in: path, part: part) {
      return try IDXFiles(folder: path, part: part, name: .own)
    }
    return try NumpyImages(path: path, part: part)
  }
}
