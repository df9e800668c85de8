import Units

/// What TR 38.901 (V19.4.0) says of shadowing and the Rician factor in a state of a link: Table 7.4.1-1 and Table 7.5-6.
package struct LargeScaleTable: Sendable, Hashable {
  /// States of a link.
  package enum State: Int, Sendable, Hashable, CaseIterable {
    /// A line of sight to a device outdoors.
    case clear
    /// None.
    case blocked
    /// The device is in a building.
    case indoors
  }

  /// Standard deviation of shadowing; behind RMa's and SMa's breakpoint ``farSigma``.
  package var sigma: Decibels
  /// Standard deviation of shadowing behind ``PathLoss/farDistance``.
  package var farSigma: Decibels
  /// Correlation distance of shadowing.
  package var correlationDistance: Meters
  /// The Rician factor; `nil` where there is no line of sight.
  package var rician: Rician?

  /// The law of the Rician factor.
  package struct Rician: Sendable, Hashable {
    /// Its mean.
    package var mean: Decibels
    /// Its standard deviation.
    package var sigma: Decibels
    /// Its correlation distance.
    package var correlationDistance: Meters
    /// Its correlation with shadowing.
    package var shadowingCorrelation: Double
  }

  /// Correlation distance of the state, Table 7.6.3.1-2; `nil` for models without states.
  package static func stateCorrelationDistance(_ model: PathLoss.Model) -> Meters? {
    switch model {
    case .macro3GPP, .logDistance, .freeSpace: nil
    case .urbanMacro, .urbanMicro, .suburbanMacro: Meters(50)
    case .ruralMacro: Meters(60)
    case .indoorOffice: Meters(10)
    }
  }

  /// The table's column; `nil` for models without states. Indoor offices have no buildings to be in: their `indoors` is
  /// `blocked`.
  package init?(_ model: PathLoss.Model, _ state: State) {
    let row: (sigma: Double, far: Double, distance: Double)
    switch (model, state) {
    case (.macro3GPP, _), (.logDistance, _), (.freeSpace, _): return nil
    case (.urbanMacro, .clear): row = (4, 4, 37)
    case (.urbanMacro, .blocked): row = (6, 6, 50)
    case (.urbanMicro, .clear): row = (4, 4, 10)
    case (.urbanMicro, .blocked): row = (7.82, 7.82, 13)
    case (.urbanMacro, .indoors), (.urbanMicro, .indoors): row = (7, 7, 7)
    case (.ruralMacro, .clear): row = (4, 6, 37)
    case (.ruralMacro, .blocked), (.ruralMacro, .indoors): row = (8, 8, 120)
    case (.suburbanMacro, .clear): row = (4, 6, 40)
    case (.suburbanMacro, .blocked), (.suburbanMacro, .indoors): row = (8, 8, 50)
    case (.indoorOffice, .clear): row = (3, 3, 10)
    case (.indoorOffice, .blocked), (.indoorOffice, .indoors): row = (8.03, 8.03, 6)
    }
    (sigma, farSigma) = (Decibels(row.sigma), Decibels(row.far))
    correlationDistance = Meters(row.distance)
    rician = state == .clear ? Rician(model) : nil
  }
}

extension LargeScaleTable.Rician {
  fileprivate init?(_ model: PathLoss.Model) {
    let row: (mean: Double, sigma: Double, distance: Double, shadowing: Double)
    switch model {
    case .macro3GPP, .logDistance, .freeSpace: return nil
    case .urbanMacro: row = (9, 3.5, 12, 0)
    case .urbanMicro: row = (9, 5, 15, 0.5)
    case .ruralMacro: row = (7, 4, 40, 0)
    case .suburbanMacro: row = (9, 7, 10, 0)
    case .indoorOffice: row = (7, 4, 4, 0.5)
    }
    (mean, sigma) = (Decibels(row.mean), Decibels(row.sigma))
    (correlationDistance, shadowingCorrelation) = (Meters(row.distance), row.shadowing)
  }
}
