import Training

/// The weights of one model, in one file or, as Hugging Face keeps large ones, in several with an index
/// (`model.safetensors.index.json`), under timm's names whatever the files call them.
struct WeightsFolder: Sendable {
  /// A tensor of the model: one of the files', or several below each other.
  struct Source: Sendable {
    fileprivate let parts: [(file: Int, entry: WeightsFile.Entry)]
    /// Sizes, row-major; of several parts the first is the sum.
    let shape: [Int]
    /// Elements.
    var count: Int { parts.reduce(0) { $0 + $1.entry.count } }
  }

  /// What was named.
  let path: String
  /// The files.
  let files: [WeightsFile]
  /// What they call their tensors.
  let names: WeightsNames
  private let places: [String: (file: Int, entry: WeightsFile.Entry)]

  /// Reads the headers of the file at `path`, or of all files that an index there names.
  ///
  /// - Throws: ``WeightsError`` where one is no safetensors file, contradicts itself, or lacks what the index says.
  init(reading path: String) throws(WeightsError) {
    self.path = path
    files = try WeightsIndex.isNamed(path) ? Self.files(ofIndex: path) : [WeightsFile(reading: path)]
    var places: [String: (Int, WeightsFile.Entry)] = [:]
    for (index, file) in files.enumerated() {
      for entry in file.entries {
        if places.updateValue((index, entry), forKey: entry.name) != nil {
          throw WeightsError("'\(path)': the tensor '\(entry.name)' stands in two of its files")
        }
      }
    }
    self.places = places
    names = WeightsNames(of: places.keys)
  }

  private static func files(ofIndex path: String) throws(WeightsError) -> [WeightsFile] {
    let file = try ReadableFile(path)
    func refuse(_ reason: String) -> WeightsError { WeightsError("'\(path)' \(reason)") }
    guard file.size <= WeightsIndex.largest else { throw refuse("is too long for an index of weights") }
    let text = try file.bytes(file.size, from: 0)
    let index: WeightsIndex
    do {
      index = try WeightsIndex(parsing: text)
    } catch {
      let explanation = error.isJSON ? nil : ForeignFile.explanation(Array(text.prefix(ForeignFile.lookedAt)))
      throw refuse(explanation ?? error.reason)
    }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    var files: [WeightsFile] = []
    for name in index.files { files.append(try WeightsFile(reading: folder + name)) }
    for (tensor, name) in index.tensors where files.first(where: { $0.path == folder + name })?[tensor] == nil {
      throw refuse("says that '\(tensor.prefix(80))' lies in a file that does not have it")
    }
    return files
  }

  /// The tensor that timm calls by this name; `nil` where one of its parts is missing.
  subscript(name: String) -> Source? {
    var parts: [(file: Int, entry: WeightsFile.Entry)] = []
    for source in names.sources(of: name) {
      guard let place = places[source] else { return nil }
      parts.append(place)
    }
    guard var shape = parts.first?.entry.shape else { return nil }
    if parts.count > 1 {
      // Parts of different widths are no tensor together; the first then shows what is wrong.
      guard !shape.isEmpty, parts.allSatisfy({ $0.entry.shape.dropFirst() == shape.dropFirst() }) else {
        return Source(parts: [parts[0]], shape: shape)
      }
      shape[0] = parts.reduce(0) { $0 + ($1.entry.shape.first ?? 0) }
    }
    return Source(parts: parts, shape: shape)
  }

  /// Reads a tensor's values as float32.
  ///
  /// - Precondition: `values` has as many elements as the tensor.
  /// - Throws: ``WeightsError`` where a file cannot be read, or a value is no finite number.
  func read(_ source: Source, into values: UnsafeMutableBufferPointer<Float>) throws(WeightsError) {
    precondition(values.count == source.count)
    var place = 0
    for (file, entry) in source.parts {
      try files[file].read(entry, into: UnsafeMutableBufferPointer(rebasing: values[place..<place + entry.count]))
      place += entry.count
    }
  }

  /// Every tensor of the files, in their order.
  var entries: [WeightsFile.Entry] { files.flatMap(\.entries) }

  /// What the model's norms add to a variance: what a file of ours says, or else the library.
  var normEpsilon: Double {
    let said = files.lazy.flatMap(\.metadata).first { $0.key == Self.epsilonKey }.flatMap { Double($0.value) }
    return said.flatMap { $0 > 0 && $0 < 1 ? $0 : nil } ?? names.normEpsilon
  }

  /// The text beside the tensors that says what norms add to a variance, where it is not timm's 1e-6.
  static let epsilonKey = "layer_norm_eps"
}
