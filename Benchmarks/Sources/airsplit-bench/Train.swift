import ArgumentParser
import CAllocationCounter
import Foundation
import SplitViT
import Training

/// The verb `train`: steps of split training, one model a thread, beside PyTorch.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure steps of split training on one thread and on all cores, beside PyTorch on the same weights.",
    discussion: """
      A step: forward on the device, activations quantised, packed and unpacked, forward and backward on the server, \
      backward on the device, SGD with momentum. PyTorch is left out where python lacks it.
      """)

  @Option(help: "The model.")
  var model = TrainingModel.small

  @Option(help: "Models side by side, one a thread; without it: one, then as many as there are cores.")
  var threads: Int?

  @Option(help: "q, from 1 to 32.")
  var bits = 8

  @Option(help: "Train LoRA adapters of this rank and the head, beside all of our model and beside PyTorch with peft.")
  var rank: Int?

  @Option(help: "Whole rounds of this framework instead, on one thread and on all in turn.")
  var framework: Framework?

  @Option(help: "With --framework: devices, which all take part.")
  var devices = 10

  @Option(
    help: "With --framework: how uneven the devices' data is, alpha of the Dirichlet distribution; without it alike.")
  var alpha: Double?

  @Option(help: "Steps of each model in a repetition; without it as many as take a second or more.")
  var steps: Int?

  @Option(help: "How many times to measure each; the answer is the median.")
  var repetitions = 5

  @Option(help: "The python that has PyTorch and numpy; without it Benchmarks/.venv-peers, or else python3.")
  var python: String?

  @Flag(help: "Leave PyTorch out.")
  var alone = false

  @Option(help: "The format of the answer.")
  var format = OutputFormat.table

  func validate() throws {
    guard (1...1024).contains(threads ?? 1) else { throw ValidationError("--threads allows 1 to 1024.") }
    guard (1...192).contains(rank ?? 1) else { throw ValidationError("--rank allows 1 to 192.") }
    guard (1...100).contains(devices) else { throw ValidationError("--devices allows 1 to 100.") }
    guard alpha == nil || framework != nil, (0.01...1000).contains(alpha ?? 1) else {
      throw ValidationError("--alpha allows 0.01 to 1000, and goes with --framework.")
    }
    guard (1...32).contains(bits) else { throw ValidationError("--bits allows 1 to 32.") }
    guard (1...1_000_000).contains(steps ?? 1), (1...1000).contains(repetitions) else {
      throw ValidationError("--steps allows 1 to 1000000, --repetitions 1 to 1000.")
    }
  }

  func run() throws { print(try report()) }

  /// Measures, and says what came out.
  func report() throws -> String {
    if let framework { return try report(framework) }
    let counts = threads.map { [$0] } ?? Set([1, ProcessInfo.processInfo.activeProcessorCount]).sorted()
    let (architecture, batch) = (try model.architecture, model.batch)
    let devices = 0..<(counts.last ?? 1)
    let workers = devices.map { TrainingWorker(architecture, batch: batch, device: $0, adapters: adapters) }
    let whole = adapters == nil ? [] : devices.map { TrainingWorker(architecture, batch: batch, device: $0) }
    let peers = try alone ? [] : startPeers(beside: workers, architecture)
    let attention = try chooseAttention(peers)
    let alone = try measureAlone(workers[0])
    let lanes = try measure(workers, whole, peers, counts)
    switch format {
    case .table: return table(alone, lanes, attention)
    case .json: return json(alone, lanes, attention)
    }
  }

  /// With alpha as large as the rank, s = 1.
  private var adapters: LowRankAdapters? { rank.map { LowRankAdapters(rank: $0, alpha: Double($0)) } }

  // MARK: Peers

  /// As many processes as workers, each on the first worker's weights and images; stops where their losses differ.
  private func startPeers(beside workers: [TrainingWorker], _ architecture: VisionTransformer) throws -> [TorchPeer] {
    let python = self.python ?? PeerFolder.python
    guard TorchPeer.isInstalled(python: python, needsPeft: rank != nil) else { return [] }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("airsplit-\(UUID().uuidString).f4")
    defer { try? FileManager.default.removeItem(at: file) }
    try workers[0].write(to: file)
    let peers = try workers.map { _ in
      try TorchPeer(python: python, architecture, batch: model.batch, adapters: adapters, data: file)
    }
    let checks = 3
    let ours = try (0..<checks).map { _ in try workers[0].step(bits: 32) }
    for theirs in try TorchPeer.losses(peers, steps: checks) {
      guard zip(ours, theirs).allSatisfy({ abs($0 - $1) <= 1e-4 * abs($1) }) else {
        throw Kernel.Failure(description: "our losses are \(ours), PyTorch's \(theirs): they did different work")
      }
    }
    return peers
  }

  /// The faster of the peer's two ways of attention, taking turns on one process.
  private func chooseAttention(_ peers: [TorchPeer]) throws -> TorchPeer.Attention? {
    guard let first = peers.first else { return nil }
    var times: [(attention: TorchPeer.Attention, seconds: Double)] = []
    for _ in 1...3 {
      for attention in TorchPeer.Attention.allCases {
        try first.use(attention)
        times.append((attention, try TorchPeer.run([first], steps: stepsAtOnce).processor))
      }
    }
    let best = times.min { $0.seconds < $1.seconds }?.attention ?? .fused
    for peer in peers { try peer.use(best) }
    return best
  }

  // MARK: Measuring

  /// What is known of one thread only.
  private struct Alone {
    var productShare: Double
    var quantizeShare: Double
    /// nil where the C library does not tell.
    var allocatedBytes: Double?
  }

  /// Steps of each repetition.
  private var stepsAtOnce: Int { steps ?? model.steps }

  private func measureAlone(_ worker: TrainingWorker) throws -> Alone {
    try worker.step(bits: bits)
    let counted = 2 * stepsAtOnce
    worker.network.productClock = ProductClock()
    worker.network.productClock.isOn = true
    let before = worker.quantizeSeconds
    let start = ContinuousClock.now
    allocation_counter_start()
    for _ in 0..<counted { try worker.step(bits: bits) }
    let bytes = allocation_counter_stop()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    worker.network.productClock.isOn = false
    return Alone(
      productShare: worker.network.productClock.seconds / seconds,
      quantizeShare: (worker.quantizeSeconds - before) / seconds,
      allocatedBytes: bytes < 0 ? nil : Double(bytes) / Double(counted))
  }

  /// So many models side by side: ours, and the peer's where there is one.
  private struct Lane {
    var threads: Int
    var stepMilliseconds: Double
    var samplesPerSecond: Double
    var peerStepMilliseconds: Double?
    var peerSamplesPerSecond: Double?
    /// Our throughput to the peer's, within the repetitions.
    var ratio: Double?
    /// The same by seconds of the processor.
    var processorRatio: Double?
    /// With adapters: how many times as fast a step is as one of all of our model, by seconds of the processor.
    var wholeRatio: Double?
  }

  /// Ours and theirs take turns, and who begins changes; the ratio is the median of those within a repetition.
  private func measure(
    _ workers: [TrainingWorker], _ whole: [TrainingWorker], _ peers: [TorchPeer], _ counts: [Int]
  ) throws -> [Lane] {
    var ours = [[Timing]](repeating: [], count: counts.count)
    var (theirs, wholes) = (ours, ours)
    for repetition in 0...repetitions {
      note(repetition == 0 ? "warm-up" : "repetition \(repetition) of \(repetitions)")
      for (index, count) in counts.enumerated() {
        func runOurs() throws {
          ours[index].append(try TrainingWorker.run(workers[..<count], steps: stepsAtOnce, bits: bits))
        }
        func runTheirs() throws { theirs[index].append(try TorchPeer.run(peers[..<count], steps: stepsAtOnce)) }
        if repetition % 2 == 0 { try runOurs() }
        if !whole.isEmpty {
          wholes[index].append(try TrainingWorker.run(whole[..<count], steps: stepsAtOnce, bits: bits))
        }
        if !peers.isEmpty { try runTheirs() }
        if repetition % 2 == 1 { try runOurs() }
      }
    }
    return counts.indices.map { index in
      // The first repetition warms up.
      let (own, other) = (Array(ours[index].dropFirst()), Array(theirs[index].dropFirst()))
      let steps = Double(stepsAtOnce)
      let samples = steps * Double(model.batch * counts[index])
      let ownTime = median(own.map(\.elapsed))
      let wholeRatio =
        wholes[index].isEmpty ? nil : median(zip(own, wholes[index].dropFirst()).map { $1.processor / $0.processor })
      guard !other.isEmpty else {
        return Lane(
          threads: counts[index], stepMilliseconds: ownTime / steps * 1e3, samplesPerSecond: samples / ownTime,
          wholeRatio: wholeRatio)
      }
      let otherTime = median(other.map(\.elapsed))
      return Lane(
        threads: counts[index], stepMilliseconds: ownTime / steps * 1e3, samplesPerSecond: samples / ownTime,
        peerStepMilliseconds: otherTime / steps * 1e3, peerSamplesPerSecond: samples / otherTime,
        ratio: median(zip(own, other).map { $1.elapsed / $0.elapsed }),
        processorRatio: median(zip(own, other).map { $1.processor / $0.processor }), wholeRatio: wholeRatio)
    }
  }

  // MARK: Answers

  private func report(_ framework: Framework) throws -> String {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let answer = try TrainRounds(
      framework: framework, alpha: alpha, devices: devices, model: model, threads: threads, repetitions: repetitions
    ).measure()
    let alpha = alpha.map { "\($0)" }
    switch format {
    case .table:
      return
        "\(framework.rawValue), \(devices) devices, \(alpha.map { "alpha \($0), " } ?? "")\(model.rawValue), batch \(model.batch), medians of \(repetitions): "
        + "\(decimals(answer.one * 1e3, 1)) ms a step on one thread, \(decimals(answer.all * 1e3, 1)) ms on \(threads); "
        + "\(decimals(answer.ratio, 2)) x"
    case .json:
      return """
        {"framework": "\(framework.rawValue)", "devices": \(devices), "alpha": \(alpha ?? "null"), "model": "\(model.rawValue)", "batch": \(model.batch), "threads": \(threads), \
        "step_ms_one": \(answer.one * 1e3), "step_ms": \(answer.all * 1e3), "ratio": \(answer.ratio)}
        """
    }
  }

  private func table(_ alone: Alone, _ lanes: [Lane], _ attention: TorchPeer.Attention?) -> String {
    let lora = rank.map { ", LoRA of rank \($0)" } ?? ""
    var lines = ["\(model.rawValue)\(lora), batch \(model.batch), \(bits) bits, medians of \(repetitions)"]
    for lane in lanes {
      var line = "\(lane.threads) x 1 thread: \(decimals(lane.stepMilliseconds, 1)) ms a step, "
      line += "\(decimals(lane.samplesPerSecond, 1)) samples/s"
      if let step = lane.peerStepMilliseconds, let rate = lane.peerSamplesPerSecond, let ratio = lane.ratio,
        let processorRatio = lane.processorRatio
      {
        line += "; PyTorch \(decimals(step, 1)) ms, \(decimals(rate, 1)) samples/s; "
        line += "ours is \(decimals(ratio, 2)) x, by processor time \(decimals(processorRatio, 2)) x"
      }
      if let ratio = lane.wholeRatio { line += "; \(decimals(ratio, 2)) x a step of the whole model" }
      lines.append(line)
    }
    lines.append("share of matrix products  \(decimals(alone.productShare * 100, 1)) %")
    lines.append("share of quantising       \(decimals(alone.quantizeShare * 100, 2)) %")
    if let bytes = alone.allocatedBytes { lines.append("bytes allocated a step    \(decimals(bytes, 1))") }
    if let attention { lines.append("PyTorch's attention       \(attention), its faster one") }
    return lines.joined(separator: "\n")
  }

  private func json(_ alone: Alone, _ lanes: [Lane], _ attention: TorchPeer.Attention?) -> String {
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "null" }
    let results = lanes.map { lane in
      """
      {"threads": \(lane.threads), "step_ms": \(lane.stepMilliseconds), "samples_per_s": \(lane.samplesPerSecond), \
      "pytorch_step_ms": \(text(lane.peerStepMilliseconds)), \
      "pytorch_samples_per_s": \(text(lane.peerSamplesPerSecond)), "ratio": \(text(lane.ratio)), \
      "processor_ratio": \(text(lane.processorRatio)), "whole_ratio": \(text(lane.wholeRatio))}
      """
    }
    let first = lanes[0]
    return """
      {"model": "\(model.rawValue)", "rank": \(rank.map(String.init) ?? "null"), "batch": \(model.batch), "bits": \(bits), "threads": \(first.threads), \
      "step_ms": \(first.stepMilliseconds), "samples_per_s": \(first.samplesPerSecond), \
      "gemm_share": \(alone.productShare), "quantize_share": \(alone.quantizeShare), \
      "allocations_bytes_per_step": \(text(alone.allocatedBytes)), \
      "pytorch_attention": \(attention.map { "\"\($0.rawValue)\"" } ?? "null"), \
      "results": [\(results.joined(separator: ", "))]}
      """
  }
}
