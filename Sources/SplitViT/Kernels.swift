import CTensor
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The sets of vector kernels, which differ in speed and in no bit.
enum Kernels {
  /// Names a set that all of a process's networks take, instead of the fastest one: to compare them, and to find out
  /// whether one is at fault.
  static let variable = "AIRSPLIT_KERNELS"

  /// Those that this processor can run, the fastest last.
  static let available: [(name: String, kernels: tensor_kernels)] = [
    ("plain", tensor_kernels_plain()), ("avx2", tensor_kernels_avx2()), ("avx512", tensor_kernels_avx512()),
  ].compactMap { name, kernels in kernels.map { (name, $0.pointee) } }

  /// The set that ``variable`` names, or the fastest.
  static let best = (try? named(getenv(variable).map { String(cString: $0) })) ?? available[available.count - 1].kernels

  /// Refuses what ``variable`` names if this processor cannot run it.
  static func check() throws(TrainingError) { _ = try named(getenv(variable).map { String(cString: $0) }) }

  /// The set of this name; the fastest without one.
  ///
  /// - Throws: `TrainingError` where this processor has no set of that name.
  static func named(_ name: String?) throws(TrainingError) -> tensor_kernels {
    guard let found = available.last(where: { name == nil || $0.name == name }) else {
      throw TrainingError(
        "\(variable) is '\(name ?? "")'; this processor can run \(available.map(\.name).joined(separator: ", "))")
    }
    return found.kernels
  }
}
