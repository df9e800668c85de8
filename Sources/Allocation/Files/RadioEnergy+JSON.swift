import JSON
import Units
import Wireless

extension RadioEnergy {
  /// `{"tr38840": {"unit_w": 0.001}}`; `nil` of an amplifier, whose numbers are keys of the device.
  var json: JSONValue? {
    if case .tr38840(let unit) = self { ["tr38840": ["unit_w": .number(unit.value)]] } else { nil }
  }

  /// The radio of a device; an amplifier unless it says otherwise.
  init?(_ device: JSONObjectReader) {
    let key = "radio_energy"
    guard device.has(key) else {
      self = .amplifier
      return
    }
    guard let reader = device.object(key, known: ["tr38840"]), reader.node("tr38840") != nil,
      let model = reader.object("tr38840", known: ["unit_w"]),
      let unit = model.number("unit_w", .positive, otherwise: Self.standardUnit.value)
    else { return nil }
    for (other, standard) in [("circuit_power_w", 0.0), ("amplifier_efficiency", 1)]
    where device.has(other) && device.node(other)?.double != standard {
      device.note(other, "does not go with radio_energy, which says all that the radio draws; leave one out")
      return nil
    }
    self = .tr38840(unit: Watts(unit))
  }
}
