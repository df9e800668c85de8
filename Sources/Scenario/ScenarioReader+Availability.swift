import Network
import Randomness
import Units

extension Scenario.Population {
  /// The file that says when devices are there, where one does.
  var availabilityFile: String? {
    if case .table(let table)? = availability { table.path } else { nil }
  }
}

/// The key `devices.availability`.
extension ScenarioReader {
  /// When devices are there; a scenario in which they always are resolves without it.
  static func availability(_ devices: Section, _ population: inout Scenario.Population) {
    let key = "availability"
    let summary =
      "when devices are there: {on, off}, laws of the spans, or {file: availability.csv, period}; always unless given"
    let given = devices.declare(key, summary, default: "null")
    let isGiven = given.map { !$0.isNull } ?? false
    guard isGiven || population.availability != nil || devices.reading.purpose == .documenting else {
      if given != nil { population.availability = nil }
      devices.note(key, .scalar(.null))
      return devices.omit(key, if: true)
    }
    let section = devices.section(key, isGiven ? given : nil)
    if section.has("file") || population.availabilityFile != nil && !section.has("on") && !section.has("off") {
      table(section, &population)
    } else {
      law(section, &population, position: given)
    }
    section.finish()
    devices.note(key, section.resolved)
  }

  private static func law(_ section: Section, _ population: inout Scenario.Population, position: YAMLValue?) {
    var (on, off) = (Distribution.exponential(mean: 300), Distribution.exponential(mean: 300))
    if case .law(let ownOn, let ownOff)? = population.availability { (on, off) = (ownOn, ownOff) }
    spans(section, "a device is there", &on, &off)
    if section.reading.purpose != .documenting { population.availability = .law(on: on, off: off) }
  }

  /// The laws of two kinds of span that follow each other, `on` and `off`.
  static func spans(_ section: Section, _ what: String, _ on: inout Distribution, _ off: inout Distribution) {
    let kind = NumberKind.quantity(Second.self, in: 1e-3...1e9)
    section.distribution("on", "how long \(what): a plain value, uniform, exponential or choice", kind, &on)
    section.distribution("off", "how long it is away, likewise", kind, &off)
    for (name, law) in [("on", on), ("off", off)] {
      switch law {
      case .constant, .uniform, .exponential, .choice: continue
      default:
        guard let value = section.value(of: name) else { continue }
        section.fail(
          name, value,
          "the law of a span is a plain value, uniform, exponential or choice: what is left of others at the beginning is not known"
        )
      }
    }
  }

  private static func table(_ section: Section, _ population: inout Scenario.Population) {
    var period: Seconds?
    if case .table(let own)? = population.availability { period = own.period }
    section.optionalQuantity(
      "period", "after which the file begins again; null: who has left after his last row never comes back",
      in: 1e-3...1e9,
      &period)
    if case .table(var own)? = population.availability {
      own.period = period
      population.availability = .table(own)
    }
    let summary = "CSV file (device, on_s, off_s)"
    if let (text, value) = section.text("file", summary), population.count > 0, !section.reading.log.hasErrors {
      let path = section.reading.file(text, at: value.position)
      do {
        population.availability = .table(
          try AvailabilityFile.table(path, deviceCount: population.count, period: period, from: value.position))
      } catch let errors as ScenarioErrors {
        section.reading.log.add(errors)
      } catch {
        section.fail("file", value, "\(error)")
      }
    }
    if let path = population.availabilityFile { section.note("file", .scalar(.text(path))) }
  }
}
