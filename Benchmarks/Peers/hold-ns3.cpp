// The hold model in ns-3: Simulator::Schedule of a callback with an argument, the usual way of an ns-3 model.
// The first argument is the scheduler: PriorityQueueScheduler (ns-3's fastest here) or MapScheduler (its default).
#include "hold-model.hpp"
#include <ns3/core-module.h>
#include <string>
#include <unistd.h>

using namespace ns3;

static const std::vector<uint64_t> increments = makeIncrements();
static uint64_t cursor = 0, remaining = 0;

static void Hold(uint32_t entity) {
  Simulator::Schedule(NanoSeconds(increments[cursor++ & mask]), &Hold, entity);
  if (--remaining == 0) Simulator::Stop();
}

static double residentBytes() {
  long pages = 0, resident = 0;
  if (FILE *file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return double(resident) * double(sysconf(_SC_PAGESIZE));
}

int main(int argc, char **argv) {
  std::string scheduler = argc > 1 ? argv[1] : "PriorityQueueScheduler";
  HoldModel model(argc, argv, 2);
  Simulator::SetScheduler(ObjectFactory("ns3::" + scheduler));
  double before = residentBytes();
  for (uint64_t i = 0; i < model.pending; ++i)
    Simulator::Schedule(NanoSeconds(increments[i & mask] + i), &Hold, uint32_t(i));
  double bytes = (residentBytes() - before) / double(model.pending);
  cursor = model.pending;
  remaining = model.warmUp;
  Simulator::Run();
  remaining = model.events;
  Stopwatch stopwatch;
  Simulator::Run();
  model.print(stopwatch.seconds(), bytes, uint64_t(Simulator::Now().GetNanoSeconds()));
  Simulator::Destroy();
}
