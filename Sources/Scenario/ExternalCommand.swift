import Allocation
import Foundation
import Units

/// A program that a scenario names and AirSplit starts: a policy or a trainer in any language.
public struct ExternalCommand: Sendable, Hashable {
  /// The program and its arguments; nothing is handed to a shell. A program without a slash is looked up on PATH.
  public var words: [String]
  /// How long it may take to answer.
  public var timeout: Seconds
  /// Where it works: the scenario's folder unless another one is given.
  public var directory: String

  /// A program to start.
  public init(words: [String], timeout: Seconds, directory: String) {
    self.words = words
    self.timeout = timeout
    self.directory = directory
  }
}

extension ExternalCommand {
  /// The files that the command names, from the root of the file system: the program's own text, usually.
  public var files: [String] {
    words.compactMap { word in
      let path = URL(fileURLWithPath: word, relativeTo: URL(fileURLWithPath: directory, isDirectory: true))
        .standardizedFileURL.path
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue ? path : nil
    }
  }
}

extension Scenario {
  /// The programs that a run of this scenario starts; most start none.
  public var commands: [ExternalCommand] {
    var commands: [ExternalCommand] = []
    if policy == Self.externalPolicyName, let externalPolicy { commands.append(externalPolicy) }
    if case .external(let command) = training.trainer { commands.append(command) }
    return commands
  }

  /// The policy that is a program of its own.
  public static let externalPolicyName = "external"
  /// The trainer that is a program of its own.
  static let externalTrainerName = "external"
}

extension ScenarioReader {
  /// The policies that a scenario may name: those of the registry, and a program of its own.
  public static let policyNames = PolicyRegistry.all.map(\.name) + [Scenario.externalPolicyName]
}

extension Section {
  /// The keys of a program that AirSplit starts, which are this section's.
  func externalCommand(timeout standard: Seconds, _ command: inout ExternalCommand?) {
    let words = words(command?.words)
    var timeout = command?.timeout ?? standard
    quantity("timeout", Self.timeoutSummary, in: 1e-3...1e6, &timeout)
    let directory = folder(command?.directory)
    command = words.map { ExternalCommand(words: $0, timeout: timeout, directory: directory) }
  }

  /// Declares the keys of a program where the scenario names none.
  func documentExternalCommand(timeout standard: Seconds) {
    _ = declare("command", Self.commandSummary, default: nil)
    _ = declare("timeout", Self.timeoutSummary, default: standard.description)
    _ = declare("directory", Self.folderSummary, default: "null")
  }

  private static let commandSummary = "the program and its arguments, which no shell looks at"
  private static let timeoutSummary = "how long the program may take for an answer"
  private static let folderSummary = "where the program works; null: the scenario's folder"

  private func words(_ known: [String]?) -> [String]? {
    let key = "command"
    if let known { note(key, .list(known.map { .scalar(.text($0)) })) }
    guard let given = declare(key, Self.commandSummary, default: nil) else {
      guard known == nil else { return known }
      reading.log.error(at: position, path: path(key), "this key is required; write 'command: [python3, program.py]'")
      return nil
    }
    guard case .list(let items) = given.content, !items.isEmpty else {
      fail(key, given, "\(given.shown) is not a list of words; write 'command: [python3, program.py]'")
      return nil
    }
    var words: [String] = []
    for item in items {
      guard let word = item.text, !word.utf8.contains(0), !(words.isEmpty && word.isEmpty) else {
        fail(key, item, "\(item.shown) is not a word of a command")
        return nil
      }
      words.append(word)
    }
    return words
  }

  private func folder(_ known: String?) -> String {
    let key = "directory"
    if let known { note(key, .scalar(.text(known))) }
    let given = value(of: key).flatMap { $0.isNull ? nil : text(key, Self.folderSummary, default: "null") }
    _ = declare(key, Self.folderSummary, default: "null")
    if given == nil, let known { return known }
    return reading.file(given?.text ?? ".", at: given?.value.position ?? position)
  }
}

extension YAMLValue {
  /// The scenario with `policy: {external: …}` written as `policy: external` and a section of `policies`, as resolved
  /// scenarios have it: what is laid over `policy` then leaves the command where it is.
  var withExternalPolicyAside: YAMLValue {
    let name = Scenario.externalPolicyName
    guard case .map(var pairs) = content, let place = pairs.firstIndex(where: { $0.key == "policy" }),
      case .map(let inner) = pairs[place].value.content, inner.count == 1, inner[0].key == name
    else { return self }
    pairs[place].value = YAMLValue(content: .scalar(name, isPlain: true), position: inner[0].position)
    if let table = pairs.firstIndex(where: { $0.key == "policies" }),
      case .map(let others) = pairs[table].value.content
    {
      pairs[table].value.content = .map(others.filter { $0.key != name } + inner)
    } else if !pairs.contains(where: { $0.key == "policies" }) {
      let holder = YAMLValue(content: .map(inner), position: inner[0].position)
      pairs.append(Pair(key: "policies", position: inner[0].position, value: holder))
    }
    var result = self
    result.content = .map(pairs)
    return result
  }
}
