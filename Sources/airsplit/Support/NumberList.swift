/// A list of numbers as an option gives it: `0,3,7-9`.
enum NumberList {
  /// The numbers, in the order given.
  ///
  /// - Throws: ``CommandError`` where one is no number, stands twice, or is not below `limit`, which counts `what`.
  static func read(_ text: String, option: String, below limit: Int, of what: String) throws -> [Int] {
    func refuse(_ reason: String) -> CommandError { .badInput("\(option) '\(text.prefix(60))': \(reason)") }
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
      guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first >= 0 else {
        throw refuse("'\(part.prefix(20))' is no number from 0 and no range; write 0,3 or 0-9")
      }
      guard first <= last else { throw refuse("\(first) is above \(last)") }
      guard last < limit else {
        throw refuse("there is no \(last): the scenario has \(limit) \(what), the last of which is \(limit - 1)")
      }
      numbers += Array(first...last)
    }
    guard Set(numbers).count == numbers.count else { throw refuse("a number stands twice") }
    return numbers
  }
}
