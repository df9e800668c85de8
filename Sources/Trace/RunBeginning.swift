import JSON

/// What a run's folder keeps of how the run began, so that the folder alone is enough to go on.
///
/// It stands in `manifest.json.partial`, under a key of its own that the manifest of a finished run has not, and in
/// `checkpoint/run.json` once the run has finished.
public struct RunBeginning: Sendable, Hashable {
  /// A file that the scenario reads, of which the folder keeps a copy.
  public struct Input: Sendable, Hashable {
    /// The copy's name, relative to the run's folder.
    public var name: String
    /// Where it is copied from, from the root of the file system.
    public var source: String
    /// What the copy is, once it is there.
    var mark: FileMark?

    /// The file at `source`, to be kept as `name`.
    public init(name: String, source: String) {
      self.name = name
      self.source = FileSystem.absolute(source)
    }
  }

  /// The resolved scenario, as `scenario.yaml` has it.
  public var scenario: String
  /// The files that it reads.
  public var inputs: [Input]
  /// What else the command was told, for it alone to read.
  public var options: JSONValue
  /// Whether the scenario and all inputs are in the folder.
  var isPrepared = false
  /// Whether it begins with an older run's traces and checkpoint.
  var goesOn = false

  /// The beginning of a run of `scenario`.
  public init(scenario: String, inputs: [Input] = [], options: JSONValue = [:]) {
    self.scenario = scenario
    self.inputs = inputs
    self.options = options
  }

  static let key = "beginning"
  /// The key of the hash of all that stands before it.
  static let hashKey = "hash"

  static func hash(of members: [JSONValue.Member]) -> String {
    ByteHash(Array(JSONValue.object(members).text(.line).utf8)).text
  }

  var json: JSONValue {
    JSONValue(omittingNil: [
      "prepared": .bool(isPrepared), "goes_on": goesOn ? .bool(true) : nil, "scenario": .string(scenario),
      "inputs": .array(
        inputs.map {
          JSONValue(omittingNil: [
            "name": .string($0.name), "source": .string($0.source), "bytes": ($0.mark?.bytes).map(JSONValue.integer),
            "hash": ($0.mark?.hash).map(JSONValue.string),
          ])
        }), "options": options,
    ])
  }

  /// The mark of a run that has begun, which holds its own hash.
  func mark(of manifest: Manifest) -> JSONValue {
    let members = (manifest.json.members ?? []) + [.init(Self.key, json)]
    return .object(members + [.init(Self.hashKey, .string(Self.hash(of: members)))])
  }

  /// Reads what ``mark(of:)`` wrote to the file `path`.
  ///
  /// - Throws: ``TraceError/folder(path:reason:)`` where it is damaged or another version's.
  init(mark json: JSONValue, of manifest: Manifest, path: String, version: String) throws(TraceError) {
    guard manifest.version == version else {
      throw .folder(
        path: String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)),
        reason: "was begun by version \(manifest.version); version \(version) cannot go on with the same bytes")
    }
    guard var members = json.members, let hash = members.popLast(), hash.key == Self.hashKey else {
      throw .folder(
        path: path, reason: "is damaged, or of an AirSplit that kept no hashes; begin the run anew with --force")
    }
    guard hash.value.text == Self.hash(of: members) else {
      throw .folder(path: path, reason: "is not what the run had written; begin the run anew with --force")
    }
    guard let beginning = json[Self.key].flatMap(RunBeginning.init(json:)) else {
      throw .folder(path: path, reason: "is damaged: it does not say how the run began")
    }
    self = beginning
  }

  /// Reads what ``json`` wrote; `nil` where anything is missing, or an input's name leads elsewhere.
  init?(json: JSONValue) {
    guard let isPrepared = json["prepared"]?.bool, let scenario = json["scenario"]?.text,
      let elements = json["inputs"]?.elements, let options = json["options"]
    else { return nil }
    var inputs: [Input] = []
    for element in elements {
      guard let name = element["name"]?.text, RunFolder.isInput(name),
        let source = element["source"]?.text
      else { return nil }
      var input = Input(name: name, source: source)
      if let bytes = element["bytes"]?.integer, let hash = element["hash"]?.text {
        input.mark = FileMark(file: name, bytes: bytes, hash: hash)
      }
      inputs.append(input)
    }
    goesOn = json["goes_on"]?.bool == true
    (self.isPrepared, self.scenario, self.inputs, self.options) = (isPrepared, scenario, inputs, options)
  }
}

extension RunFolder {
  /// A run that is to go on.
  public enum Resumption: Sendable {
    /// It has finished; ``RunFolder/kept(version:)`` says what it can go on from.
    case finished(RunFolder, Manifest)
    /// It has not; its folder is ready for it.
    case unfinished(RunFolder, Manifest, RunBeginning)
  }

  /// Opens the folder of a run that was stopped or killed, at whatever moment.
  ///
  /// - Parameter version: The version of AirSplit that asks; no other can go on with the same bytes.
  /// - Throws: ``TraceError`` where there is no run, or it cannot go on.
  public static func resume(_ path: String, version: String) throws(TraceError) -> Resumption {
    let path = try trimmed(path)
    _ = try newestMark(in: path)
    let folder = try RunFolder(locking: path)
    let (file, json) = try newestMark(in: path)
    let manifest = try Manifest(json: json, path: file)
    if manifest.finished {
      if file.hasSuffix(partialName) { try folder.completeFinish() }
      try folder.removeCheckpointUnlessKept()
      try? FileSystem.remove("\(path)/\(stagingName)")
      return .finished(folder, manifest)
    }
    let beginning = try RunBeginning(mark: json, of: manifest, path: file, version: version)
    guard beginning.isPrepared else {
      return .unfinished(folder, manifest, try folder.begin(manifest, beginning))
    }
    try folder.check(beginning)
    return .unfinished(folder, manifest, beginning)
  }

  /// Holds the scenario and the inputs against what the run began with.
  ///
  /// - Throws: ``TraceError/folder(path:reason:)`` where they have changed.
  func check(_ beginning: RunBeginning) throws(TraceError) {
    let scenario = "\(path)/\(Self.scenarioName)"
    guard try FileSystem.contents(of: scenario) == Array(beginning.scenario.utf8) else {
      throw .folder(
        path: scenario, reason: "was changed after the run had begun; put it back, or begin a new run with it")
    }
    for input in beginning.inputs {
      guard let mark = input.mark, try holds(mark) else {
        throw .folder(
          path: "\(path)/\(input.name)",
          reason: "is not what the run had copied; put it back, or begin the run anew with --force")
      }
    }
  }

  /// Makes sure that each of these traces begins as its mark says.
  ///
  /// - Throws: ``TraceError`` where one is missing or was changed.
  public func check(traces: [FileMark]) throws(TraceError) {
    for mark in traces {
      let found = mark.file.contains("/") ? nil : try FileSystem.hash(of: "\(path)/\(mark.file)", first: mark.bytes)
      guard let found, found.bytes == mark.bytes, found.hash == mark.hash else {
        throw .folder(
          path: "\(path)/\(mark.file)",
          reason: "is not what the run had written: it was changed, or its disk is failing; begin a new run")
      }
    }
  }

  /// Whether the file that `mark` names is there and is what it says, all of it.
  func holds(_ mark: FileMark) throws(TraceError) -> Bool {
    let file = "\(path)/\(mark.file)"
    guard try FileSystem.kind(of: file) == .file else { return false }
    let found = try FileSystem.hash(of: file)
    return found.bytes == mark.bytes && found.hash == mark.hash
  }
}
