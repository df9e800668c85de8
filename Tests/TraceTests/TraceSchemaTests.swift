import JSON
import Testing

@testable import Trace

@Suite("The schema of traces")
struct TraceSchemaTests {
  @Test("a table has the columns of its file, with type, unit and whether a field may be empty")
  func json() throws {
    var schema = TraceSchema()
    schema.add(DeviceRecord.self, features: [.uplink])
    schema.add(PartitionTable(counts: [[3, 4]]))
    let resources = try #require(schema.json["resources"]?.elements)
    #expect(resources.map { $0["path"]?.text } == ["devices.csv", "partition.csv"])
    let fields = try #require(resources[0]["schema"]?["fields"]?.elements)
    #expect(fields.map { $0["name"]?.text } == DeviceRecord.columns.filter { $0.isOn([.uplink]) }.map(\.name))
    func field(_ name: String) -> String? { fields.first { $0["name"]?.text == name }?.text(.line) }
    #expect(
      field("power_w") == #"{"name": "power_w", "type": "number", "unit": "W", "constraints": {"required": false}}"#)
    #expect(
      field("round") == #"{"name": "round", "type": "integer", "unit": "", "constraints": {"required": true}}"#)
    #expect(
      field("outcome") == #"{"name": "outcome", "type": "string", "unit": "", "constraints": {"required": true}}"#)
    #expect(resources[1]["schema"]?["fields"]?.elements?.count == 4)
  }

  @Test("units of columns are those of their names")
  func units() {
    let suffixes = [
      "_s": "s", "_j": "J", "_w": "W", "_m": "m", "_hz": "Hz", "_bps": "bit/s", "_db": "dB", "_bits": "bit",
    ]
    func check<Record>(_ columns: [Column<Record>]) {
      for column in columns where !["bits", "bits_mean"].contains(column.name) {
        let suffix = suffixes.first { column.name.hasSuffix($0.key) }?.value ?? ""
        #expect(column.unit == suffix, "\(column.name)")
      }
    }
    check(RoundRecord.columns)
    check(DeviceRecord.columns)
    check(EventRecord.columns)
    check(GainRecord.columns)
    check(IterationRecord.columns)
    check(TensorRecord.columns)
    check(TimingRecord.columns)
  }

  @Test("the SQL is a table per file")
  func sql() {
    var schema = TraceSchema()
    schema.add(GainRecord.self, features: [])
    schema.add(IterationRecord.self, features: [])
    #expect(
      schema.sql.hasPrefix(
        """
        CREATE TABLE gains (
          "round" BIGINT NOT NULL,
          "device" BIGINT NOT NULL,
          "block" BIGINT NOT NULL,
          "gain_db" DOUBLE -- dB
        );
        CREATE TABLE bcd (

        """))
  }
}
