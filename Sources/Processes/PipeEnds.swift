import Foundation

/// The pipes between this process and a program that is about to start: its three standard streams, and the keeper's
/// lifeline.
struct PipeEnds {
  /// Why a pipe or a process could not be had.
  struct SystemError: Error, CustomStringConvertible {
    var description: String

    init(_ code: Int32 = errno) { description = String(cString: strerror(code)) }
  }

  /// This process's ends: what the program reads, writes, complains with, and the lifeline.
  let ours: (input: Int32, output: Int32, errors: Int32, lifeline: Int32)
  /// The program's ends of the same.
  private let theirs: [Int32]

  init() throws(SystemError) {
    var made: [(read: Int32, write: Int32)] = []
    do {
      for _ in 0..<4 { made.append(try Self.pipe()) }
    } catch {
      for pipe in made { [pipe.read, pipe.write].forEach { close($0) } }
      throw error
    }
    ours = (made[0].write, made[1].read, made[2].read, made[3].write)
    theirs = [made[0].read, made[1].write, made[2].write, made[3].read]
    for end in [ours.input, ours.output, ours.errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
  }

  /// Starts the keeper of `arguments` in `folder`, a process group of its own.
  func spawn(_ arguments: [String], in folder: String) throws(SystemError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, end) in theirs.enumerated() { posix_spawn_file_actions_adddup2(&actions, end, Int32(number)) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setpgroup(&attributes, 0)
    // This process ignores broken pipes and full quotas, and a thread of its may block signals; the program is to decide
    // for itself.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGXFSZ)
    posix_spawnattr_setsigdefault(&attributes, &signals)

    let words = ["/bin/sh", "-c", Self.keeper, "airsplit-keeper", folder] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    var keeper: pid_t = 0
    let code = posix_spawn(&keeper, "/bin/sh", &actions, &attributes, &pointers, environ)
    theirs.forEach { close($0) }
    guard code == 0 else {
      [ours.input, ours.output, ours.errors, ours.lifeline].forEach { close($0) }
      throw SystemError(code)
    }
    return keeper
  }

  /// Waits for the program, and for the end of the lifeline, upon which it kills the group that it leads.
  ///
  /// A shell gives what it starts in the background no standard input unless told so, hence the detour over 4.
  private static let keeper = """
    cd "$1" || exit 126
    shift
    exec 4<&0 0</dev/null
    { read -r _ <&3; kill -KILL 0; } 4<&- >/dev/null 2>&1 &
    watch=$!
    "$@" <&4 4<&- 3<&- &
    program=$!
    exec 4<&- 1>&- 2>/dev/null
    wait $program
    code=$?
    kill -KILL $watch
    exit $code
    """

  /// A pipe whose ends no other program inherits, with numbers that the program's own are not among.
  private static func pipe() throws(SystemError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else { throw SystemError() }
    let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    let problem = errno
    ends.forEach { close($0) }
    guard high.allSatisfy({ $0 >= 0 }) else {
      high.filter { $0 >= 0 }.forEach { close($0) }
      throw SystemError(problem)
    }
    return (high[0], high[1])
  }
}
