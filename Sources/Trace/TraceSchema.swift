import JSON

/// What the columns of a run's traces hold, for programs that would guess it from the first rows and guess wrong where
/// those are empty: `schema.json`, and `schema.sql` for DuckDB and other databases.
///
/// `schema.json` is a Frictionless Table Schema per file, as its Data Package standard has it (specs.frictionlessdata.io):
/// `{"resources": [{"name": "devices", "path": "devices.csv", "schema": {"fields": [{"name": "round", "type": "integer",
/// "unit": "", "constraints": {"required": true}}, …], "missingValues": [""]}}, …]}`; `unit`, an SI symbol, is ours.
public struct TraceSchema: Sendable, Hashable {
  /// One column of one file.
  struct Field: Sendable, Hashable {
    var name: String
    var type: FieldType
    var unit = ""
    var mayBeEmpty = false
  }

  /// One file.
  struct Table: Sendable, Hashable {
    var file: String
    var fields: [Field]
    var name: String { String(file.prefix { $0 != "." }) }
  }

  /// The name of the JSON form in a run's folder.
  public static let fileName = "schema.json"
  /// The name of the SQL form in a run's folder.
  public static let sqlName = "schema.sql"

  private(set) var tables: [Table] = []

  /// A schema of no file.
  public init() {}

  /// Adds the file of a record type with the columns that `features` switch on.
  public mutating func add<Record: TraceRecord>(_: Record.Type, features: TraceFeatures) {
    let columns = Record.columns.filter { $0.isOn(features) }
    tables.append(
      Table(
        file: Record.fileName,
        fields: columns.map { Field(name: $0.name, type: $0.type, unit: $0.unit, mayBeEmpty: $0.mayBeEmpty) }))
  }

  /// Adds `partition.csv`.
  public mutating func add(_ partition: PartitionTable) {
    tables.append(
      Table(file: PartitionTable.fileName, fields: partition.header.map { Field(name: $0, type: .integer) }))
  }

  /// `schema.json`.
  var json: JSONValue {
    let resources = tables.map { table -> JSONValue in
      let fields = table.fields.map { field -> JSONValue in
        [
          "name": .string(field.name), "type": .string(field.type.rawValue), "unit": .string(field.unit),
          "constraints": ["required": .bool(!field.mayBeEmpty)],
        ]
      }
      return [
        "name": .string(table.name), "path": .string(table.file),
        "schema": ["fields": .array(fields), "missingValues": [.string("")]],
      ]
    }
    return ["resources": .array(resources)]
  }

  /// `schema.sql`: a table per file, to be filled by `COPY devices FROM 'devices.csv'`.
  var sql: String {
    tables.map { table in
      let rows = table.fields.enumerated().map { index, field in
        let comma = index + 1 < table.fields.count ? "," : ""
        let note = field.unit.isEmpty ? "" : " -- \(field.unit)"
        return "  \"\(field.name)\" \(field.type.sql)\(field.mayBeEmpty ? "" : " NOT NULL")\(comma)\(note)\n"
      }
      return "CREATE TABLE \(table.name) (\n\(rows.joined()));\n"
    }.joined()
  }
}

extension FieldType {
  /// The type's name in SQL.
  fileprivate var sql: String {
    switch self {
    case .integer: "BIGINT"
    case .number: "DOUBLE"
    case .string: "VARCHAR"
    }
  }
}

extension RunFolder {
  /// Writes what the columns of the traces hold.
  ///
  /// - Throws: ``TraceError/file(path:action:reason:)``.
  public func write(_ schema: TraceSchema) throws(TraceError) {
    try write(Array((schema.json.text() + "\n").utf8), to: TraceSchema.fileName)
    try write(Array(schema.sql.utf8), to: TraceSchema.sqlName)
  }
}
