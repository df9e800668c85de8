import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension WeightsFile {
  /// A tensor to be written: its values stand somewhere else.
  public typealias Tensor = (name: String, shape: [Int], values: UnsafeBufferPointer<Float>)

  /// Writes tensors as float32, beside the place of the file under the name `….partial`, and moves them there at the end:
  /// what stood there before stays until all is well.
  ///
  /// - Precondition: a tensor has as many values as its shape says, and names differ.
  /// - Throws: ``WeightsError`` where the file cannot be written.
  public static func write(
    _ tensors: [Tensor], metadata: [(key: String, value: String)] = [], to path: String
  ) throws(WeightsError) {
    let partial = path + ".partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("write", partial) }
    defer { close(descriptor) }
    do throws(WeightsError) {
      let header = header(tensors, metadata)
      let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
      try put(length + header, to: descriptor, partial)
      for tensor in tensors { try put(UnsafeRawBufferPointer(tensor.values), to: descriptor, partial) }
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("write", partial) }
      guard rename(partial, path) == 0 else { throw failure("write", path) }
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// The header, filled up with blanks so that the values begin at a multiple of 8.
  private static func header(_ tensors: [Tensor], _ metadata: [(key: String, value: String)]) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      members.append(.init("__metadata__", .object(metadata.map { .init($0.key, .string($0.value)) })))
    }
    var place = 0
    for tensor in tensors {
      precondition(tensor.values.count == tensor.shape.reduce(1, *), "'\(tensor.name)' has the values of its shape")
      let end = place + 4 * tensor.values.count
      members.append(
        .init(
          tensor.name,
          [
            "dtype": "F32", "shape": .array(tensor.shape.map(JSONValue.integer)),
            "data_offsets": [.integer(place), .integer(end)],
          ]))
      place = end
    }
    var bytes = Array(JSONValue.object(members).text(.line).utf8)
    while bytes.count % 8 != 0 { bytes.append(0x20) }
    return bytes
  }

  private static func put(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(WeightsError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(WeightsError) in try put(buffer, to: descriptor, path) }
    }
    try result.get()
  }

  private static func put(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String
  ) throws(WeightsError) {
    var done = 0
    while done < bytes.count {
      let count = putBytes(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      done += count
    }
  }

  private static func failure(_ action: String, _ path: String) -> WeightsError {
    WeightsError("cannot \(action) '\(path)': \(String(cString: strerror(errno)))")
  }
}

/// The operating system's `write`, whose name the type above has too.
private func putBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
