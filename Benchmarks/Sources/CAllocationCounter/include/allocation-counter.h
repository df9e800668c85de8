/* Bytes that the whole process asks malloc and its kin for: the program's own malloc stands before the C library's. */
#ifndef AIRSPLIT_ALLOCATION_COUNTER_H
#define AIRSPLIT_ALLOCATION_COUNTER_H

#include <stdint.h>

/* Begins to count from zero. */
void allocation_counter_start(void);

/* Ends counting and returns the bytes; -1 where the C library is not GNU's. */
int64_t allocation_counter_stop(void);

/* How often memory was asked for until then. */
int64_t allocation_counter_calls(void);

#endif
