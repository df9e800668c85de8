import ArgumentParser
import EventKernel

/// The verb `hold`: the hold model at one number of pending events.
struct Hold: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the simulator: take the earliest event, schedule another Exp(1) seconds later.")

  @Option(help: "How many events are pending.")
  var pending = 1_000

  @Option(help: "How many events to measure, after a warm-up of one a pending event.")
  var events = 5_000_000

  @Flag(help: "Measure the event queue alone, without simulator, handler and fingerprint.")
  var queueOnly = false

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    let most = 100_000_000
    guard (1...most).contains(pending) else {
      throw ValidationError("--pending is \(pending); allowed are 1 to \(most).")
    }
    guard (1...1_000 * most).contains(events) else {
      throw ValidationError("--events is \(events); allowed are 1 to \(1_000 * most).")
    }
  }

  func run() {
    let model = HoldModel(pending: pending, events: events)
    let result = queueOnly ? model.runQueue() : model.runSimulator()
    switch format {
    case .json:
      print(
        """
        {"pending": \(pending), "events_per_s": \(result.eventsPerSecond), "bytes_per_event": \(result.bytesPerEvent)}
        """)
    case .table:
      print("pending events  \(pending)")
      print("events/s        \(millions(result.eventsPerSecond)) million")
      print("bytes an event  \(decimals(result.bytesPerEvent, 1))")
    }
  }
}

/// A rate in millions, with two decimals.
func millions(_ rate: Double) -> String {
  decimals(rate / 1e6, 2)
}

/// A number with a fixed count of decimals.
func decimals(_ number: Double, _ count: Int) -> String {
  var scale = 1.0
  for _ in 0..<count { scale *= 10 }
  let text = String(Int64(exactly: (number * scale).rounded()) ?? .max)
  let padded = String(repeating: "0", count: max(0, count + 1 - text.count)) + text
  return "\(padded.dropLast(count)).\(padded.suffix(count))"
}
