import Datasets
import Foundation
import JSON
import Processes
import SplitViT
import Trace
import Training
import Units

/// A trainer that is a program of its own, in any language: it is told each round's work as AirSplit's own trainer is,
/// and answers with what was learned.
///
/// Messages are frames: four bytes with the length of the header, a header in JSON, and the numbers of the tensors that
/// the header lists.
///
/// ```
/// → hello          seed, scenario, training, tensors: images, labels, partition, first weights   ← ready
/// → train          round, participants, learning_rate, tensors: each one's mini-batches          ← learning
/// → save                                                                                          ← state + tensors
/// → restore        what `state` was + tensors                                                     ← restored
/// → weights                                                                                       ← weights + tensors
/// → profile        model                                                                          ← profile
/// ```
///
/// A hello begins a run: one program serves many runs, one after another, and is to forget the one before. The program
/// touches no file of a run, so it may as well work on another machine.
public final class ExternalTrainer: Trainer {
  /// The version of the protocol.
  public static let protocolVersion = 1
  /// That of runs in which devices merge that began with different versions of the model.
  public static let protocolOfVersions = 2
  /// The largest state and the largest weights, in bytes.
  static let (largestState, largestWeights) = (1 << 38, 1 << 34)

  /// What loading the first weights came to, a sentence each.
  public let notes: [String]

  private let command: [String]
  private let directory: String?
  private let timeout: Duration
  private let companions: ExternalProcessPool
  private let settings: ExternalTrainerSettings
  /// What the hello hands over, until it has been said.
  private var opening: [Tensor]?
  /// Whether the program did wrong: what it knew of the run is gone.
  private var hasFailed = false

  /// A trainer that `command` is, run in `directory`, with so much time for every answer.
  ///
  /// - Parameters:
  ///   - opening: The images and weights to begin with.
  ///   - companions: Where the program is, or will be, running.
  public init(
    command: [String], directory: String? = nil, timeout: Seconds, settings: ExternalTrainerSettings,
    opening: [Tensor] = [], notes: [String] = [], companions: ExternalProcessPool
  ) {
    self.notes = notes
    self.command = command
    self.directory = directory
    self.timeout = .seconds(timeout.value)
    self.settings = settings
    self.opening = opening + settings.partitionTensors
    self.companions = companions
  }

  /// What a program says that a model weighs: an object of `payload`, `work` and `memory`, as a scenario has them.
  ///
  /// - Throws: `TrainingError` that says what the program did instead.
  public static func profile(
    of model: ModelProfile, from command: [String], directory: String?, timeout: Seconds
  ) throws -> JSONValue {
    do {
      let program = try Companion(command, directory: directory)
      defer { program.end() }
      let pipe = FramePipe(program: program, timeout: .seconds(timeout.value))
      try pipe.send([
        .init("type", "profile"), .init("protocol", .integer(protocolVersion)), .init("model", model.json),
      ])
      let answer = try pipe.receive("profile").header
      return .object(answer.members?.filter { !["type", "tensors"].contains($0.key) } ?? [])
    } catch {
      throw failure(error, of: command)
    }
  }

  /// What went wrong with a program, as an error for the person who trains.
  private static func failure(_ error: any Error, of command: [String], in place: String = "") -> any Error {
    switch error {
    case let error as CompanionError: TrainingError("\(place)trainer external: \(error)")
    case let refusal as ProtocolViolation:
      TrainingError("\(place)trainer external: '\(command.joined(separator: " ").prefix(200))' \(refusal.reason)")
    default: error
    }
  }

  /// Hands a round's work to the program, and takes what was learned.
  ///
  /// - Throws: `TrainingError` that says what the program did.
  public func train(_ work: RoundWork) throws -> RoundLearning {
    try talking(in: "round \(work.round): ") { pipe in
      let (members, tensors) = settings.message(of: work)
      try pipe.send(members, tensors)
      let answer = try pipe.receive("learning").header
      guard answer["round"]?.integer == work.round else {
        throw ProtocolViolation(
          "answered for round \(answer["round"]?.text(.line) ?? "none"), and this is round \(work.round)")
      }
      if work.merge != nil, answer["version"]?.integer != work.round + 1 {
        throw ProtocolViolation(
          "made version \(answer["version"]?.text(.line).prefix(60) ?? "none") of the model in round \(work.round), whose merge "
            + "makes version \(work.round + 1)")
      }
      var learning = RoundLearning()
      learning.trainLoss = try answer.figure("train_loss")
      learning.testLoss = try answer.figure("test_loss")
      learning.testAccuracy = try answer.figure("test_accuracy", in: 0...1)
      learning.testAccuracyLocal = try answer.figure("test_accuracy_local", in: 0...1)
      return learning
    }
  }

  /// Writes the frame that the program answers, as it is.
  public func save(to file: OutputFile) throws {
    try talking { pipe in
      try pipe.send([.init("type", "save")])
      let answer = try pipe.receive("state", allowingTensors: true)
      try file.append(FramePipe.encoded(answer.bytes))
      try pipe.take(answer, limit: Self.largestState) { try file.append($0) }
    }
  }

  /// Hands the program what ``save(to:)`` wrote.
  public func restore(from path: String) throws {
    func damaged(_ what: String) -> TrainingError { TrainingError("'\(path)' is no state of a trainer: \(what)") }
    guard let file = FileHandle(forReadingAtPath: path) else { throw damaged("it cannot be read") }
    defer { try? file.close() }
    func next(_ count: Int) throws -> [UInt8] {
      let bytes = [UInt8](try file.read(upToCount: count) ?? Data())
      guard bytes.count == count else { throw damaged("it ends too early") }
      return bytes
    }
    let length = FramePipe.length(try next(4))
    guard length <= FramePipe.longestHeader, let header = try? JSONValue(parsing: next(length)),
      header["type"] == "state", let entries = try? TensorEntry.list(header), var left = entries.byteCount
    else { throw damaged("its header is not one") }
    let end = try file.seekToEnd()
    guard end == UInt64(4 + length) + UInt64(left) else { throw damaged("it is \(end) bytes long") }
    try file.seek(toOffset: UInt64(4 + length))
    try talking { pipe in
      try pipe.send([.init("type", "restore"), .init("state", header["state"] ?? .null)], entries: entries)
      while left > 0 {
        let bytes = try next(min(left, 1 << 20))
        try pipe.program.write(bytes, within: timeout)
        left -= bytes.count
      }
      _ = try pipe.receive("restored")
    }
  }

  /// Asks the program for its weights and writes them, in safetensors format under the names that it gives them.
  public func writeWeights(to file: OutputFile) throws {
    let (entries, values) = try talking { pipe in
      try pipe.send([.init("type", "weights")])
      let answer = try pipe.receive("weights", allowingTensors: true)
      if let other = answer.tensors.first(where: { $0.type != "float32" }) {
        throw ProtocolViolation("sent the weights '\(other.name.prefix(60))' as \(other.type); they are float32")
      }
      var bytes: [UInt8] = []
      try pipe.take(answer, limit: Self.largestWeights) { bytes += $0 }
      return (answer.tensors, bytes)
    }
    try values.withUnsafeBytes { bytes in
      let floats = bytes.bindMemory(to: Float.self)
      var place = 0
      let tensors: [WeightsFile.Tensor] = entries.map { entry in
        let count = entry.shape.reduce(1, *)
        defer { place += count }
        return (entry.name, entry.shape, UnsafeBufferPointer(rebasing: floats[place..<place + count]))
      }
      try WeightsFile.write(tensors, metadata: ModelWeights.metadata(normEpsilon: settings.normEpsilon), to: file)
    }
  }

  /// Does `body` with the program, which has been greeted; what it does wrong ends it.
  private func talking<Result>(in place: String = "", _ body: (FramePipe) throws -> Result) throws -> Result {
    guard !hasFailed else { throw TrainingError("\(place)trainer external: the program has ended") }
    do {
      let pipe = FramePipe(
        program: try companions.companion(.trainer, command, directory), timeout: timeout)
      if let tensors = opening {
        opening = nil
        try pipe.send(settings.hello, tensors)
        try ProtocolViolation.check(try pipe.receive("ready").header, speaks: settings.protocolVersion)
      }
      return try body(pipe)
    } catch {
      hasFailed = true
      companions.end(.trainer, command, directory)
      throw Self.failure(error, of: command, in: place)
    }
  }
}

extension JSONValue {
  /// A figure of an answer; `nil` where it is `null` or not there.
  fileprivate func figure(
    _ key: String, in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
  ) throws(ProtocolViolation) -> Double? {
    guard let value = self[key], value != .null else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw ProtocolViolation("answered '\(key)': \(value.text(.line).prefix(60)), which is no such figure")
    }
    return number
  }
}
