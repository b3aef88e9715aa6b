#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdint.h>

/// Whether allocations are counted: not in a sanitizer's build, whose own allocator stands in that place, and not without
/// glibc.
int CAllocationCount_is_counting(void);

/// How often this thread was given memory so far: calls of malloc, calloc, realloc, reallocarray, posix_memalign,
/// aligned_alloc, memalign, valloc and pvalloc that succeeded.
uint64_t CAllocationCount_of_this_thread(void);

/// Takes memory once in each of nine ways, and gives it back: nine allocations.
void CAllocationCount_take_nine(void);

#endif
