/* Plays rounds of four worlds from C, the devices with the best gains first, and says how far from the optimum that is:

       swift build -c release --product airsplit-library
       cc -ISources/CAirSplit/include Examples/C/rounds.c -L.build/release -lairsplit-library -Wl,-rpath,$PWD/.build/release -o rounds
       ./rounds scenarios/quickstart.yaml */
#include <airsplit.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORLDS = 4, DEVICES = 50, BLOCKS = 10, ROUNDS = 5 };

static char message[4096];

static void check(int32_t status) {
  if (status == 0) return;
  fprintf(stderr, "%s\n", message);
  exit(status);
}

int main(int count, char **arguments) {
  char options[1024];
  snprintf(options, sizeof options,
    "{\"scenario\": \"%s\", \"worlds\": %d, \"overrides\": [\"devices.count=%d\", \"uplink.blocks=%d\", \"rounds=%d\"], "
    "\"figures\": [\"objective\", \"objective_optimum\"]}",
    count > 1 ? arguments[1] : "scenarios/quickstart.yaml", WORLDS, DEVICES, BLOCKS, ROUNDS);
  int64_t worlds;
  check(airsplit_open(options, &worlds, message, sizeof message));

  static float gains[WORLDS][DEVICES][BLOCKS];
  static double scores[WORLDS][DEVICES], figures[WORLDS][2];
  airsplit_observation observation = {.gains_db = &gains[0][0][0]};
  airsplit_action action = {.kind = AIRSPLIT_SCORES, .scores = &scores[0][0]};
  airsplit_outcome outcome = {.figures = &figures[0][0]};

  check(airsplit_reset(worlds, NULL, NULL, &observation, message, sizeof message));
  for (int round = 1; round <= ROUNDS; round++) {
    for (int world = 0; world < WORLDS; world++)
      for (int device = 0; device < DEVICES; device++) {
        float best = gains[world][device][0];
        for (int block = 1; block < BLOCKS; block++)
          if (gains[world][device][block] > best) best = gains[world][device][block];
        /* From 200 dB of loss up, a score of at least 0. */
        scores[world][device] = best + 200;
      }
    check(airsplit_step(worlds, &action, &outcome, &observation, message, sizeof message));
    for (int world = 0; world < WORLDS; world++)
      printf("%d %d %.17g %.17g\n", round, world, figures[world][0], figures[world][1]);
  }
  check(airsplit_close(worlds, message, sizeof message));
  return 0;
}
