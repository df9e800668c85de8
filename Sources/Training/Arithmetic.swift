/// What the bits of trained numbers depend on beside scenario and seed.
///
/// Where it is the same they are the same, on any number of threads; where it is not, last digits differ from the first
/// step on, and with them, round by round, all that is trained.
public struct Arithmetic: Sendable, Hashable {
  /// The library of matrix products and its version, `OpenBLAS 0.3.21`.
  public var library: String
  /// The processor for which the library's kernels in force are made, `Haswell`.
  public var kernel: String
  /// What the processor has of that by which other kernels, and functions of the C library, are chosen: `avx2`, `fma`.
  public var features: [String]
  /// The C library and its version, `glibc 2.36`.
  public var system: String

  /// An arithmetic of these parts.
  public init(library: String, kernel: String, features: [String], system: String) {
    (self.library, self.kernel, self.features, self.system) = (library, kernel, features, system)
  }
}

extension Arithmetic: CustomStringConvertible {
  /// In a line, as messages have it.
  public var description: String {
    "\(library) for \(kernel), a processor with \(features.isEmpty ? "none" : features.joined(separator: ", ")), \(system)"
  }
}
