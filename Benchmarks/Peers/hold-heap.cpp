// The hold model on a bare 4-ary heap of 16-byte keys: no simulator, no handler. The practical limit for a heap.
// As ours: a replace-top instead of pop and push, groups of four children that share an aligned cache line, huge pages.
#include "hold-model.hpp"
#include <sys/mman.h>

using Key = unsigned __int128;

class Heap {
  Key *nodes; // The root is node 3, so that the children of a node, 4 (i - 2) ... 4 (i - 2) + 3, fill one line.
  size_t end = 3;

public:
  explicit Heap(size_t count) {
    size_t bytes = ((count + 3) * sizeof(Key) + 63) / 64 * 64;
    size_t page = 2 << 20;
    if (bytes >= page) bytes = (bytes + page - 1) / page * page;
    nodes = static_cast<Key *>(std::aligned_alloc(bytes >= page ? page : 64, bytes));
    if (!nodes) std::abort();
    if (bytes >= page) madvise(nodes, bytes, MADV_HUGEPAGE);
  }
  ~Heap() { std::free(nodes); }

  Key top() const { return nodes[3]; }

  void push(Key key) {
    size_t i = end++;
    while (i > 3) {
      size_t parent = i / 4 + 2;
      if (nodes[parent] <= key) break;
      nodes[i] = nodes[parent];
      i = parent;
    }
    nodes[i] = key;
  }

  void replaceTop(Key key) {
    size_t i = 3;
    for (;;) {
      size_t first = 4 * (i - 2);
      if (first >= end) break;
      size_t least = first;
      if (first + 4 <= end) {
        size_t left = first + (nodes[first + 1] < nodes[first]);
        size_t right = first + 2 + (nodes[first + 3] < nodes[first + 2]);
        least = nodes[right] < nodes[left] ? right : left;
      } else {
        for (size_t child = first + 1; child < end; ++child)
          if (nodes[child] < nodes[least]) least = child;
      }
      if (key <= nodes[least]) break;
      nodes[i] = nodes[least];
      i = least;
    }
    nodes[i] = key;
  }
};

static Key makeKey(uint64_t time, uint64_t entity) { return Key(time) << 64 | 1ull << 56 | entity << 24; }

int main(int argc, char **argv) {
  HoldModel model(argc, argv, 1);
  auto increments = makeIncrements();
  Heap heap(model.pending);
  for (uint64_t i = 0; i < model.pending; ++i) heap.push(makeKey(increments[i & mask] + i, i));
  uint64_t cursor = model.pending, now = 0;
  auto hold = [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      Key key = heap.top();
      now = uint64_t(key >> 64);
      heap.replaceTop(makeKey(now + increments[cursor++ & mask], uint64_t(key) >> 24 & 0xffffffff));
    }
  };
  hold(model.warmUp);
  Stopwatch stopwatch;
  hold(model.events);
  model.print(stopwatch.seconds(), 16, now);
}
