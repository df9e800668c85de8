import EventKernel
import Testing
import Trace
import Units

@Suite("Reading traces")
struct TraceReaderTests {
  private func roundTrip<Record: TraceRecord>(_ records: [Record], _ features: TraceFeatures) throws -> [Record] {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/\(Record.fileName)"
    let file = try TraceFile<Record>(path: path, features: features)
    for record in records { try file.append(record) }
    try file.flush()
    var reader = try TraceReader<Record>(path: path)
    return try reader.remaining()
  }

  @Test("rounds read back as they were written")
  func rounds() throws {
    var full = RoundRecord()
    full.round = 2
    full.start = Seconds(100.0 / 3)
    full.end = Seconds(1e9 + 0.1)
    full.duration = Seconds(0.1 + 0.2)
    full.devicesFeasible = 24
    full.devicesSelected = 10
    full.devicesCompleted = 9
    full.stepLatencyMax = Seconds(4.999999999999999)
    full.stepEnergy = Joules(1e-300)
    full.roundEnergy = Joules(12345.678)
    full.roundComputeEnergy = Joules(12000)
    full.roundUplinkEnergy = Joules(345.678)
    full.timeTotal = Seconds(2e9 + 0.1)
    full.energyTotal = Joules(23456.789)
    full.roundServerEnergy = Joules(7)
    full.bitsMean = 6.7
    full.powerMean = Watts(0.25)
    full.objective = 1.0 / 7
    full.objectiveOptimum = 0.15
    full.optimalityGap = 0.047619047619047616
    full.trainLoss = 2.302585092994046
    full.testLoss = 1.75
    full.testAccuracy = 0.8125
    full.testAccuracyLocal = 0.1
    let everything: TraceFeatures = [
      .serverEnergy, .optimum, .training, .localEvaluation, .stepOnAir, .uplink, .totals,
    ]
    #expect(try roundTrip([RoundRecord(), full], everything) == [RoundRecord(), full])
  }

  @Test("devices read back as they were written, with every outcome")
  func devices() throws {
    let records = Outcome.allCases.enumerated().map { index, outcome in
      var record = DeviceRecord()
      record.device = index
      record.outcome = outcome
      if index % 2 == 0 {
        record.block = index
        record.gain = Decibels(-90.1)
        record.bits = 4 + index
        record.clock = Hertz(1.25e9)
        record.payload = Bits(77_070_336)
        record.rate = BitsPerSecond(1.0 / 3)
      }
      return record
    }
    #expect(try roundTrip(records, [.clockChoice, .stepOnAir, .uplink]) == records)
  }

  @Test("events with any name read back as they were written")
  func events() throws {
    let kinds = ["forward", "a,b", "say \"hi\"", "two\nlines", "", "naïve"]
    let records = kinds.enumerated().map { index, kind in
      var record = EventRecord()
      record.kind = kind
      record.time = SimTime(nanoseconds: UInt64(index) * 1_000_000_007)
      record.energy = index == 0 ? nil : Joules(0.5)
      return record
    }
    #expect(try roundTrip(records, []) == records)
  }

  @Test("a trace of no rows reads as none")
  func empty() throws {
    #expect(try roundTrip([IterationRecord](), []) == [])
  }

  @Test(
    "damage is told with line, column and the column's name",
    arguments: [
      ("", 1, 1, "the row is cut short; the run that wrote it was ended from outside"),
      (
        "round,objective,energy_j,colour,assignments_changed,bits_changed,candidates\n", 1, 1,
        "the columns 'iteration', 'participants', 'candidate_energy_j' are missing"
      ),
      ("round,round\n", 1, 7, "the column 'round' stands twice"),
      (
        header.replacing("bits_changed,", with: ""), 1, 1, "the column 'bits_changed' is missing"
      ),
      (header + "1,2,0.5,1.0,0,3,5,20\n", 2, 1, "the row has 8 fields, the header 9"),
      (header + "1,2,0.5,1.0,0,3,5,20,4.0,\n", 2, 1, "the row has 10 fields, the header 9"),
      (
        header + "1,1,0.5,1.0,0,3,5,20,4.0\n1,2,half,1.0,0,3,5,20,4.0\n", 3, 5,
        "objective is 'half', which is not a number"
      ),
      (header + "1,2,nan,1.0,0,3,5,20,4.0\n", 2, 5, "objective is 'nan', which is not a number"),
      (header + "1.5,2,0.5,1.0,0,3,5,20,4.0\n", 2, 1, "round is '1.5', which is not a whole number"),
      (
        header + "1,2,0.5,1.0,0,99999999999999999999,5,20,4.0\n", 2, 15,
        "bits_changed is '99999999999999999999', which is not a whole number"
      ),
      (header + "1,2,,1.0,0,3,5,20,4.0\n", 2, 5, "objective is '', which is not a number"),
      (header + "1,2,0.5,1.0,0", 2, 14, "the row is cut short; the run that wrote it was ended from outside"),
      (header + "1,2,\"0.5,1.0,0,3\n", 2, 5, "the quoted field that begins here does not end"),
      (header + "1,\"2\"x,0.5,1.0,0,3\n", 2, 6, "a comma or the line's end is expected after a quoted field"),
    ])
  func damage(text: String, line: Int, column: Int, reason: String) throws {
    let folder = try TemporaryFolder()
    try folder.put(text, in: "bcd.csv")
    let path = "\(folder.path)/bcd.csv"
    let expected = TraceError.damaged(path: path, line: line, column: column, reason: reason)
    #expect(throws: expected) {
      var reader = try TraceReader<IterationRecord>(path: path)
      _ = try reader.remaining()
    }
    #expect(expected.description == "\(path):\(line):\(column): \(reason)")
  }

  @Test("columns that a record does not know are passed over, whatever they hold")
  func unknownColumns() throws {
    let folder = try TemporaryFolder()
    let known = Self.header + "1,2,0.5,1.0,0,3,5,20,4.0\n"
    try folder.put(known, in: "known.csv")
    try folder.put(
      "colour," + Self.header.replacing("energy_j,", with: "energy_j,colour,\"a, b\",")
        + "red,1,2,0.5,1.0,,\"x, y\",0,3,5,20,4.0\n",
      in: "more.csv")
    var plain = try TraceReader<IterationRecord>(path: "\(folder.path)/known.csv")
    var more = try TraceReader<IterationRecord>(path: "\(folder.path)/more.csv")
    #expect(try more.remaining() == plain.remaining())
  }

  @Test("an outcome that is none names those that are")
  func outcome() {
    #expect(Outcome(csv: "lost") == nil)
    #expect(
      Outcome.kind
        == "one of ok, late, no_memory, no_time, no_power, no_link, left, empty, low_battery, away, withdrawn, stale, busy, not_selected"
    )
  }

  @Test("a file that is not there is an error that names it")
  func missing() {
    #expect(throws: TraceError.file(path: "/nowhere/rounds.csv", action: "open", reason: "No such file or directory")) {
      _ = try TraceReader<RoundRecord>(path: "/nowhere/rounds.csv")
    }
  }

  private static let header =
    "round,iteration,objective,energy_j,assignments_changed,bits_changed,participants,candidates,candidate_energy_j\n"
}
