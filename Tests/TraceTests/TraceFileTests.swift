import EventKernel
import Testing
import Trace
import Units

@Suite("Trace files")
struct TraceFileTests {
  let everything: TraceFeatures = [
    .serverEnergy, .optimum, .clockChoice, .training, .localEvaluation, .stepOnAir, .uplink, .deadline, .totals,
    .names, .distances,
  ]
  /// What a run of the paper's framework has in any case.
  let usual: TraceFeatures = [.stepOnAir, .uplink, .deadline, .totals]

  private func header<Record: TraceRecord>(_: Record.Type, _ features: TraceFeatures) throws -> String {
    let folder = try TemporaryFolder()
    _ = try TraceFile<Record>(path: "\(folder.path)/\(Record.fileName)", features: features)
    return try folder.text(Record.fileName)
  }

  @Test("rounds.csv has the documented columns")
  func roundColumns() throws {
    let plain =
      "round,t_start_s,t_end_s,round_time_s,devices_feasible,devices_selected,devices_completed,step_latency_max_s,"
      + "step_energy_j,round_energy_j,round_compute_energy_j,round_uplink_energy_j,"
    #expect(try header(RoundRecord.self, []) == plain.dropLast() + "\n")
    #expect(
      try header(RoundRecord.self, usual) == plain + "time_total_s,energy_total_j,bits_mean,power_mean_w,objective\n")
    #expect(
      try header(RoundRecord.self, everything)
        == plain
        + "time_total_s,energy_total_j,round_server_energy_j,bits_mean,power_mean_w,objective,objective_optimum,optimality_gap,"
        + "train_loss,test_loss,test_accuracy,test_accuracy_local\n")
  }

  @Test("devices.csv, events.csv, bcd.csv and timing.csv have the documented columns")
  func otherColumns() throws {
    let devices =
      "round,device,gain_db,block,power_w,bits,payload_bits,rate_bps,step_compute_time_s,"
      + "step_uplink_time_s,step_server_time_s,step_latency_s,step_slack_s,step_energy_j,steps,round_time_s,"
      + "round_compute_energy_j,round_uplink_energy_j,outcome\n"
    #expect(try header(DeviceRecord.self, usual) == devices)
    #expect(
      try header(DeviceRecord.self, [])
        == "round,device,step_compute_time_s,step_uplink_time_s,step_server_time_s,step_latency_s,"
        + "step_energy_j,steps,round_time_s,round_compute_energy_j,round_uplink_energy_j,outcome\n")
    #expect(
      try header(DeviceRecord.self, everything)
        == devices.replacing(",bits,", with: ",bits,clock_hz,").replacing("device,", with: "device,name,distance_m,"))
    #expect(try header(EventRecord.self, []) == "time_s,kind,device,round,step,energy_j\n")
    #expect(try header(GainRecord.self, []) == "round,device,block,gain_db\n")
    #expect(try header(EventRecord.self, everything) == "time_s,kind,device,block,round,step,energy_j\n")
    #expect(
      try header(IterationRecord.self, everything)
        == "round,iteration,objective,energy_j,assignments_changed,bits_changed,participants,candidates,"
        + "candidate_energy_j\n")
    #expect(try header(TimingRecord.self, []) == "round,allocate_wall_s,events_wall_s,round_wall_s\n")
    #expect(
      try header(TimingRecord.self, everything)
        == "round,allocate_wall_s,events_wall_s,train_wall_s,round_wall_s,peak_memory_b\n")
  }

  @Test("a row holds each value under its column, and nothing where there is none")
  func rows() throws {
    let folder = try TemporaryFolder()
    let file = try TraceFile<DeviceRecord>(path: "\(folder.path)/devices.csv", features: usual.union(.distances))
    var record = DeviceRecord()
    record.round = 3
    record.device = 17
    record.distance = Meters(250.5)
    record.outcome = .noPower
    try file.append(record)
    record.gain = Decibels(-101.25)
    record.block = 4
    record.power = Watts(0.1)
    record.bits = 7
    record.payload = Bits(16_859_136)
    record.rate = BitsPerSecond(1e7)
    record.steps = 70
    record.outcome = .ok
    try file.append(record)
    try file.flush()
    let lines = try folder.text("devices.csv").split(separator: "\n").dropFirst()
    #expect(
      Array(lines) == [
        "3,17,250.5,,,,,,,,,,,,,,,,,no_power",
        "3,17,250.5,-101.25,4,0.1,7,16859136,10000000.0,,,,,,,70,,,,ok",
      ])
  }

  @Test("what was flushed is in the file before the run ends, and what is large goes without being asked")
  func growth() throws {
    let folder = try TemporaryFolder()
    let file = try TraceFile<EventRecord>(path: "\(folder.path)/events.csv")
    var record = EventRecord()
    record.kind = "uplink"
    for index in 0..<10_000 {
      record.time = SimTime(nanoseconds: UInt64(index))
      try file.append(record)
    }
    #expect(try folder.text("events.csv").utf8.count > 100_000)
    try file.flush()
    #expect(try folder.text("events.csv").split(separator: "\n").count == 10_001)
  }

  @Test("a disk that is full is an error that names the file")
  func fullDisk() {
    #expect(throws: TraceError.file(path: "/dev/full", action: "write", reason: "No space left on device")) {
      try AtomicFile.write([0], to: "/dev/full")
    }
  }

  @Test("a trace is no device, and none is opened")
  func device() {
    #expect(throws: TraceError.folder(path: "/dev/full", reason: "is a device")) {
      try TraceFile<RoundRecord>(path: "/dev/full")
    }
  }

  @Test("a file beyond many pieces reads row by row, and its damage has the right line")
  func longFile() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/events.csv"
    let file = try TraceFile<EventRecord>(path: path)
    var record = EventRecord()
    for index in 0..<150_000 {
      record.kind = index % 7 == 0 ? "two\nlines, \"quoted\"" : "uplink"
      record.time = SimTime(nanoseconds: UInt64(index))
      try file.append(record)
    }
    try file.flush()
    var reader = try TraceReader<EventRecord>(path: path)
    for index in 0..<150_000 {
      let read = try #require(try reader.next())
      guard read.time == SimTime(nanoseconds: UInt64(index)), read.kind == "uplink" || index % 7 == 0 else {
        Issue.record("row \(index)")
        return
      }
    }
    #expect(try reader.next() == nil)

    try folder.put(folder.text("events.csv") + "x\n", in: "events.csv")
    reader = try TraceReader<EventRecord>(path: path)
    for _ in 0..<150_000 { _ = try reader.next() }
    let lines = 2 + 150_000 + (150_000 + 6) / 7
    #expect {
      try reader.next()
    } throws: { error in
      if case TraceError.damaged(path, lines, 1, _) = error { true } else { false }
    }
  }

  @Test("a folder that is not there is an error that names the file")
  func missingFolder() {
    #expect(
      throws: TraceError.file(
        path: "/nowhere/at/all/rounds.csv", action: "create", reason: "No such file or directory")
    ) {
      try TraceFile<RoundRecord>(path: "/nowhere/at/all/rounds.csv")
    }
  }
}
