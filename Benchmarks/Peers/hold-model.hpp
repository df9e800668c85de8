// The increments of the hold model and its parameters, as in Sources/airsplit-bench/HoldModel.swift.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

constexpr uint64_t mask = 8191;

inline std::vector<uint64_t> makeIncrements() {
  std::vector<uint64_t> table(mask + 1);
  for (uint64_t i = 0; i <= mask; ++i)
    table[i] = uint64_t(std::round(-std::log(1 - (double(i) + 0.5) / double(mask + 1)) * 1e9));
  uint64_t state = 88172645463325252ull;
  for (uint64_t last = mask; last > 0; --last) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    std::swap(table[last], table[state % (last + 1)]);
  }
  return table;
}

struct HoldModel {
  uint64_t pending, events, warmUp;

  HoldModel(int argc, char **argv, int first) {
    pending = argc > first ? std::strtoull(argv[first], nullptr, 10) : 1000;
    events = argc > first + 1 ? std::strtoull(argv[first + 1], nullptr, 10) : 1000000;
    if (pending == 0 || events == 0) {
      std::fprintf(stderr, "give the number of pending events and the number of events to measure\n");
      std::exit(2);
    }
    warmUp = std::min(pending, events);
  }

  void print(double seconds, double bytesPerEvent, uint64_t end) const {
    std::printf("{\"pending\": %llu, \"events_per_s\": %.1f, \"bytes_per_event\": %.2f, \"end_ns\": %llu}\n",
                (unsigned long long)pending, double(events) / seconds, bytesPerEvent, (unsigned long long)end);
  }
};

// Processor time: what else the machine does counts less.
class Stopwatch {
  std::clock_t start = std::clock();

public:
  double seconds() const { return double(std::clock() - start) / CLOCKS_PER_SEC; }
};
