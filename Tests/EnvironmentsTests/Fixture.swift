import Environments
import Foundation

/// Small cells of the quick start.
enum Fixture {
  /// The package's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let quickstart = "\(root)/scenarios/quickstart.yaml"

  /// A batch of the quick start with settings laid over it.
  static func batch(
    _ overrides: [String] = [], _ change: (inout EnvironmentOptions) -> Void = { _ in }
  ) throws -> EnvironmentBatch {
    var request = EnvironmentRequest(source: .file(quickstart))
    request.overrides = overrides
    change(&request.options)
    return try EnvironmentBatch(request)
  }
}
