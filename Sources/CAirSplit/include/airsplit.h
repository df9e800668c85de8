/* AirSplit from C, and from all that can call C: worlds of a scenario that are played round by round, each round by an action
   of the caller.

       int64_t cell;
       char message[4096];
       if (airsplit_open("{\"scenario\": \"scenarios/quickstart.yaml\", \"worlds\": 4}", &cell, message, sizeof message)) …
       airsplit_reset(cell, NULL, NULL, &observation, message, sizeof message);
       airsplit_step(cell, &action, &outcome, &observation, message, sizeof message);
       airsplit_close(cell, message, sizeof message);

   Every function returns 0, or one of AIRSPLIT_FAILED, AIRSPLIT_BAD_INPUT with a sentence in `message`, which it ends with a
   NUL and cuts at `size` bytes. Nothing traps: a handle that is not open, or that another thread is using, is an error, and so
   is the use of the library in a child of a process that has used it, but for exec.

   Arrays belong to the caller, are dense, the world first, and must be as large as airsplit_describe says: W worlds, N devices,
   K blocks, C columns, F figures. A pointer that is NULL is not written, or says nothing. */
#ifndef AIRSPLIT_H
#define AIRSPLIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  /* What was asked for could not be done: a policy's answer that broke a constraint, a file that cannot be written. */
  AIRSPLIT_FAILED = 1,
  /* What was asked for makes no sense: a mistake in a scenario, a handle that is not open. */
  AIRSPLIT_BAD_INPUT = 2
};

/* What can be seen before a round. */
typedef struct {
  /* [W][N][K], 10 log10 h; where there is no link, the option "no_link_db". */
  float *gains_db;
  /* [W][N][K], h as the policy is told it; 0 is no link. */
  double *gains;
  /* [W][N][K], 1 where the pair can meet the deadline with some power and bits. */
  uint8_t *usable;
  /* [W][N], the most bits with which the device can meet the deadline on its best block, 0 where none will do. */
  int32_t *bits_most;
  /* [W][N][C], what each device has; NaN where it has no such thing. */
  double *devices;
  /* [W][N], rounds since the device last completed one; since the beginning where it never did. */
  int32_t *idle_rounds;
  /* [W], the round that comes, from 1. */
  int32_t *round;
  /* [W], simulated seconds so far. */
  double *time_s;
} airsplit_observation;

/* What an action decides. */
enum {
  /* Per block who is on it: `devices`, and if given `bits`, `power_w`, `clock_scale`. */
  AIRSPLIT_BLOCKS = 0,
  /* A score per device: the highest are admitted as long as all fit in. */
  AIRSPLIT_SCORES = 1,
  /* Bits per device: a matching finds who has which block. */
  AIRSPLIT_BITS = 2
};

typedef struct {
  int32_t kind;
  /* BLOCKS: [W][K], the device on each block, -1 for none. */
  const int32_t *devices;
  /* BLOCKS: [W][K], 0 where the best is to be found. BITS: [W][N], 0 for no part. */
  const int32_t *bits;
  /* BLOCKS: [W][K], NaN where the best is to be found. */
  const double *power_w;
  /* BLOCKS: [W][K], the share of the device's clock; NaN where the best is to be found. */
  const double *clock_scale;
  /* SCORES: [W][N]; below 0 for no part. */
  const double *scores;
} airsplit_action;

/* What a round came to. */
typedef struct {
  /* [W][F]; NaN where the round has no such figure. */
  double *figures;
  /* [W], 1 where the scenario's target accuracy is reached. */
  uint8_t *terminated;
  /* [W], 1 where the scenario's rounds are over. */
  uint8_t *truncated;
  /* [W][K], who was on each block, -1 for none; with how many bits and which power, 0 for none. */
  int32_t *devices;
  int32_t *bits;
  double *power_w;
  /* [W][N], what each device adds to U, and its energy; 0 where it took no part. */
  double *values;
  double *energy_j;
} airsplit_outcome;

/* The version of this interface; structures grow only with it. */
int32_t airsplit_interface(void);
/* AirSplit's version. */
const char *airsplit_version(void);

/* Opens worlds; `options` is JSON, "scenario" or "text" is needed:
     "scenario"      path of a scenario file
     "text", "file"  a scenario, and the file that it is read as if it stood in (".")
     "overrides"     ["deadline=4 s", …], as --set has them
     "worlds"        how many (1); "first": their first repetition (0)
     "threads"       how many to play them with (1); no result depends on it
     "events"        whether a round's events are simulated (true), or its figures had in closed form where that is known
     "optimum"       whether each round comes with U* (true)
     "decides"       "caller", by actions, or "scenario": its policy, and the action is NULL ("caller")
     "on_violation"  "error", "skip" or "penalty" ("error")
     "no_link_db"    what gains_db has where there is no link (-infinity, if left out)
     "figures"       names of the figures; all of them if left out
     "out", "traces" a folder for one run as `airsplit run` writes it, and ["rounds", "devices", "events", …]: of one world, which can
                     be reset only once then; the folder is finished with its last round
     "force"         whether a finished run in that folder is overwritten (false)
     "policy_name"   what the run's manifest calls the policy ("outside") */
int32_t airsplit_open(const char *options, int64_t *handle, char *message, size_t size);
/* What was opened, as JSON: name, worlds, devices, blocks, bits, rounds, device_columns, figures, framework, policy, warnings.
   `needed` is its length with the NUL; a text that does not fit is cut. */
int32_t airsplit_describe(int64_t handle, char *text, size_t text_size, size_t *needed, char *message, size_t size);
/* Begins the worlds of which `which` is not 0, or all, as repetition `seeds[w]` of the scenario's seed, or as the
   repetitions that follow the last that were begun. Repetitions go to 2^24 - 1; what is above is added to the seed. */
int32_t airsplit_reset(
  int64_t handle, const uint8_t *which, const uint64_t *seeds, const airsplit_observation *observation, char *message,
  size_t size);
/* Plays the next round of all worlds, each by its action. A world whose rounds are over must be reset first. Where one world
   fails, the others have played; an action that makes no sense changes nothing in its own. */
int32_t airsplit_step(
  int64_t handle, const airsplit_action *action, const airsplit_outcome *outcome,
  const airsplit_observation *observation, char *message, size_t size);
/* The mean of draws, and half the width of its 95 % interval by Student's t: NaN for fewer than two draws, and where no draw
   differs from another, which is no evidence. */
int32_t airsplit_estimate(
  const double *values, size_t count, double *mean, double *half_width, char *message, size_t size);
/* Closes it. */
int32_t airsplit_close(int64_t handle, char *message, size_t size);

#ifdef __cplusplus
}
#endif

#endif
