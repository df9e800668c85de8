import JSON
import Testing

@Suite("Places in a JSON text")
struct JSONPlacesTests {
  private func places(_ paths: Set<String>, keys: Set<String> = [], in text: String) -> [String: String] {
    Array(text.utf8).withUnsafeBytes { bytes in
      JSONPlaces.places(of: paths, keys: keys, in: bytes).mapValues { "\($0.line):\($0.column)" }
    }
  }

  private let text = """
    {"a": 1, "text, ]}\\" {": [[1, 2],
     [3, {"b": "]"}]],
      "c.d": {"e": null},
      "": {"": -5}, "ä": true}
    """

  @Test("a value is found by keys and indices, whatever stands between")
  func values() {
    let paths: Set = ["a", "text, ]}\" {[1][0]", "text, ]}\" {[1][1].b", "c.d.e", "ä"]
    #expect(
      places(paths, in: text) == [
        "a": "1:7", "text, ]}\" {[1][0]": "2:3", "text, ]}\" {[1][1].b": "2:12", "c.d.e": "3:16", "ä": "4:23",
      ])
  }

  @Test("a key is found where it is the key that is wrong; what is not there is found in what there is")
  func keys() {
    #expect(places(["c.d"], keys: ["c.d"], in: text) == ["c.d": "3:3"])
    #expect(
      places(["c.d.e.f", "text, ]}\" {[7]", "x"], in: text) == [
        "c.d.e.f": "3:16", "text, ]}\" {[7]": "1:26", "x": "1:1",
      ])
    #expect(places(["a"], in: "{}") == ["a": "1:1"])
    #expect(places(["a[0]"], in: "{\"a\": []}") == ["a[0]": "1:7"])
  }
}
