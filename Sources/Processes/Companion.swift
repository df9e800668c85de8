import Foundation

/// A program that runs beside this one and is talked to over its standard input and output.
///
/// Every call takes as long as it was given at most, whatever the program does, and a call that fails ends it. The program
/// and what it starts are one process group under a keeper, a shell that waits for it and ends the whole group as soon as
/// nobody holds the other end of its lifeline: when ``end()`` is called, and also when this process is killed. So no
/// program outlives a run. What it writes to standard error goes to this process's.
///
/// One thread at a time may use a companion.
package final class Companion {
  /// The program and its arguments.
  package let command: [String]

  private let keeper: pid_t
  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var lifeline: Int32
  /// What the program wrote and nobody has read.
  private var pending: [UInt8] = []
  /// Bytes of ``pending`` in which no line ends.
  private var searched = 0
  private var lastWords: [UInt8] = []
  private var hasEnded = false
  private var status: Int32?

  /// Starts `command`, without a shell between: its first word is a path, or a program to be found on PATH.
  ///
  /// - Parameter directory: Where the program works; this process's own folder unless given.
  /// - Throws: ``CompanionError`` where there is no such program.
  package init(_ command: [String], directory: String? = nil) throws(CompanionError) {
    self.command = command
    guard let name = command.first, !name.isEmpty, command.allSatisfy({ !$0.utf8.contains(0) }) else {
      throw CompanionError(command: command, reason: "names no program")
    }
    _ = Self.brokenPipesAreErrors
    let folder = directory ?? FileManager.default.currentDirectoryPath
    guard let program = Self.program(name, from: folder) else {
      throw CompanionError(
        command: command,
        reason: name.contains("/")
          ? "there is no program '\(name)' (from \(folder))" : "there is no program '\(name)' on PATH")
    }
    do {
      // A pipe is inheritable for a moment; nobody else starts then.
      Self.starting.lock()
      defer { Self.starting.unlock() }
      let ends = try PipeEnds()
      keeper = try ends.spawn([program] + command.dropFirst(), in: folder)
      (input, output, errors, lifeline) = ends.ours
    } catch {
      throw CompanionError(command: command, reason: "cannot be started: \(error)")
    }
  }

  deinit { end() }

  // MARK: - Talking

  /// Hands `bytes` to the program.
  ///
  /// - Throws: ``CompanionError`` where it has ended, closed its standard input or did not read in time.
  package func write(_ bytes: [UInt8], within limit: Duration) throws(CompanionError) {
    let deadline = ContinuousClock.now + limit
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Foundation.write(input, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count > 0 {
        sent += count
      } else if count < 0, errno == EPIPE {
        throw failure(ended(saying: "closed its standard input"))
      } else if count < 0, errno != EAGAIN, errno != EINTR {
        throw failure("cannot be written to: \(String(cString: strerror(errno)))")
      } else if try !wait(until: deadline, toWrite: true) {
        throw failure("did not read what it was sent within \(limit)")
      }
    }
  }

  /// The next line, without its end, of at most `limit` bytes.
  ///
  /// - Throws: ``CompanionError`` where it is longer, does not come in time, or never will.
  package func readLine(limit: Int, within time: Duration) throws(CompanionError) -> [UInt8] {
    let deadline = ContinuousClock.now + time
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")), end <= limit {
        defer {
          pending.removeFirst(end + 1)
          searched = 0
        }
        return Array(pending[..<end])
      }
      searched = pending.count
      guard pending.count <= limit else { throw failure("wrote a line of over \(limit) bytes") }
      guard !outputHasEnded else { throw failure(ended(saying: "closed its standard output")) }
      guard try wait(until: deadline, toWrite: false) else { throw failure("did not answer within \(time)") }
    }
  }

  /// The next `count` bytes.
  ///
  /// - Throws: ``CompanionError`` where they do not come in time, or never will.
  package func read(count: Int, within time: Duration) throws(CompanionError) -> [UInt8] {
    let deadline = ContinuousClock.now + time
    while pending.count < count {
      guard !outputHasEnded else { throw failure(ended(saying: "closed its standard output")) }
      guard try wait(until: deadline, toWrite: false) else {
        throw failure(
          pending.isEmpty ? "did not answer within \(time)" : "wrote \(pending.count) of \(count) bytes within \(time)")
      }
    }
    defer {
      pending.removeFirst(count)
      searched = 0
    }
    return Array(pending[..<count])
  }

  /// Ends the program and all that it started, and waits until it is gone. Nothing can be said to it afterwards.
  package func end() { end(after: .milliseconds(500)) }

  /// Ends the program: it is told by the end of its standard input, and killed when it has not ended after `grace`.
  private func end(after grace: Duration) {
    guard !hasEnded else { return }
    hasEnded = true
    close(input)
    let deadline = ContinuousClock.now + grace
    while !isGone(), ContinuousClock.now < deadline {
      drain()
      usleep(1000)
    }
    close(lifeline)
    // What outlives the program in its group goes with it.
    kill(-keeper, SIGKILL)
    if status == nil {
      var code: Int32 = 0
      while waitpid(keeper, &code, 0) < 0, errno == EINTR {}
      status = code
    }
    drain()
    close(output)
    close(errors)
  }

  // MARK: - Waiting

  private var outputHasEnded = false

  /// Waits until the program wrote something or, `toWrite`, takes something; `false` at the deadline.
  private func wait(until deadline: ContinuousClock.Instant, toWrite: Bool) throws(CompanionError) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      guard left > 0 else { return false }
      var polled = [
        pollfd(fd: outputHasEnded ? -1 : output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        pollfd(fd: toWrite ? input : -1, events: Int16(POLLOUT), revents: 0),
      ]
      guard poll(&polled, nfds_t(polled.count), Int32(min(left.rounded(.up), 1e6))) > 0 else { continue }
      if polled[1].revents != 0 { passErrorsOn() }
      if polled[0].revents != 0 {
        takeOutput()
        // A program that writes without end while it is sent something must not fill the memory.
        guard pending.count <= Self.mostPending else {
          throw failure("wrote over \(Self.mostPending) bytes that were not asked for")
        }
        if !toWrite { return true }
      }
      if polled[2].revents != 0 { return true }
    }
  }

  private static let mostPending = 1 << 30

  private func takeOutput() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(output, &buffer, buffer.count)
    if count > 0 { pending += buffer[..<count] }
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { outputHasEnded = true }
  }

  private func passErrorsOn() {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    let count = Foundation.read(errors, &buffer, buffer.count)
    if count > 0 {
      _ = Foundation.write(2, buffer, count)
      lastWords = Array((lastWords + buffer[..<count]).suffix(1 << 12))
    } else if count == 0 {
      close(errors)
      errors = -1
    }
  }

  private func drain() {
    var polled = [pollfd(fd: errors, events: Int16(POLLIN), revents: 0)]
    while errors >= 0, poll(&polled, 1, 0) > 0, polled[0].revents != 0 {
      passErrorsOn()
      polled[0] = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
    }
  }

  private func isGone() -> Bool {
    if status != nil { return true }
    var code: Int32 = 0
    guard waitpid(keeper, &code, WNOHANG) == keeper else { return false }
    status = code
    return true
  }

  // MARK: - Failing

  /// How the program ended, or what it did instead.
  private func ended(saying otherwise: String) -> String {
    let deadline = ContinuousClock.now + .milliseconds(500)
    while !isGone(), ContinuousClock.now < deadline {
      drain()
      usleep(1000)
    }
    guard let status else { return otherwise }
    // The keeper hands on a signal as a shell does, as 128 and its number.
    let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f
    return code > 128 ? "was ended by signal \(code - 128)" : "ended with exit code \(code)"
  }

  private func failure(_ reason: String) -> CompanionError {
    end(after: .zero)
    let line = String(decoding: lastWords, as: UTF8.self).split(whereSeparator: \.isNewline).last
    return CompanionError(command: command, reason: reason, lastWords: line.map { String($0.prefix(300)) })
  }

  /// Where writing to a program that has ended would end this process too, it is an error instead.
  private static let brokenPipesAreErrors: Void = { signal(SIGPIPE, SIG_IGN) }()

  private static let starting = NSLock()

  /// The program `name`: from `folder` where it is a path, on PATH otherwise.
  private static func program(_ name: String, from folder: String) -> String? {
    if name.contains("/") {
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      return isProgram(path) ? path : nil
    }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      && access(path, X_OK) == 0
  }
}

/// What went wrong with a program beside this one.
package struct CompanionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The program and its arguments.
  package var command: [String]
  /// What it did.
  package var reason: String
  /// The last line that it wrote to standard error, if any.
  package var lastWords: String?

  /// `reason` happened to `command`.
  package init(command: [String], reason: String, lastWords: String? = nil) {
    self.command = command
    self.reason = reason
    self.lastWords = lastWords
  }

  /// `'python3 policy.py' ended with exit code 1; it said: ...`.
  package var description: String {
    let said = lastWords.map { "; it said: \($0)" } ?? ""
    return "'\(command.joined(separator: " ").prefix(200))' \(reason)\(said)"
  }
}
