import Processes

/// The programs that run beside one worker, each started when somebody asks for it first, and ended with the pool.
///
/// A worker has a pool of its own: a program serves one run at a time, and many runs one after another.
public final class Companions {
  private struct Key: Hashable {
    var command: [String]
    var directory: String?
  }

  private var running: [Key: Companion] = [:]

  /// No program yet.
  public init() {}

  /// The program, which is started unless it runs.
  ///
  /// - Throws: `CompanionError` where it cannot be started.
  func companion(_ command: [String], _ directory: String?) throws(CompanionError) -> Companion {
    let key = Key(command: command, directory: directory)
    if let known = running[key] { return known }
    let started = try Companion(command, directory: directory)
    running[key] = started
    return started
  }

  /// Ends the program, which is started anew when somebody asks for it again.
  func end(_ command: [String], _ directory: String?) {
    running.removeValue(forKey: Key(command: command, directory: directory))?.end()
  }
}
