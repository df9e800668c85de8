import Allocation
import ArgumentParser
import Datasets
import Experiments
import Reproduction
import Scenario
import Simulation
import SplitViT
import Trace
import Training
import Units

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process answers to the shell.
enum ExitStatus: Int32 {
  /// All is well.
  case success = 0
  /// A run failed, or a check found something.
  case failure = 1
  /// Bad input or usage.
  case badInput = 2
  /// Not enough data to answer.
  case notEnoughData = 3
}

/// An end of a command that its own messages explain.
struct CommandError: Error {
  var status: ExitStatus
  /// Sentences for standard error, each a line; none where all is said.
  var messages: [String]

  /// Bad input or usage, as `message` says.
  static func badInput(_ message: String) -> CommandError { CommandError(status: .badInput, messages: [message]) }

  /// A failure, as `message` says.
  static func failure(_ message: String) -> CommandError { CommandError(status: .failure, messages: [message]) }
}

extension ExitStatus {
  /// Parses and runs one command line, and says on standard error why it did not end well.
  static func of(arguments: [String]) -> ExitStatus {
    do {
      try AirSplit.checkCommandName(arguments)
      var command = try AirSplit.parseAsRoot(arguments)
      try command.run()
      return .success
    } catch StandardStreams.WriteError.closedByReader {
      return .success
    } catch let error as CommandError {
      return report(error.status, error.messages)
    } catch let error as ScenarioErrors {
      for line in error.diagnostics { StandardStreams.note("\(line)") }
      return .badInput
    } catch let error as InputError {
      return report(.badInput, error.lines)
    } catch let error where ExitStatus(error) != nil {
      return report(ExitStatus(error) ?? .failure, ["\(error)"])
    } catch {
      return ofParser(error)
    }
  }

  /// What an error of a library means for the shell; `nil` for the argument parser's own.
  init?(_ error: any Error) {
    switch error {
    case let error as SimulationError: self = error.isBadInput ? .badInput : .failure
    case is StandardStreams.WriteError, is PolicyError, is TrainingError, is WeightsError, is ReproductionError:
      self = .failure
    case TraceError.file: self = .failure
    case is EqualDraws: self = .notEnoughData
    case is TraceError, is InputError, is ScenarioErrors, is DatasetError: self = .badInput
    default: return nil
    }
  }

  /// Ends the process.
  func end() -> Never { exit(rawValue) }

  private static func report(_ status: ExitStatus, _ messages: [String]) -> ExitStatus {
    for message in messages { StandardStreams.note("error: \(message)") }
    return status
  }

  /// The ends that the argument parser knows: help, version, completion scripts, and mistakes of usage.
  private static func ofParser(_ error: any Error) -> ExitStatus {
    let text = AirSplit.fullMessage(for: error)
    guard AirSplit.exitCode(for: error).isSuccess else {
      let label = "Error: "
      return report(.badInput, [text.hasPrefix(label) ? String(text.dropFirst(label.count)) : text])
    }
    do {
      try StandardStreams.write(text + "\n")
      return .success
    } catch StandardStreams.WriteError.closedByReader {
      return .success
    } catch {
      return report(.failure, ["\(error)"])
    }
  }
}

extension AirSplit {
  /// Answers a mistyped command with the nearest one.
  fileprivate static func checkCommandName(_ arguments: [String]) throws {
    guard let word = arguments.first(where: { $0 != "help" }), !word.hasPrefix("-") else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    if !names.contains(word) { throw CommandError.badInput(unknown("command", word, among: names)) }
  }
}

/// `there is no policy 'exakt'; did you mean 'exact'?`, or all names where none is near.
func unknown(_ kind: String, _ word: String, among names: [String]) -> String {
  let shown = word.count > 60 ? "\(word.prefix(60))…" : word
  let hint = Spelling.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
  return "there is no \(kind) '\(shown)'; " + (hint ?? "there are \(names.joined(separator: ", "))")
}

extension InputError {
  /// One line an issue.
  var lines: [String] {
    issues.map(\.description) + (omitted > 0 ? ["\(omitted) more are not shown"] : [])
  }
}
