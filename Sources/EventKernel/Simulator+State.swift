extension Simulator {
  /// All that the events to come depend on: clock, hash of the past, and what is pending.
  ///
  /// A simulation that goes on from its state does what it would have done anyway.
  public struct State: Hashable, Sendable, Codable {
    var clock: UInt64
    var hash: UInt64
    var count: UInt64
    /// The keys of the pending events in their order, each as its upper and its lower half.
    var pending: [UInt64]
  }

  /// Where the simulation stands.
  public var state: State {
    State(
      clock: clock.nanoseconds, hash: history.state, count: history.count,
      pending: queue.pending.flatMap { [UInt64(truncatingIfNeeded: $0.key >> 64), UInt64(truncatingIfNeeded: $0.key)] })
  }

  /// A simulation that goes on from `state`.
  ///
  /// - Precondition: ``State/isPossible``.
  public init(_ state: State) {
    precondition(state.isPossible, "no simulation was ever in this state")
    self.init(minimumCapacity: state.pending.count / 2)
    clock = SimTime(nanoseconds: state.clock)
    history = Fingerprint(state: state.hash, count: state.count)
    for index in stride(from: 0, to: state.pending.count, by: 2) {
      queue.insert(Event(key: UInt128(state.pending[index]) << 64 | UInt128(state.pending[index + 1])))
    }
  }
}

extension Simulator.State {
  /// Whether a simulation of these events can be in this state: no event lies in the past, and each is of some kind.
  public var isPossible: Bool {
    pending.count.isMultiple(of: 2)
      && stride(from: 0, to: pending.count, by: 2).allSatisfy {
        pending[$0] >= clock && Kind(rawValue: UInt8(truncatingIfNeeded: pending[$0 + 1] >> 56)) != nil
      }
  }
}

extension EventQueue {
  /// All events in their order.
  var pending: [Event<Kind>] {
    ((hasRoot ? [root] : []) + UnsafeBufferPointer(start: nodes, count: taken) + later).sorted()
  }
}
