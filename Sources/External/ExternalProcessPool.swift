import Processes

/// The programs that run beside one worker, each started when somebody asks for it first, and ended with the pool.
///
/// A worker has a pool of its own: a program serves one run at a time, and many runs one after another.
public final class ExternalProcessPool {
  /// What a program is asked for, and so which language it speaks.
  enum Role { case policy, trainer }

  private struct Key: Hashable {
    var role: Role
    var command: [String]
    var directory: String?
  }

  private var running: [Key: Companion] = [:]

  /// No program yet.
  public init() {}

  /// The program, which is started unless it runs.
  ///
  /// - Throws: `CompanionError` where it cannot be started.
  func companion(_ role: Role, _ command: [String], _ directory: String?) throws(CompanionError) -> Companion {
    let key = Key(role: role, command: command, directory: directory)
    if let known = running[key] { return known }
    let started = try Companion(command, directory: directory)
    running[key] = started
    return started
  }

  /// Ends the program, which is started anew when somebody asks for it again.
  func end(_ role: Role, _ command: [String], _ directory: String?) {
    running.removeValue(forKey: Key(role: role, command: command, directory: directory))?.end()
  }
}
