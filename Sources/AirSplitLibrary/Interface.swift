import CAirSplit
import Environments
import JSON
import Simulation
import Statistics

// The functions of airsplit.h, which documents them.

/// The version of the interface.
@_cdecl("airsplit_interface")
public func airsplitInterface() -> Int32 { 1 }

private nonisolated(unsafe) let versionText: UnsafePointer<CChar> = {
  let bytes = Recorder.version.utf8CString
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  for (index, byte) in bytes.enumerated() { copy[index] = byte }
  return UnsafePointer(copy)
}()

/// AirSplit's version.
@_cdecl("airsplit_version")
public func airsplitVersion() -> UnsafePointer<CChar> { versionText }

/// Opens worlds.
@_cdecl("airsplit_open")
public func airsplitOpen(
  _ options: UnsafePointer<CChar>?, _ handle: UnsafeMutablePointer<Int64>?, _ message: UnsafeMutablePointer<CChar>?,
  _ size: Int
) -> Int32 {
  Status.of(message, size) {
    guard let options, let handle else { throw EnvironmentError("'options' or 'handle' is a null pointer") }
    handle.pointee = 0
    guard let text = String(validatingCString: options) else { throw EnvironmentError("the options are no UTF-8") }
    handle.pointee = OpenHandles.add(try EnvironmentBatch(EnvironmentRequest(json: text)))
  }
}

/// Says what was opened.
@_cdecl("airsplit_describe")
public func airsplitDescribe(
  _ handle: Int64, _ text: UnsafeMutablePointer<CChar>?, _ textSize: Int, _ needed: UnsafeMutablePointer<Int>?,
  _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  Status.of(message, size) {
    try OpenHandles.use(handle) { batch in
      let description = batch.description.text(.line)
      needed?.pointee = description.utf8.count + 1
      Status.write(description, to: text, textSize)
    }
  }
}

/// Begins worlds.
@_cdecl("airsplit_reset")
public func airsplitReset(
  _ handle: Int64, _ which: UnsafePointer<UInt8>?, _ seeds: UnsafePointer<UInt64>?,
  _ observation: UnsafePointer<airsplit_observation>?, _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  Status.of(message, size) {
    try OpenHandles.use(handle) { batch in
      let worlds = batch.worlds.indices.filter { world in which.map { $0[world] != 0 } ?? true }
      try batch.reset(worlds, as: seeds.map { seeds in worlds.map { seeds[$0] } })
      if let observation { try batch.observe(worlds, into: observation.pointee) }
    }
  }
}

/// Plays a round of all worlds.
@_cdecl("airsplit_step")
public func airsplitStep(
  _ handle: Int64, _ action: UnsafePointer<airsplit_action>?, _ outcome: UnsafePointer<airsplit_outcome>?,
  _ observation: UnsafePointer<airsplit_observation>?, _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  Status.of(message, size) {
    try OpenHandles.use(handle) { batch in
      try batch.step(action?.pointee, outcome?.pointee, observation?.pointee)
    }
  }
}

/// The mean of draws with its interval.
@_cdecl("airsplit_estimate")
public func airsplitEstimate(
  _ values: UnsafePointer<Double>?, _ count: Int, _ mean: UnsafeMutablePointer<Double>?,
  _ halfWidth: UnsafeMutablePointer<Double>?, _ message: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  Status.of(message, size) {
    guard let values, count > 0 else { throw EnvironmentError("there is no draw") }
    let estimate = Estimate(Sample(Array(UnsafeBufferPointer(start: values, count: count))))
    mean?.pointee = estimate?.value ?? .nan
    halfWidth?.pointee = estimate?.halfWidth() ?? .nan
  }
}

/// Closes what was opened.
@_cdecl("airsplit_close")
public func airsplitClose(_ handle: Int64, _ message: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int32 {
  Status.of(message, size) { try OpenHandles.remove(handle) }
}
