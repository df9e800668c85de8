import COpenBLAS
import CTensor
import Training

/// The library of matrix products: loaded when something is trained, with one thread per product.
enum OpenBLAS {
  /// Loads it, once.
  ///
  /// - Throws: `TrainingError` where it cannot be had, with what to do.
  static func load() throws(TrainingError) {
    guard let reason = openblas_load() else { return }
    throw TrainingError(
      "training needs the library OpenBLAS, which cannot be loaded (\(String(cString: reason))); "
        + "Debian has it as libopenblas0, Homebrew as openblas, and 'ulimit -v' may be too small for it")
  }

  /// What bits depend on here.
  ///
  /// - Throws: As ``load()``.
  static func arithmetic() throws(TrainingError) -> Arithmetic {
    try load()
    let words = String(cString: openblas_configuration()).split(separator: " ").prefix(2)
    return Arithmetic(
      library: words.joined(separator: " "), kernel: String(cString: openblas_core()),
      features: String(cString: tensor_processor_features()).split(separator: " ").map(String.init),
      system: String(cString: tensor_c_library()))
  }
}

extension TrainerSettings {
  /// What the bits of numbers that are trained on this machine depend on.
  ///
  /// - Throws: `TrainingError` where the library of matrix products cannot be loaded.
  public static func arithmetic() throws(TrainingError) -> Arithmetic { try OpenBLAS.arithmetic() }
}
