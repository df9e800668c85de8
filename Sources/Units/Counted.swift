/// `1 round`, `2 rounds`: a number of things in words.
///
/// - Parameter plural: The noun for all other numbers, where an `s` does not make it.
public func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
  "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
}
