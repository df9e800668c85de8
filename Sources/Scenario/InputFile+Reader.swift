import Foundation
import NumpyFiles

extension InputFile {
  /// Reads a file piece by piece, unpacked where it is packed with gzip, whatever its name.
  final class Reader {
    private let path: String
    private let limit: Int
    private let kind: String
    private let position: Diagnostic.Position?
    private let descriptor: Int32
    private let size: Int
    private var taken = 0
    private var inflater: Inflater?
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// Opens the file at `path`.
    ///
    /// - Parameters: As for ``InputFile/bytes(_:limit:kind:from:)``; `limit` holds for the unpacked bytes, too.
    /// - Throws: ``ScenarioErrors``.
    init(_ path: String, limit: Int, kind: String, from position: Diagnostic.Position? = nil) throws {
      (self.path, self.limit, self.kind, self.position) = (path, limit, kind, position)
      (descriptor, size) = try InputFile.open(path, kind: kind, from: position)
      guard size <= limit else { throw refusal("has \(size) bytes; \(kind) has at most \(limit)") }
    }

    deinit { close(descriptor) }

    /// The next bytes; none at the end.
    ///
    /// - Throws: ``ScenarioErrors``.
    func next() throws -> [UInt8] {
      while true {
        let isFirst = taken == 0
        let packed = try read()
        if isFirst, packed.starts(with: [0x1F, 0x8B]) {
          inflater = Inflater(.gzip, most: Inflater.mostUnpacked(size, limit: limit))
        }
        guard let inflater else { return Array(packed) }
        do {
          if packed.isEmpty {
            try inflater.end()
            return []
          }
          let bytes = try inflater.unpack(packed)
          if !bytes.isEmpty { return bytes }
        } catch .tooLarge {
          throw refusal(
            "unpacks to more than \(Inflater.mostUnpacked(size, limit: limit)) bytes, too many for \(kind) of \(size) "
              + "packed bytes")
        } catch .damaged {
          throw refusal("is damaged: gzip cannot unpack it")
        } catch .cut {
          throw refusal("is cut off: it ends within its packed data")
        }
      }
    }

    /// All bytes that are left, behind those that were read.
    ///
    /// - Throws: ``ScenarioErrors``.
    func rest(after read: [UInt8] = []) throws -> [UInt8] {
      var bytes = read
      if inflater == nil { bytes.reserveCapacity(size) }
      while true {
        let more = try next()
        if more.isEmpty { return bytes }
        bytes += more
      }
    }

    private func read() throws -> ArraySlice<UInt8> {
      while true {
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw refusal("cannot be read: \(String(cString: strerror(errno)))")
        }
        taken += count
        guard taken <= limit else { throw refusal("has more than \(limit) bytes, too many for \(kind)") }
        return buffer[..<count]
      }
    }

    private func refusal(_ message: String) -> ScenarioErrors { InputFile.refusal(path, message, position) }
  }
}
