import JSON
import Trace

extension WeightsFile {
  /// A tensor to be written: its values stand somewhere else.
  public typealias Tensor = (name: String, shape: [Int], values: UnsafeBufferPointer<Float>)

  /// Writes tensors as float32, beside the place of the file, and moves them there at the end: what stood there before
  /// stays until all is well.
  ///
  /// - Precondition: a tensor has as many values as its shape says, and names differ.
  /// - Throws: `TraceError` where the file cannot be written.
  public static func write(
    _ tensors: [Tensor], metadata: [(key: String, value: String)] = [], to path: String
  ) throws(TraceError) {
    let file = try AtomicFile(path: path)
    do throws(TraceError) {
      try write(tensors, metadata: metadata, to: file.file)
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  /// Writes tensors into a new file.
  ///
  /// - Throws: `TraceError` where the file takes no more.
  public static func write(
    _ tensors: [Tensor], metadata: [(key: String, value: String)], to file: OutputFile
  ) throws(TraceError) {
    let header = header(tensors, metadata)
    try file.append(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
    try file.append(header)
    for tensor in tensors { try file.append(UnsafeRawBufferPointer(tensor.values)) }
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
}
