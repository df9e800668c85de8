/// What a file is that was named as a safetensors file and is none, by its first bytes.
enum ForeignFile {
  /// The rest of a sentence about the file: what it is, and what to do; `nil` where nothing is known.
  ///
  /// - Parameter start: The first bytes, a few hundred.
  static func explanation(_ start: [UInt8]) -> String? {
    binary(start) ?? text(start)
  }

  /// Bytes of a file that ``explanation(_:)`` looks at.
  static let lookedAt = 512

  private static let advice =
    "save it as safetensors, in Python: safetensors.torch.save_file(model.state_dict(), 'model.safetensors')"

  private static func binary(_ start: [UInt8]) -> String? {
    if start.starts(with: [0x50, 0x4b, 3, 4]) {
      // The name of an archive's first file follows its header of 30 bytes.
      let length = start.count > 30 ? Int(start[26]) | Int(start[27]) << 8 : 0
      let first = String(decoding: start.dropFirst(30).prefix(length), as: UTF8.self)
      if first.hasSuffix(".npy") {
        return
          "is an archive of NumPy arrays (.npz), as Google's first Vision Transformers are; let timm read it, then \(advice)"
      }
      return
        "is a file of PyTorch's own format (pickle in a zip archive), which may run code when it is read; \(advice)"
    }
    let isPickle = start.count > 1 && start[0] == 0x80 && (2...5).contains(start[1])
    if isPickle {
      return "is a file of PyTorch's own format (pickle), which may run code when it is read; \(advice)"
    }
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) { return "is a NumPy file; \(advice)" }
    if start.starts(with: [0x89] + Array("HDF".utf8)) { return "is an HDF5 file, as Keras writes it; \(advice)" }
    if start.starts(with: Array("GGUF".utf8)) {
      return "is a GGUF file of quantised weights; name the unquantised ones"
    }
    if start.starts(with: [0x1f, 0x8b]) { return "is packed with gzip; unpack it first" }
    return nil
  }

  private static func text(_ start: [UInt8]) -> String? {
    let isText = start.allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
    guard isText else { return nil }
    let text = String(decoding: start, as: UTF8.self).trimmingPrefix { $0.isWhitespace || $0 == "\u{FEFF}" }
    let line = text.prefix { !$0.isNewline }
    if text.hasPrefix("version https://git-lfs") {
      let size = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("size ") }?.dropFirst(5)
      return
        "is a Git LFS pointer, which stands for the weights\(size.map { " of \($0) bytes" } ?? ""); fetch them with: "
        + "git lfs pull"
    }
    if text.first == "<" {
      return
        "is a web page, which a download gave in place of the weights; download the file itself, on Hugging Face with "
        + "'/resolve/' in the address where the page has '/blob/'"
    }
    if text.first == "{" {
      return text.contains("\"weight_map\"") || text.contains("\"total_size\"")
        ? "is the index of weights that lie in several files; leave its name as it is, '….safetensors.index.json', beside them"
        : "is a JSON text, a model's configuration perhaps; name the file of its weights, 'model.safetensors' usually"
    }
    return "is a text that begins '\(line.prefix(60))'; a download may have failed"
  }
}
