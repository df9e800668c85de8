extension BadScenario {
  /// Text that is no YAML, and what of YAML a scenario may not use.
  static let syntax: [BadScenario] = [
    BadScenario(
      "alias",
      """
      schema: 1
      name: bad
      devices: {count: 3}
      server: *a
      uplink: {}
      model: {}
      """,
      """
      alias.yaml:4:9: error: anchors and aliases ('*') are not allowed; write the value out
      """),
    BadScenario(
      "alias-bomb",
      """
      a: &a [x, x]
      b: &b [*a, *a]
      ? *b
      : 1
      """,
      """
      alias-bomb.yaml:1:4: error: anchors and aliases ('&') are not allowed; write the value out
      """),
    BadScenario(
      "anchor",
      """
      schema: 1
      name: bad
      devices: &a {count: 3}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      anchor.yaml:3:10: error: anchors and aliases ('&') are not allowed; write the value out
      """),
    BadScenario(
      "comment-only",
      """
      # nothing here
      """,
      """
      comment-only.yaml:1:1: error: the file is empty; a scenario needs schema, name, devices, server, uplink and model
      """),
    BadScenario(
      inFile: "control-character",
      """
      control-character.yaml:7:12: error: the control character U+0 is not text
      """),
    BadScenario(
      "deep",
      """
      \(defaults)
      deadline: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
      """,
      """
      deep.yaml:7:43: error: more than 32 lists and mappings inside each other
      """),
    BadScenario(
      "empty",
      "",
      """
      empty.yaml:1:1: error: the file is empty; a scenario needs schema, name, devices, server, uplink and model
      """),
    BadScenario(
      "escape-character",
      """
      \(defaults)
      "dead\\eline": 5 s
      """,
      """
      escape-character.yaml:7:1: error: dead\\u{1b}line: there is no such key; the keys here are schema, name, seed, \
      rounds, framework, policy, deadline, channel_estimate, deadline_margin, optimum, forecast, objective, devices, server, uplink, mobility, downlink, \
      quantizer, model, training, aggregation, band, policies, sweep, provenance; did you mean 'deadline'?
      """),
    BadScenario(
      "indented-far",
      """
      schema: 1
      name: bad
      devices: 
                                                                                                                       \
                                                                                                                       \
                                                                                count: 3

      server: {}
      uplink: {}
      model: {}
      """,
      """
      indented-far.yaml:4:301: error: indented by more than 200
      """),
    BadScenario(
      "key-is-list",
      """
      \(defaults)
      [a, b]: 3
      """,
      """
      key-is-list.yaml:7:1: error: a list or mapping cannot be a key; a key is a word
      """),
    BadScenario(
      "list-at-root",
      """
      - schema: 1
      """,
      """
      list-at-root.yaml:1:1: error: a list of 1 is no scenario; a scenario is a mapping, 'key: value' lines
      """),
    BadScenario(
      "long-key",
      """
      \(defaults)
      \(String(repeating: "k", count: 5000)): 1
      """,
      """
      long-key.yaml:7:5001: error: the YAML does not parse: could not find expected ':' while scanning a simple key \
      that begins in line 7
      """),
    BadScenario(
      "merge-key",
      """
      schema: 1
      name: bad
      devices: {<<: {count: 3}}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      merge-key.yaml:3:11: error: devices.<<: there is no such key; the keys here are file, groups, name, count, \
      distance, clock, cores, flops_per_cycle, kappa, power_min, power_max, samples, circuit_power, amplifier_efficiency, \
      receive_power, memory, lora_rank, availability, battery, radio_energy, jitter
      """),
    BadScenario(
      inFile: "not-utf8",
      """
      not-utf8.yaml:7:3: error: the file is not UTF-8 text here
      """),
    BadScenario(
      "question-key",
      """
      \(defaults)
      ? seed
      : 3
      """,
      """
      question-key.yaml:7:1: error: '?' keys are not allowed; write 'key: value'
      """),
    BadScenario(
      "quote-open",
      """
      \(defaults)
      deadline: "5 s
      """,
      """
      quote-open.yaml:7:11: error: a quoted text must end on its line
      """),
    BadScenario(
      "syntax",
      """
      \(defaults)
      deadline: [5 s
      """,
      """
      syntax.yaml:8:1: error: the YAML does not parse: did not find expected ',' or ']' while parsing a flow sequence \
      that begins in line 7
      """),
    BadScenario(
      "tab",
      """
      schema: 1
      name: bad
      devices: 
      \tcount: 3

      server: {}
      uplink: {}
      model: {}
      """,
      """
      tab.yaml:4:1: error: a tab indents this line; indent with spaces
      """),
    BadScenario(
      "tag",
      """
      \(defaults)
      seed: !!int 3
      """,
      """
      tag.yaml:7:7: error: tags ('!') are not allowed; write the plain value
      """),
    BadScenario(
      "text-block",
      """
      schema: 1
      name: |
        bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      text-block.yaml:2:7: error: blocks of text ('|') are not allowed
      """),
    BadScenario(
      "two-documents",
      """
      \(defaults)
      ---
      schema: 1
      name: bad
      devices: {}
      server: {}
      uplink: {}
      model: {}
      """,
      """
      two-documents.yaml:7:1: error: a second document begins here; a scenario is one document
      """),
    BadScenario(
      inFile: "utf16",
      """
      utf16.yaml:1:1: error: the file is not UTF-8 text here
      """),
    BadScenario(
      "word-at-root",
      """
      paper
      """,
      """
      word-at-root.yaml:1:1: error: 'paper' is no scenario; a scenario is a mapping, 'key: value' lines
      """),
  ]
}
