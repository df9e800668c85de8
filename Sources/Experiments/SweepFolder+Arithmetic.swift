import JSON
import Scenario
import Simulation
import Trace

extension SweepFolder {
  /// What the bits of the folder's trained runs depend on, settled by the process that was the first to begin a run: all
  /// others train with the same, so that a sweep never mixes them. `nil` where nothing is trained, or nothing was begun.
  ///
  /// - Throws: `TraceError` where the file is damaged.
  func arithmetic() throws(TraceError) -> JSONValue? {
    guard try FileSystem.kind(of: arithmeticFile) == .file else { return nil }
    guard let value = try? JSONValue(parsing: FileSystem.contents(of: arithmeticFile)), value["kernel"] != nil else {
      throw .folder(path: arithmeticFile, reason: "is damaged; restore it, or begin the sweep in another folder")
    }
    return value
  }

  /// The arithmetic that the folder keeps; where it keeps none, it keeps `own` from now on.
  func arithmetic(or own: JSONValue?) throws(TraceError) -> JSONValue? {
    guard let own else { return nil }
    try Self.alone(path) { () throws(TraceError) in
      if try arithmetic() == nil { try Self.write(own.text() + "\n", to: arithmeticFile) }
    }
    return try arithmetic()
  }

  private var arithmeticFile: String { "\(path)/arithmetic.json" }
}

extension SweepReading {
  /// What the bits of its runs depend on here; `nil` where AirSplit trains in none of them.
  ///
  /// - Throws: `TrainingError` where the library of matrix products cannot be loaded.
  func arithmetic() throws -> JSONValue? {
    guard plan.measure == .run else { return nil }
    for point in points {
      if let arithmetic = try point.scenario.arithmetic() { return JSONValue(arithmetic) }
    }
    return nil
  }
}
