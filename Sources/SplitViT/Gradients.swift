import CTensor

/// What is done to a range of gradients between backward pass and update.
public enum Gradients {
  /// The Euclidean norm of all elements together, added up in double precision.
  public static func norm(_ gradients: UnsafeMutableBufferPointer<Float>) -> Double {
    guard let base = gradients.baseAddress else { return 0 }
    return Kernels.best.sum_squares(base, gradients.count).squareRoot()
  }

  /// Scales all elements so that their norm is at most `limit`.
  ///
  /// The factor is min(1, limit / (norm + 1e-6)), as PyTorch's `clip_grad_norm_` has it. Where several ranges make up one
  /// model, `norm` is that of all of them: the root of the sum of their squares.
  ///
  /// - Parameters:
  ///   - gradients: What is scaled.
  ///   - limit: The largest norm, from `OptimizerRule.gradientClip`; `nil`: nothing happens.
  ///   - norm: The norm to judge by; that of `gradients` where it is `nil`.
  public static func clip(
    _ gradients: UnsafeMutableBufferPointer<Float>, to limit: Double?, norm: Double? = nil
  ) {
    guard let limit, let base = gradients.baseAddress else { return }
    let factor = limit / ((norm ?? Self.norm(gradients)) + 1e-6)
    if factor < 1 { Kernels.best.scale(gradients.count, Float(factor), base) }
  }
}
