import Wireless

/// What the devices of a descent offer, as costs.
struct OfferCosts: PairCosts {
  let problem: Problem
  let offers: [DescentOffer]
  let criterion: MatchingCriterion

  var deviceCount: Int { offers.count }
  var blockCount: Int { problem.blockCount }

  func leastCost(device: Int) -> Double {
    offers[device].cost(gain: problem.gains.upperBound(device: device), by: criterion)
  }

  func copyCosts(device: Int, into row: UnsafeMutableBufferPointer<Double>) {
    let (offer, criterion) = (offers[device], criterion)
    problem.gains.copyRow(device: device, into: row)
    for block in row.indices { row[block] = offer.cost(gain: row[block], by: criterion) }
  }
}
