import AirSplitLibrary
import CAirSplit
import Foundation
import Testing

/// The functions of airsplit.h, called with what no program should call them with: each answers in words.
@Suite("The C library")
struct InterfaceTests {
  /// What a function answers, with its sentence.
  private static func answer(
    _ size: Int = 500, _ function: (UnsafeMutablePointer<CChar>?, Int) -> Int32
  ) -> (status: Int32, message: String) {
    var buffer = [CChar](repeating: 1, count: size)
    let status = buffer.withUnsafeMutableBufferPointer { function($0.baseAddress, size) }
    return (status, String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  private static func open(_ options: String) throws -> Int64 {
    var handle: Int64 = 0
    let answer = answer { airsplitOpen(options, &handle, $0, $1) }
    try #require(answer.status == 0, "\(answer.message)")
    return handle
  }

  private static let small = """
    {"scenario": "\(Fixture.quickstart)", "overrides": ["devices.count=4", "uplink.blocks=2", "rounds=2"], "worlds": 2,
     "figures": ["objective", "objective_optimum"]}
    """

  @Test(
    "says what is wrong with what it is asked to open",
    arguments: [
      ("", "the options are no JSON"), ("[]", "no object"), ("{}", "one of 'scenario', a path, and 'text' is needed"),
      (#"{"scenari": "x"}"#, "did you mean 'scenario'?"), (#"{"scenario": 3}"#, "'scenario' is 3; a text is allowed"),
      (#"{"scenario": "nowhere.yaml"}"#, "nowhere.yaml"), (#"{"text": "a: 1"}"#, "a"),
      (#"{"scenario": "q", "worlds": 0}"#, "a whole number from 1 to 1000000"),
      (#"{"scenario": "q", "on_violation": "ignore"}"#, "one of error, skip, penalty"),
      (#"{"scenario": "q", "figures": ["objektive"]}"#, "did you mean 'objective'?"),
      (#"{"scenario": "QUICKSTART", "overrides": ["framework=ll"]}"#, "nothing to decide"),
      (#"{"scenario": "QUICKSTART", "overrides": ["aggregation={mode: asynchronous}"]}"#, "carries work over"),
      (#"{"scenario": "QUICKSTART", "overrides": ["devices.cuont=3"]}"#, "did you mean 'count'"),
      (#"{"scenario": "QUICKSTART", "worlds": 2, "out": "x"}"#, "only one can be written"),
    ])
  func refuses(options: String, words: String) {
    var handle: Int64 = 7
    let answer = Self.answer {
      airsplitOpen(options.replacing("QUICKSTART", with: Fixture.quickstart), &handle, $0, $1)
    }
    #expect(answer.status == 2 && answer.message.contains(words), "\(answer)")
    #expect(handle == 0)
  }

  @Test("finds out handles that are not open, null pointers, and short buffers")
  func hostile() throws {
    #expect(Self.answer { airsplitOpen(nil, nil, $0, $1) }.status == 2)
    #expect(airsplitOpen("{}", nil, nil, 0) == 2)
    let handle = try Self.open(Self.small)
    var needed = 0
    var text = [CChar](repeating: 1, count: 20)
    #expect(Self.answer { airsplitDescribe(handle, &text, 20, &needed, $0, $1) }.status == 0)
    #expect(needed > 20 && text[19] == 0)
    #expect(Self.answer { airsplitStep(handle, nil, nil, nil, $0, $1) }.message.contains("reset it first"))
    #expect(Self.answer { airsplitReset(handle, nil, nil, nil, $0, $1) }.status == 0)
    #expect(Self.answer { airsplitStep(handle, nil, nil, nil, $0, $1) }.message.contains("an action is needed"))
    var action = airsplit_action()
    for kind in [Int32(0), 1, 2, 3, -1, .max] {
      action.kind = kind
      #expect(Self.answer { airsplitStep(handle, &action, nil, nil, $0, $1) }.status == 2, "kind \(kind)")
    }
    // A sentence is cut, and ended.
    let cut = Self.answer(10) { airsplitStep(handle, nil, nil, nil, $0, $1) }
    #expect(cut.message == "world 0: ")
    #expect(Self.answer { airsplitClose(handle, $0, $1) }.status == 0)
    for closed in [handle, 0, -1, .max] {
      #expect(Self.answer { airsplitClose(closed, $0, $1) }.message.contains("is not open"))
      #expect(Self.answer { airsplitReset(closed, nil, nil, nil, $0, $1) }.status == 2)
    }
  }

  @Test("plays rounds to their end, and says when that is")
  func plays() throws {
    let handle = try Self.open(Self.small)
    defer { _ = airsplitClose(handle, nil, 0) }
    var (figures, truncated) = ([Double](repeating: -1, count: 4), [UInt8](repeating: 9, count: 2))
    var (usable, devices) = ([UInt8](repeating: 9, count: 16), [Int32](repeating: 9, count: 4))
    var played: [(Int32, [UInt8], [Double])] = []
    figures.withUnsafeMutableBufferPointer { figures in
      truncated.withUnsafeMutableBufferPointer { truncated in
        usable.withUnsafeMutableBufferPointer { usable in
          devices.withUnsafeMutableBufferPointer { devices in
            var outcome = airsplit_outcome()
            (outcome.figures, outcome.truncated, outcome.devices) = (
              figures.baseAddress, truncated.baseAddress, devices.baseAddress
            )
            var observation = airsplit_observation()
            observation.usable = usable.baseAddress
            let scores = [Double](repeating: 1, count: 8)
            scores.withUnsafeBufferPointer { scores in
              var action = airsplit_action()
              (action.kind, action.scores) = (Int32(AIRSPLIT_SCORES), scores.baseAddress)
              _ = airsplitReset(handle, nil, nil, &observation, nil, 0)
              for _ in 0..<3 {
                let status = airsplitStep(handle, &action, &outcome, &observation, nil, 0)
                played.append((status, Array(truncated), Array(figures)))
              }
            }
          }
        }
      }
    }
    #expect(played.map(\.0) == [0, 0, 2], "the third round is none")
    #expect(played.map(\.1) == [[0, 0], [1, 1], [1, 1]])
    #expect(played[0].2[0] > 0 && played[0].2[0] <= played[0].2[1] * (1 + 1e-12))
    #expect(usable.allSatisfy { $0 < 2 } && devices.allSatisfy { (-1..<4).contains($0) })
  }
}
