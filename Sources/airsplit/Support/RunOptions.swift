import JSON
import Simulation

/// What `airsplit run` was told beside the scenario and its values: the folder of a run keeps it.
struct RunOptions {
  var traces: TraceSelection
  var computesOptimum: Bool
  var checkpointEvery: CheckpointInterval?
  /// Where the trained weights go at the end, from the root of the file system.
  var saveWeights: String?
  /// Whether the folder keeps the weights of the best round.
  var keepsBest = false
  /// Threads that train; `nil`: one per core of whatever machine the run goes on.
  var threads: Int?
  var format: OutputFormat
  var isQuiet: Bool

  /// What of it a finished run keeps: what it was, not how it was told.
  var kept: RunOptions {
    RunOptions(
      traces: traces, computesOptimum: computesOptimum, keepsBest: keepsBest, format: .table, isQuiet: false)
  }

  /// What of it the simulation asks for.
  var ofRun: Run.Options {
    var options = Run.Options()
    options.recordsEvents = traces.needsEvents
    options.listsTensors = traces.contains(.tensors)
    if computesOptimum { options.computesOptimum = true }
    return options
  }
}

extension RunOptions {
  var json: JSONValue {
    JSONValue(omittingNil: [
      "traces": .array(traces.words.map(JSONValue.string)), "optimum": .bool(computesOptimum),
      "checkpoint_every": checkpointEvery?.json, "save_weights": saveWeights.map(JSONValue.string),
      "keeps_best": keepsBest ? .bool(true) : nil,
      "threads": threads.map(JSONValue.integer), "format": .string(format.rawValue),
      "quiet": .bool(isQuiet),
    ])
  }

  /// Reads what ``json`` wrote; `nil` where anything is missing or unknown.
  init?(json: JSONValue) {
    guard let words = json["traces"]?.elements, let computesOptimum = json["optimum"]?.bool,
      let format = json["format"]?.text.flatMap(OutputFormat.init(rawValue:)), let isQuiet = json["quiet"]?.bool
    else { return nil }
    traces = []
    for word in words {
      guard let trace = word.text.flatMap(TraceSelection.init(word:)) else { return nil }
      traces.insert(trace)
    }
    if let interval = json["checkpoint_every"] {
      guard let read = CheckpointInterval(json: interval) else { return nil }
      checkpointEvery = read
    }
    saveWeights = json["save_weights"]?.text
    keepsBest = json["keeps_best"]?.bool == true
    threads = json["threads"]?.integer
    if let threads, !(1...Threads.most).contains(threads) { return nil }
    (self.computesOptimum, self.format, self.isQuiet) = (computesOptimum, format, isQuiet)
  }
}
