extension BadScenario {
  /// Policies, objectives, deadlines and frameworks.
  static let policies: [BadScenario] = [
    BadScenario(
      "deadline-list",
      """
      \(defaults)
      deadline: [5 s]
      """,
      """
      deadline-list.yaml:7:11: error: deadline: a list of 1 is not a number
      """),
    BadScenario(
      "deadline-shape",
      """
      \(defaults)
      deadline: {value: 300, per: rounds}
      """,
      """
      deadline-shape.yaml:7:19: error: deadline.value: '300' has no unit; use s, ms, us, ns, min, h
      deadline-shape.yaml:7:29: error: deadline.per: 'rounds' is not one of step, round; did you mean 'round'?
      """),
    BadScenario(
      "external-command",
      """
      schema: 1
      name: external-command
      devices: {}
      server: {}
      uplink: {}
      model: {}
      policy: {external: {comand: [python3, p.py], timeout: 0 s}}
      """,
      """
      external-command.yaml:7:20: error: policies.external.command: this key is required; write 'command: [python3, \
      program.py]'
      external-command.yaml:7:21: error: policies.external.comand: there is no such key; the keys here are command, \
      timeout, directory, on_violation; did you mean 'command'?
      external-command.yaml:7:55: error: policies.external.timeout: '0 s' is out of range; it may be from 0.001 s to \
      1000000 s
      """),
    BadScenario(
      "external-none",
      """
      schema: 1
      name: external-none
      devices: {}
      server: {}
      uplink: {}
      model: {}
      policy: external
      """,
      """
      external-none.yaml:7:9: error: policy: there is no program; write 'policy: {external: {command: [python3, \
      policy.py]}}'
      """),
    BadScenario(
      "external-words",
      """
      schema: 1
      name: external-words
      devices: {}
      server: {}
      uplink: {}
      model: {}
      policy: external
      policies: {external: {command: python3 p.py}}
      """,
      """
      external-words.yaml:8:32: error: policies.external.command: 'python3 p.py' is not a list of words; write \
      'command: [python3, program.py]'
      """),
    BadScenario(
      "framework-unknown",
      """
      \(defaults)
      framework: sfml
      """,
      """
      framework-unknown.yaml:7:12: error: framework: 'sfml' is not one of sflam, sfl, sfl-v2, sl, fl, ll, cl; did you \
      mean 'sfl'?
      """),
    BadScenario(
      "objective-kind",
      """
      \(defaults)
      objective: {kind: sum}
      """,
      """
      objective-kind.yaml:7:19: error: objective.kind: 'sum' is not one of ratio, difference
      """),
    BadScenario(
      "objective-weight",
      """
      \(defaults)
      objective: {kind: ratio, weight: 2 J}
      """,
      """
      objective-weight.yaml:7:34: error: objective.weight: only 'kind: difference' has a weight
      """),
    BadScenario(
      "payload-unknown",
      """
      \(defaults)
      quantizer: {payload: exakt}
      """,
      """
      payload-unknown.yaml:7:22: error: quantizer.payload: 'exakt' is not one of approximate, exact; did you mean \
      'exact'?
      """),
    BadScenario(
      "policies-unknown",
      """
      \(defaults)
      policies: {exakt: {}}
      """,
      """
      policies-unknown.yaml:7:12: error: policies.exakt: there is no such key; the keys here are exact, bcd, \
      bcd-value, ep, nq, rb, bcd-ep, bcd-nq, bcd-rb, fixed-bits, restricted, fixed-cut, own-cut, least-latency, least-energy, round-robin, proportional-fair, max-rate, \
      fedcs, virtual-queue, fixed, external; did you mean 'exact'?
      """),
    BadScenario(
      "policy-optimal",
      """
      \(defaults)
      policy: {name: restricted, power: optimum, bits: 33}
      """,
      """
      policy-optimal.yaml:7:35: error: policy.power: 'optimum' is not 'optimal' or a power above 0 with its unit, such \
      as '0.5 W'; did you mean 'optimal'?
      policy-optimal.yaml:7:50: error: policy.bits: '33' is out of range; it may be from 4 to 32
      """),
    BadScenario(
      "policy-setting-unknown",
      """
      \(defaults)
      policy: {name: exact, tolerance: 1e-6}
      """,
      """
      policy-setting-unknown.yaml:7:23: error: policy.tolerance: there is no such key; the keys here are name
      """),
    BadScenario(
      "policy-unknown",
      """
      \(defaults)
      policy: exakt
      """,
      """
      policy-unknown.yaml:7:9: error: policy: 'exakt' is not one of exact, bcd, bcd-value, ep, nq, rb, bcd-ep, bcd-nq, \
      bcd-rb, fixed-bits, restricted, fixed-cut, own-cut, least-latency, least-energy, round-robin, proportional-fair, max-rate, fedcs, virtual-queue, fixed, external; \
      did you mean 'exact'?
      """),
    BadScenario(
      "policy-without-name",
      """
      \(defaults)
      policy: {tolerance: 1e-6}
      """,
      """
      policy-without-name.yaml:7:9: error: policy: 'name' is required with settings; write '{name: bcd, tolerance: \
      1e-6}'
      """),
  ]
}
