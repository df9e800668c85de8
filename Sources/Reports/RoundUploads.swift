import EventKernel
import Trace

/// What a device sent in a round, by its traced events.
struct RoundUploads {
  /// How its round ended.
  enum Ending: CaseIterable {
    case late, linkLost, inTime
  }

  /// A stretch of time in the round, in seconds from its start.
  struct Upload {
    var start: Double
    var end: Double
    var step: Int?
    /// Whether the deadline came, or the link was given up, before it was through.
    var isCutOff = false
  }

  let device: Int
  /// The block that it holds; `nil` where it has the whole band.
  private(set) var block: Int?
  private(set) var uploads: [Upload] = []
  /// When each step began, by its number.
  private(set) var steps: [Int: Double] = [:]
  private(set) var ending = Ending.inTime
  /// When it began, and when its last event was.
  let begin: Double
  private(set) var end: Double
  private var last: (kind: String, step: Int?)?

  /// The devices of a round, in ascending order.
  ///
  /// - Parameters:
  ///   - start: When the round began.
  ///   - isSequential: Whether devices follow each other: then one begins with the last event of the one before.
  ///   - hasDownlink: Whether some of what is cut off came down.
  static func all(
    _ events: [EventRecord], from start: Double, isSequential: Bool, hasDownlink: Bool
  ) -> [RoundUploads] {
    var devices: [Int: RoundUploads] = [:]
    var turn = 0.0
    for event in events {
      guard let device = event.device else { continue }
      let time = Double(event.time.nanoseconds) / 1e9 - start
      devices[device, default: .init(device: device, begin: isSequential ? turn : 0)].add(
        event, at: time, hasDownlink: hasDownlink)
      turn = time
    }
    return devices.values.sorted { $0.device < $1.device }
  }

  private init(device: Int, begin: Double) { (self.device, self.begin, end) = (device, begin, begin) }

  private mutating func add(_ event: EventRecord, at time: Double, hasDownlink: Bool) {
    block = event.block ?? block
    if let step = event.step, steps[step] == nil { steps[step] = end }
    switch event.kind {
    case "uplink", "model_upload":
      uploads.append(.init(start: end, end: time, step: event.step))
    case "deadline", "link_lost":
      ending = event.kind == "deadline" ? .late : .linkLost
      // In a step what follows the forward pass goes up; behind the last one it is the model.
      let isUpload = event.step == nil ? last != nil : last?.kind == "forward" && last?.step == event.step
      if isUpload || (event.kind == "link_lost" && !hasDownlink) {
        uploads.append(.init(start: end, end: time, step: event.step, isCutOff: true))
      }
    default: break
    }
    (last, end) = ((event.kind, event.step), time)
  }
}
