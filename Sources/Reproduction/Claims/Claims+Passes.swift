import Allocation
import Statistics
import Units

/// Fig. 4a-c: the passes of the descent.
extension Claim {
  static let passes = [
    Claim(
      1, "4a",
      "Over the passes, the mean energy of the devices that can meet the deadline, with their power and bits chosen, falls "
        + "and soon settles.", needsPasses: true
    ) { evidence in
      evidence.passes.rows.flatMap { row -> [Check] in
        [
          .more(
            row.candidateEnergy(pass: 0), than: row.candidateEnergy(pass: nil), subject: "first and last pass",
            place: row.place, "the first pass leaves more energy than the last"),
          .settles(row, limit: evidence.passes.limit),
          .always(
            row.draws.map { $0.map(\.meanCandidateEnergy).neverRises }, subject: "every pass", place: row.place,
            "it rises in no pass"
          ).beside,
        ]
      }
    },
    Claim(
      2, "4a", "The longer the deadline, the lower that energy.", needsPasses: true
    ) { evidence in
      zip(evidence.passes.rows, evidence.passes.rows.dropFirst()).map { tight, loose in
        .more(
          tight.candidateEnergy(pass: nil), than: loose.candidateEnergy(pass: nil), subject: "deadlines",
          place: "\(tight.place) and \(loose.place)", "the shorter deadline needs more energy a device")
      }
    },
    Claim(
      3, "4b", "Choosing the blocks lowers the mean energy below what power and bits alone reach.", needsPasses: true
    ) { evidence in
      evidence.passes.rows.flatMap { row -> [Check] in
        [(0, "first pass"), (nil, "last pass")].map { pass, subject in
          .more(
            row.candidateEnergy(pass: pass), than: row.participantEnergy(pass: pass), subject: subject,
            place: row.place, "a candidate needs more energy than a participant")
        }
      }
    },
    Claim(
      4, "4b",
      "Under a tight deadline fewer devices than blocks take part, each with more energy; under a loose one every block is "
        + "used, with less."
    ) { evidence in
      let deadlines = evidence.passes.rows.map(\.deadline)
      guard let tight = deadlines.first, let loose = deadlines.last else { return [] }
      let (few, many) = (try evidence.participants(tight), try evidence.participants(loose))
      let blocks = DrawSeries(many.sums.map { $0 == nil ? nil : Double(evidence.blocks) })
      var checks: [Check] = [
        .more(
          blocks, than: few, subject: "participants", place: try evidence.place(tight),
          "there are more blocks than participants"),
        .equal(
          many, to: blocks, subject: "participants", place: try evidence.place(loose),
          "there are as many participants as blocks"),
      ]
      for (shorter, longer) in zip(deadlines, deadlines.dropFirst()) {
        checks.append(
          .more(
            try evidence.energy(shorter), than: try evidence.energy(longer), subject: "energy of a participant",
            place: "\(try evidence.place(shorter)) and \(try evidence.place(longer))",
            "the shorter deadline needs more energy a participant"))
      }
      return checks
    },
    Claim(
      5, "4c", "The longer the deadline, the higher the efficiency, with more bits at no more energy."
    ) { evidence in
      let deadlines = evidence.passes.rows.map(\.deadline)
      return try zip(deadlines, deadlines.dropFirst()).flatMap { shorter, longer -> [Check] in
        let place = "\(try evidence.place(shorter)) and \(try evidence.place(longer))"
        return [
          .more(
            try evidence.objective(longer), than: try evidence.objective(shorter), subject: "objective", place: place,
            "the longer deadline has the higher objective"),
          .more(
            try evidence.bits(longer), than: try evidence.bits(shorter), subject: "bits", place: place,
            "the longer deadline has more bits"),
          .more(
            try evidence.energy(shorter), than: try evidence.energy(longer), subject: "energy of a participant",
            place: place, "the longer deadline needs no more energy"),
        ]
      }
    },
    Claim(6, "4c", "The objective converges over the passes.", needsPasses: true) { evidence in
      evidence.passes.rows.flatMap { row -> [Check] in
        [
          .settles(row, limit: evidence.passes.limit),
          .always(
            row.draws.map { $0.map { -$0.objective }.neverRises }, subject: "every pass", place: row.place,
            "it falls in no pass"
          ).beside,
          .more(
            row.series(pass: nil) { $0.objective }, than: row.series(pass: 0) { $0.objective },
            subject: "first and last pass", place: row.place, "the last pass has the higher objective"
          ).beside,
        ]
      }
    },
  ]
}

extension Check {
  /// The descent ends by itself in every draw.
  fileprivate static func settles(_ row: PassTable.Row, limit: Int) -> Check {
    .always(
      row.draws.map { limit == 0 || $0.count < limit }, subject: "end", place: row.place,
      "it ends by itself before pass \(limit)")
  }
}

extension PassTable.Row {
  /// What readers call the row.
  var place: String { Evidence.place(deadline, seconds) }

  /// Energy of a candidate after P1 and P2.
  func candidateEnergy(pass: Int?) -> DrawSeries {
    series(pass: pass, { $0.candidateEnergy.value }, per: { Double($0.candidates) })
  }

  /// Energy of a participant after P3.
  func participantEnergy(pass: Int?) -> DrawSeries {
    series(pass: pass, { $0.energy.value }, per: { Double($0.participants) })
  }
}
