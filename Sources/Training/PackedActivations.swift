import CTensor
import Randomness

/// A tensor of activations as the bits that go over the air, packed and unpacked in bulk: the numbers of
/// ``StochasticQuantizer``, to the bit, for the same words of a stream.
///
/// The buffer is kept from one tensor to the next and grows to the largest, so that a training step allocates nothing.
/// Eq. (7) takes one 32-bit word an element, in the elements' order; word / 2³² is the uniform number.
///
/// Layout, little-endian: least and largest magnitude as float32; then for each element, side by side from the lowest free
/// bit on, q bits of level and above them its sign; what is left of the last byte is zero. At 32 bits the float32 as they
/// are. For one thread at a time.
public final class PackedActivations {
  /// q of the tensor that is in the buffer.
  public private(set) var bits = 32
  /// Elements d of the tensor that is in the buffer.
  public private(set) var count = 0

  private var storage: UnsafeMutableRawBufferPointer
  private var low: Float = 0
  private var high: Float = 0

  /// A buffer without a tensor.
  public init() { storage = .allocate(byteCount: 0, alignment: Self.alignment) }

  deinit { storage.deallocate() }

  /// What is in the buffer, bit: d (q + 1) + 64, Eq. (8); 32 d at 32 bits. It is ``PayloadRule/exact``'s payload.
  public var packedBits: Int { bits == 32 ? 32 * count : Self.rangeBytes * 8 + (bits + 1) * count }

  /// What is in the buffer: ``packedBits`` rounded up to whole bytes. Valid until the next ``pack(_:bits:stream:)``.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<byteCount]) }

  /// Quantises a tensor by Eq. (7) and takes it in, in place of the last one.
  ///
  /// - Parameters:
  ///   - values: The elements; none is fine.
  ///   - bits: q, from 1 to 32; 32 stands for raw float32.
  ///   - stream: Gives one word an element, none at 32 bits.
  /// - Throws: ``QuantizerError/bits(_:)`` outside of 1…32, ``QuantizerError/notFinite(index:)`` at the first NaN or
  ///   infinity; then no word is taken and the last tensor stays.
  public func pack(
    _ values: UnsafeBufferPointer<Float>, bits: Int, stream: inout RandomStream
  ) throws(QuantizerError) {
    guard (1...32).contains(bits) else { throw .bits(bits) }
    var (low, high): (Float, Float) = (0, 0)
    if let first = values.baseAddress, !values.isEmpty, !quantize_range(first, values.count, &low, &high) {
      throw .notFinite(index: values.firstIndex { !$0.isFinite } ?? 0)
    }
    (self.bits, count, self.low, self.high) = (bits, values.count, low, high)
    reserve(byteCount + Self.slack)
    guard bits < 32 else { return storage.copyMemory(from: UnsafeRawBufferPointer(values)) }
    storage.storeBytes(of: low.bitPattern.littleEndian, as: UInt32.self)
    storage.storeBytes(of: high.bitPattern.littleEndian, toByteOffset: 4, as: UInt32.self)
    packFields(of: values, stream: &stream)
  }

  /// The tensor as the server sees it; `values` has room for ``count`` elements.
  public func unpack(into values: UnsafeMutableBufferPointer<Float>) {
    unpack(range: 0..<count, into: values)
  }

  /// A run of the tensor's elements as the server sees them; `values` has room for as many.
  ///
  /// - Precondition: The run lies within 0..<``count``.
  public func unpack(range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a run of elements that are not in the buffer")
    precondition(values.count >= range.count, "no room for the elements")
    guard let first = values.baseAddress, !range.isEmpty else { return }
    guard bits < 32 else {
      let raw = storage[4 * range.lowerBound..<4 * range.upperBound]
      return UnsafeMutableRawBufferPointer(values).copyMemory(from: UnsafeRawBufferPointer(rebasing: raw))
    }
    quantize_unpack(fields, range.lowerBound, range.count, low, high, Int32(bits), first)
  }

  /// Draws the words for a few hundred elements at a time, on the stack. Eight elements fill whole bytes.
  private func packFields(of values: UnsafeBufferPointer<Float>, stream: inout RandomStream) {
    guard let first = values.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.wordsAtOnce) { words in
      guard let word = words.baseAddress else { return }
      for start in stride(from: 0, to: values.count, by: words.count) {
        let some = min(words.count, values.count - start)
        stream.fill(UnsafeMutableBufferPointer(rebasing: words[..<some]))
        quantize_pack(
          first + start, word, some, low, high, Int32(bits), fields + start / 8 * (bits + 1))
      }
    }
  }

  private var byteCount: Int { (packedBits + 7) / 8 }

  /// Where the elements' fields begin.
  private var fields: UnsafeMutablePointer<UInt8> {
    storage.assumingMemoryBound(to: UInt8.self).baseAddress.unsafelyUnwrapped + Self.rangeBytes
  }

  private func reserve(_ size: Int) {
    guard storage.count < size else { return }
    storage.deallocate()
    storage = .allocate(byteCount: size, alignment: Self.alignment)
  }

  private static let alignment = 16
  private static let rangeBytes = 8
  /// Bytes that unpacking reads, and does not use, beyond the last field.
  private static let slack = 7
  /// A kibibyte: what Swift keeps on the stack. A multiple of eight.
  private static let wordsAtOnce = 256
}
