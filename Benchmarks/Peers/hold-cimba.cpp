// The hold model in Cimba: events without processes, which are coroutines there, so that each costs a call and no switch of
// stacks. Times are doubles, in which whole nanoseconds are exact up to 2^53. The library is that of the wheel on PyPI.
#include "hold-model.hpp"

// include/cmb_event.h of https://github.com/ambonvik/cimba, which the wheel leaves out.
extern "C" {
double cmb_time(void);
void cmb_event_queue_initialize(double start);
uint64_t cmb_event_schedule(void (*action)(void *, void *), void *subject, void *object, double time, int64_t priority);
bool cmb_event_execute_next(void);
}

static const std::vector<uint64_t> increments = makeIncrements();
static uint64_t cursor = 0;

static void hold(void *entity, void *) {
  cmb_event_schedule(hold, entity, nullptr, cmb_time() + double(increments[cursor++ & mask]), 0);
}

int main(int argc, char **argv) {
  HoldModel model(argc, argv, 1);
  cmb_event_queue_initialize(0);
  for (uint64_t i = 0; i < model.pending; ++i)
    cmb_event_schedule(hold, reinterpret_cast<void *>(i + 1), nullptr, double(increments[i & mask] + i), 0);
  cursor = model.pending;
  for (uint64_t i = 0; i < model.warmUp; ++i) cmb_event_execute_next();
  Stopwatch stopwatch;
  for (uint64_t i = 0; i < model.events; ++i) cmb_event_execute_next();
  model.print(stopwatch.seconds(), 0, uint64_t(cmb_time()));
}
