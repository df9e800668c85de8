import EventKernel
import Foundation
import Scenario
import Simulation
import Testing
import Trace
import Training

/// A run whose process ends now and then, and another goes on with what it has left.
struct StoppedRun {
  /// Where a process ends.
  enum Stop {
    case round(Int)
    case event(UInt64)
  }

  private static let selection: TraceSelection = [.rounds, .devices, .events, .bcd, .timeline]

  let scenario: Scenario
  /// On how many threads AirSplit's own trainer works; `nil`: a trainer that remembers stands for it.
  var threads: Int?

  /// A run at its beginning, with its events and its trainer.
  func begin() throws -> Run {
    var options = Run.Options()
    options.recordsEvents = true
    let world = try World(scenario)
    let trainer: (any Trainer)? = try threads.map { try world.makeTrainer(threads: $0) } ?? RememberingTrainer()
    return try Run(world, policy: ResolvedPolicy(scenario).policy, trainer: trainer, options: options)
  }

  /// What the run leaves in a folder of its own whose process ends at each of `stops`, without wall times; and how many
  /// events it had.
  func leavings(stops: [Stop], in folder: URL) throws -> (files: [String: Data], events: UInt64) {
    var (isNew, events) = (true, UInt64(0))
    for stop in stops + [.event(.max)] {
      var run = try begin()
      var recorder: Recorder
      if isNew {
        recorder = try Recorder(
          path: folder.path, run: run, policy: ResolvedPolicy(scenario), selection: Self.selection)
        isNew = false
      } else {
        guard
          case .unfinished(let kept, let manifest, let beginning) = try RunFolder.resume(
            folder.path, version: Recorder.version)
        else { break }
        recorder = try Recorder(
          resuming: kept, manifest: manifest, beginning: beginning, run: &run, selection: Self.selection)
        let count = run.fingerprint.count
        #expect(count == events)
      }
      while !run.isFinished, let left = stop.eventsLeft(run) {
        if let report = try run.advance(events: left) { try recorder.record(report, of: run) }
      }
      events = run.fingerprint.count
      if run.isFinished {
        try recorder.finish(run)
      } else {
        let isThere = stop.isReached(exactlyBy: run)
        #expect(isThere)
        try recorder.save(run)
        // What a killed process would have done on top.
        if let report = try run.nextRound() { try recorder.record(report, of: run) }
      }
    }
    return (try Self.files(in: folder), events)
  }

  private static func files(in folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file != "timing.csv" {
      files[file] = try Data(contentsOf: folder.appending(path: file))
    }
    return files
  }
}

extension StoppedRun.Stop {
  /// How many events may still happen before it; `nil` where it is reached.
  fileprivate func eventsLeft(_ run: borrowing Run) -> UInt64? {
    switch self {
    case .round(let round): run.round < round ? .max : nil
    case .event(let number): run.fingerprint.count < number ? number - run.fingerprint.count : nil
    }
  }

  fileprivate func isReached(exactlyBy run: borrowing Run) -> Bool {
    switch self {
    case .round(let round): run.round == round && !run.isInRound
    case .event(let number): run.fingerprint.count == number
    }
  }
}
