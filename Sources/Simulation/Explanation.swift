import Allocation
import EventKernel
import Network
import Scenario
import Trace
import Training
import Units
import Wireless

/// Why a device did or did not take part in a round, with the numbers that decided it.
public struct Explanation: Sendable {
  /// The round, from 1.
  public var round: Int
  /// The device, from 0.
  public var device: Int
  /// What became of it.
  public var outcome: Outcome
  /// Sentences, the verdict first.
  public var sentences: [String]
  /// The numbers behind the sentences, by name and in order.
  public var figures: [(name: String, value: Double)]
}

extension RoundReport {
  /// Explains a device's part in the round.
  ///
  /// Blocks are weighed as the optimum weighs them (every bit level, the least power), whatever the policy. Behind whom it
  /// waited for an accelerator is known where the run keeps its events.
  public func explanation(of device: Int) -> Explanation {
    var story = Story(world: world, device: device, deadline: deadline)
    let outcome: Outcome
    if let ledger = devices.first(where: { $0.device == device }) {
      outcome = ledger.outcome
      story.tellAdmitted(ledger, allocation.assignments.first { $0.device == device })
      if world.countsAccelerators {
        story.tellWaits(ledger, events, isPart: carried != nil && ledger.itinerary.version < round)
      }
    } else {
      outcome = self.outcome(ofIdle: device)
      if outcome == .away {
        story.tellAway(since: allocationTime)
      } else if outcome == .lowBattery {
        story.tellLow(batteries?.decisive[device])
      } else if outcome == .busy {
        story.tellBusy(carried?.atWork ?? [])
      } else if outcome == .noLink {
        story.tellUnlinked(
          allocation.unlinked.first { $0.device == device }?.block,
          gains: world.channelGains(round: allocationRound, at: allocationTime).row(device: device))
      } else {
        story.tellIdle(outcome, problem, allocation, carried?.choice)
      }
    }
    return Explanation(
      round: round, device: device, outcome: outcome, sentences: story.sentences, figures: story.figures)
  }
}

/// Collects the sentences and figures of one explanation.
private struct Story {
  let world: World
  let device: Int
  /// The deadline that is in force; `nil` without one.
  let deadline: Scenario.Deadline?
  var sentences: [String] = []
  var figures: [(name: String, value: Double)] = []

  private var terms: DeviceConstants { world.terms[device] }

  /// `Device 3`, or `Device 3 (gateway)` where it has a name.
  private var subject: String {
    "Device \(device)" + (world.scenario.devices.names.map { " (\($0[device]))" } ?? "")
  }

  private mutating func figure(_ name: String, _ value: Double) { figures.append((name, value)) }

  private func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    var magnitude = abs(value)
    while magnitude < 1000 { (magnitude, scale) = (magnitude * 10, scale * 10) }
    return "\((value * scale).rounded() / scale)"
  }

  mutating func tellAway(since time: Seconds) {
    sentences.append("\(subject) did not take part: it was away when the round began.")
    guard let presence = world.availability?.presence(of: device, at: time), presence.until.isFinite else { return }
    sentences.append("It comes back \(rounded(presence.until - time.value)) s later.")
    figure("back_s", presence.until)
  }

  mutating func tellLow(_ left: Joules?) {
    guard let left, let batteries = world.batteries else { return }
    let capacity = batteries.first[device].capacity
    sentences.append(
      "\(subject) did not take part: its battery held \(rounded(left.value)) J of \(rounded(capacity.value)) J when that was "
        + "decided, and its reserve is \(rounded(batteries.reserve * capacity.value)) J.")
    figure("battery_j", left.value)
    figure("battery_reserve_j", batteries.reserve * capacity.value)
  }

  mutating func tellBusy(_ atWork: [Int]) {
    sentences.append(
      "\(subject) was still at work when the round was merged, as were \(counted(atWork.count - 1, "other")): it merges "
        + "in a later one.")
  }

  // MARK: - Took part

  private func verdict(on ledger: DeviceLedger) -> String {
    switch ledger.outcome {
    case .noLink: "took part and lost its link"
    case .left: "took part and left before it had finished"
    case .empty: "took part and ran empty before it had finished"
    case .withdrawn: "took part and was stopped when others merged"
    case .stale: "took part and finished, but on too old a version of the model"
    case .late: "took part and missed its deadline"
    default: deadline == nil ? "took part" : "took part and finished in time"
    }
  }

  mutating func tellAdmitted(_ ledger: DeviceLedger, _ assignment: Assignment?) {
    let itinerary = ledger.itinerary
    sentences.append("\(subject) \(verdict(on: ledger)): \(ledger.steps) of \(counted(itinerary.steps, "step")).")
    if let assignment {
      sentences.append(
        "It held block \(assignment.block) at \(rounded(assignment.power.value)) W (range "
          + "\(rounded(terms.powerMin.value)) to \(rounded(terms.powerMax.value)) W)"
          + (world.workload.traits.hasStepOnAir ? " with \(assignment.bits) bits" : "")
          + (world.cuts.count > 1 ? ", cut at '\(world.cuts[assignment.cut].name)'." : "."))
      figure("block", Double(assignment.block))
      figure("power_w", assignment.power.value)
      figure("bits", Double(assignment.bits))
      figure("value", assignment.value)
    }
    sentences.append(
      (ledger.played == nil ? "A step took" : "A step took in the mean")
        + " \(rounded(ledger.stepLatency.value)) s (compute "
        + "\(rounded(ledger.stepComputeTime.value)) s, uplink \(rounded(ledger.stepUplinkTime.value)) s, "
        + "server \(rounded(itinerary.time(.server).value)) s"
        + (itinerary.time(.downlink) > .zero ? ", downlink \(rounded(ledger.stepDownlinkTime.value)) s" : "")
        + ") and \(rounded(ledger.stepEnergy.value)) J"
        + (deadline.map { "; the deadline is \(rounded($0.value.value)) s per \($0.per.rawValue)." } ?? "."))
    if itinerary.freshSteps < itinerary.steps {
      let others = itinerary.freshSteps == 0 ? "all of them" : "\(itinerary.steps - itinerary.freshSteps) of them"
      sentences.append(
        "The server had the activations of \(others) already: such a step takes place at the server only, "
          + "\(rounded(itinerary.time(.server).value)) s.")
    }
    figure("step_latency_s", ledger.stepLatency.value)
    figure("step_energy_j", ledger.stepEnergy.value)
    if let deadline { figure("deadline_s", deadline.value.value) }
  }

  /// What it waited at the server: its longest wait in the round, behind whom, and all of them together.
  ///
  /// - Parameter isPart: Whether it began in a round before, whose waits are not among the events.
  mutating func tellWaits(_ ledger: DeviceLedger, _ loggedEvents: [RoundEngine.LoggedEvent], isPart: Bool) {
    figure("round_wait_time_s", ledger.waitTime.value)
    guard ledger.waitTime > .zero else {
      sentences.append("It never waited for an accelerator.")
      return
    }
    let waits = loggedEvents.filter { $0.device == device && $0.wait > .zero }
    if let longest = waits.max(by: { $0.wait < $1.wait }) {
      let isShared = world.accelerators.discipline == .processorSharing
      let ended = Seconds(longest.time.seconds)
      let isCutOff = longest.kind == .deadline
      let until = isShared ? ended : ended - longest.span
      let since = isShared ? ended - longest.wait - longest.span : until - longest.wait
      let served = loggedEvents.filter { event in
        event.kind == .server && event.device != device && Seconds(event.time.seconds) > since
          && Seconds(event.time.seconds) - event.span < until
      }
      let names = Array(Set(served.compactMap(\.device))).sorted()
      let shown = names.prefix(5).map(String.init)
      let last = names.count > 5 ? "\(names.count - 5) more" : shown.last ?? ""
      let others = (names.count > 5 ? shown : shown.dropLast()).joined(separator: ", ")
      let list = (names.count == 1 ? "device " : "devices ") + (others.isEmpty ? last : "\(others) and \(last)")
      let step = longest.step.map { isPart ? "In step \($0), since the last merge, it" : "In step \($0) it" } ?? "It"
      let how = isShared ? "sharing the accelerators with" : "behind"
      sentences.append(
        "\(step) waited \(rounded(longest.wait.value)) s for an accelerator"
          + (names.isEmpty ? "" : ", \(how) \(list)") + (isCutOff ? ", and its deadline came first." : "."))
      figure("longest_wait_s", longest.wait.value)
    }
    sentences.append(
      "In all it waited \(rounded(ledger.waitTime.value)) s of its \(rounded(ledger.time.value)) s.")
  }

  // MARK: - Did not

  /// A device without a link on `block`, or on any where that is `nil`; its gains, in outage or not.
  mutating func tellUnlinked(_ block: Int?, gains row: [Double]) {
    guard let shown = block ?? row.indices.max(by: { row[$0] < row[$1] }) else { return }
    let (uplink, power) = (world.scenario.uplink, world.fleet.powerMax[device])
    let rate = StepCost.rate(
      bandwidth: uplink.blockBandwidth, gain: row[shown], power: power, noise: world.noise, link: uplink.link)
    figure(block == nil ? "best_block" : "block", Double(shown))
    if row[shown] > 0 { figure("gain_db", Decibel.of(row[shown])) }
    figure("power_max_w", power.value)
    figure("rate_bps", rate.value)
    figure("outage_rate_bps", uplink.outageRate.value)
    sentences.append(
      block == nil
        ? "\(subject) did not take part: it has no link on any block."
        : "\(subject) did not take part: the policy drew it for block \(shown), on which it has no link.")
    let place = block == nil ? "Its best block, \(shown)," : "Block \(shown)"
    sentences.append(
      row[shown] > 0
        ? "\(place) at \(rounded(Decibel.of(row[shown]))) dB carries \(rounded(rate.value)) bit/s at its largest power, "
          + "\(rounded(power.value)) W; below \(rounded(uplink.outageRate.value)) bit/s (uplink.outage) there is no link."
        : "\(place) has no gain at all.")
  }

  /// A device that was idle at `choice`, the round's last, where work is carried over.
  mutating func tellIdle(
    _ outcome: Outcome, _ problem: Problem?, _ allocation: Allocation, _ choice: PlaceChoice?
  ) {
    guard let problem else {
      sentences.append("\(subject) was not selected: the framework had nothing to allocate in this round.")
      return
    }
    let deadline = problem.deadline.value
    let busy = (terms.computeTime + terms.serverTime) * terms.deadlineSteps
    figure("deadline_s", deadline)
    figure("compute_time_s", terms.computeTime.value)
    figure("server_time_s", terms.serverTime.value)
    figure("deadline_steps", terms.deadlineSteps)
    if outcome == .noMemory {
      let least = world.cuts.min { $0.memory < $1.memory } ?? world.cuts[0]
      sentences.append(
        "\(subject) did not take part: it has \(terms.memory) of memory, and training before the cut '\(least.name)', which takes "
          + "least, takes \(least.memory + terms.addedMemory).")
      return
    }
    if outcome == .noTime {
      sentences.append(
        "\(subject) did not take part: computing leaves no time for the uplink"
          + (world.cuts.count > 1
            ? ", whatever the cut; before the first, '\(world.cuts[0].name)', compute " : ". Compute ")
          + "\(rounded(terms.computeTime.value)) s and server \(rounded(terms.serverTime.value)) s"
          + (terms.deadlineSteps == 1 ? "" : " over \(Int(terms.deadlineSteps)) steps")
          + " come to \(rounded(busy.value)) s, the deadline is \(rounded(deadline)) s.")
      return
    }

    let row = problem.gains.row(device: device)
    guard let bestBlock = row.indices.max(by: { row[$0] < row[$1] }) else { return }
    let bestGain = row[bestBlock]
    figure("best_block", Double(bestBlock))
    figure("best_gain_db", Decibel.of(bestGain))
    figure("power_max_w", terms.powerMax.value)
    if case .needsGain(let least) = Feasibility(of: device, in: problem), outcome == .noPower {
      guard least.isFinite else {
        sentences.append(
          "\(subject) did not take part: no gain is large enough. Even \(problem.levels[0].bits) bits need more within the "
            + "deadline than its link carries at most, "
            + "\(rounded(problem.bandwidth.value * problem.link.largestEfficiency)) bit/s (uplink.link).")
        return
      }
      figure("least_gain_db", Decibel.of(least))
      guard problem.downlink == nil else {
        sentences.append(
          "\(subject) did not take part: its power does not reach. Its best block, \(bestBlock) at "
            + "\(rounded(Decibel.of(bestGain))) dB, is below the \(rounded(Decibel.of(least))) dB that it needs even at "
            + "\(problem.levels[0].bits) bits to send and receive within the deadline.")
        return
      }
      let needed = terms.powerMax.value * least / bestGain
      figure("power_needed_w", needed)
      sentences.append(
        "\(subject) did not take part: its power does not reach. Its best block, \(bestBlock) at "
          + "\(rounded(Decibel.of(bestGain))) dB, would need \(rounded(needed)) W even at \(problem.levels[0].bits) bits; "
          + "its cap is \(rounded(terms.powerMax.value)) W.")
      return
    }
    tellLeftOut(problem, choice?.assignments ?? allocation.assignments, choice, row: row)
  }

  private mutating func tellLeftOut(
    _ problem: Problem, _ assignments: [Assignment], _ choice: PlaceChoice?, row: [Double]
  ) {
    if let choice { tell(choice, of: row.count) }
    guard deadline != nil else {
      sentences.append(
        "\(subject) was not selected: the policy draws devices without looking at them, and drew others.")
      return
    }
    let blocks = choice?.blocks ?? Array(row.indices)
    let valuation = EdgeValuation(problem)
    let holders = Dictionary(uniqueKeysWithValues: assignments.map { ($0.block, $0) })
    let offers = blocks.compactMap { block in
      valuation.best(device: device, gain: row[block]).map { (block: block, choice: $0) }
    }.sorted { ($0.choice.value, $1.block) > ($1.choice.value, $0.block) }
    figure("feasible_blocks", Double(offers.count))
    guard let best = offers.first else {
      sentences.append("\(subject) was not selected: on no block that was free it would have met the deadline.")
      return
    }
    figure("best_value", best.choice.value)
    sentences.append(
      "\(subject) was not selected: it was feasible on \(offers.count) of \(counted(blocks.count, "block"))"
        + (choice == nil ? "" : " that \(blocks.count == 1 ? "was" : "were") free")
        + ", and the policy gave them to others.")
    for offer in offers.prefix(3) {
      let own =
        "On block \(offer.block) it is worth \(rounded(offer.choice.value)) (\(problem.levels[offer.choice.level].bits) "
        + "bits, \(cutName(offer.choice, in: problem))\(rounded(offer.choice.power.value)) W, \(rounded(offer.choice.energy.value)) J)"
      if let holder = holders[offer.block] {
        sentences.append(own + "; device \(holder.device) took it, worth \(rounded(holder.value)).")
      } else {
        sentences.append(own + "; no device held it.")
      }
    }
    if let least = assignments.map(\.value).min() {
      figure("least_selected_value", least)
      sentences.append(
        "The least valuable participant of the \(choice == nil ? "round" : "decision") is worth \(rounded(least)).")
    }
  }

  /// The cut of an option where there is a choice.
  private func cutName(_ choice: EdgeValuation.Choice, in problem: Problem) -> String {
    world.cuts.count > 1 ? "cut at '\(world.cuts[problem.levels[choice.level].cut].name)', " : ""
  }

  /// When somebody could begin last, and where.
  private mutating func tell(_ choice: PlaceChoice, of blocks: Int) {
    figure("decisions", Double(choice.count))
    figure("decided_s", choice.time.seconds)
    figure("free_blocks", Double(choice.blocks.count))
    let shown = choice.blocks.prefix(10).map(String.init).joined(separator: ", ")
    sentences.append(
      "The policy decided \(counted(choice.count, "time")) in the round, the last time at \(rounded(choice.time.seconds)) s: "
        + "\(choice.blocks.count) of \(counted(blocks, "block")) were free"
        + (choice.blocks.isEmpty
          ? "." : " (\(shown)\(choice.blocks.count > 10 ? ", …" : "")), the others had devices at work."))
  }
}
