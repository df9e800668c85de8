import JSON
import Units

extension CutOption {
  private static let keys = [
    "name", "payload_bits", "device_work", "added_server_time_s", "added_upload_bits", "added_download_bits",
    "added_gradient_bits", "memory_bits",
  ]

  /// A cut as instance files and external policies have it, with what goes up at each of the problem's bits unless it is the
  /// first, whose payloads are the problem's.
  func json(payloads: JSONValue?) -> JSONValue {
    func added(_ number: Double) -> JSONValue? { number == 0 ? .none : .number(number) }
    return JSONValue(omittingNil: [
      "name": .string(name), "payload_bits": payloads,
      "device_work": deviceWork == 1 ? .none : .number(deviceWork),
      "added_server_time_s": added(addedServerTime.value), "added_upload_bits": added(addedUpload.value),
      "added_download_bits": added(addedDownload.value), "added_gradient_bits": added(addedGradient.value),
      "memory_bits": added(memory.value),
    ])
  }

  /// The cuts of an instance and their levels, of which `first` are those of the first cut; one cut where none are given; nil,
  /// noted, where something is wrong.
  static func list(
    _ instance: JSONObjectReader, first: [QuantizationLevel]
  ) -> (cuts: [CutOption], levels: [QuantizationLevel])? {
    guard instance.has("cuts") else { return ([CutOption()], first) }
    let issues = instance.issues
    let before = issues.count
    guard let nodes = instance.list("cuts") else { return nil }
    if nodes.isEmpty { instance.note("cuts", "is empty; at least one cut is needed") }
    var (cuts, levels): ([CutOption], [QuantizationLevel]) = ([], first)
    for (index, node) in nodes.enumerated() {
      guard let reader = JSONObjectReader(node, at: instance.keyPath("cuts[\(index)]"), known: keys, issues: issues),
        let cut = CutOption(reader)
      else { continue }
      if cuts.contains(where: { $0.name == cut.name }) { reader.note("name", "'\(cut.name)' is an earlier cut's") }
      if index == 0 {
        if !cut.addsNothing {
          issues.add(reader.path, "is the first cut, whose figures are those of the devices: it adds none")
        }
        if reader.has("payload_bits") { reader.note("payload_bits", "is the problem's payload_bits for the first cut") }
      } else if let payloads = reader.numbers("payload_bits", .positive, count: first.count, of: "number of bits") {
        levels += zip(first, payloads).map { QuantizationLevel(bits: $0.bits, payload: Bits($1), cut: index) }
      }
      cuts.append(cut)
    }
    return issues.count == before ? (cuts, levels) : nil
  }

  private init?(_ reader: JSONObjectReader) {
    let anyNumber = NumberRule(allowed: "a number") { $0.isFinite }
    func added(_ key: String) -> Double? { reader.number(key, anyNumber, otherwise: 0) }
    let name = reader.text("name")
    if name?.isEmpty == true { reader.note("name", "is empty; assignments and policies name cuts") }
    let work = reader.number("device_work", .positive, otherwise: 1)
    let (time, upload) = (added("added_server_time_s"), added("added_upload_bits"))
    let (download, gradient) = (added("added_download_bits"), added("added_gradient_bits"))
    let memory = reader.number("memory_bits", .nonNegative, otherwise: 0)
    guard let name, let work, let time, let upload, let download, let gradient, let memory else { return nil }
    self.init(
      name: name, deviceWork: work, addedServerTime: Seconds(time), addedUpload: Bits(upload),
      addedDownload: Bits(download), addedGradient: Bits(gradient), memory: Bits(memory))
  }

  /// Notes where what a cut adds would make less than nothing of what devices have.
  static func check(
    _ cuts: [CutOption], _ devices: [DeviceConstants], _ downlink: Downlink?, _ reader: JSONObjectReader
  ) {
    for (index, cut) in cuts.enumerated() {
      func note(_ key: String, _ name: String) {
        reader.issues.add(reader.keyPath("cuts[\(index)].\(key)"), "makes \(name) less than 0")
      }
      let applied = devices.map(cut.applied)
      if applied.contains(where: { $0.serverTime < .zero }) { note("added_server_time_s", "a device's server_time_s") }
      if applied.contains(where: { $0.deadlineUpload < .zero }) {
        note("added_upload_bits", "a device's deadline_upload_bits")
      }
      if applied.contains(where: { $0.deadlineDownload < .zero }) {
        note("added_download_bits", "a device's deadline_download_bits")
      }
      if let downlink, downlink.gradient + cut.addedGradient < .zero {
        note("added_gradient_bits", "the downlink's gradient_bits")
      }
    }
  }
}
