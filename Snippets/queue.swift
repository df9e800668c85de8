//! Customers come every three seconds, and each is served for four: the queue grows.
import EventKernel

// In the order in which they happen at one instant: who is done leaves before the next one comes.
enum Shop: UInt8, EventKind { case departure, arrival }

var (waiting, longest) = (0, 0)
var isBusy = false
var simulator = Simulator<Shop>()
simulator.schedule(.arrival, entity: 0, at: .zero)

simulator.run(until: SimTime(seconds: 60)) { event, simulator in
  switch event.kind {
  case .arrival:
    waiting += 1
    simulator.schedule(.arrival, entity: event.entity + 1, after: SimTime(seconds: 3))
  case .departure:
    isBusy = false
  }
  if !isBusy, waiting > 0 {
    (isBusy, waiting) = (true, waiting - 1)
    simulator.schedule(.departure, entity: 0, after: SimTime(seconds: 4))
  }
  longest = max(longest, waiting)
}
print("after \(simulator.now): \(simulator.eventCount) events, at most \(longest) waited")
print("two runs with this fingerprint did the same: \(simulator.fingerprint)")

// Prints:
// after 60.0 s: 36 events, at most 5 waited
// two runs with this fingerprint did the same: be3e3939bc6b55f5
