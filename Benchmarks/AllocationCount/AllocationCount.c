// Counts allocations by standing before glibc's allocator: a program's own malloc is found before the library's, and glibc
// gives its own under a second name, so nothing is looked up and nothing is allocated in between. free needs no copy: what is
// handed out here is glibc's.
#define _GNU_SOURCE
#include "CAllocationCount.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_ALLOCATOR_OF_ITS_OWN 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_ALLOCATOR_OF_ITS_OWN)

#include <malloc.h>
#include <stdint.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static __thread uint64_t allocations __attribute__((tls_model("initial-exec")));

static inline void *counted(void *memory) {
    allocations += memory != NULL;
    return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }

void *realloc(void *memory, size_t size) { return counted(__libc_realloc(memory, size)); }

void *reallocarray(void *memory, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return counted(__libc_realloc(memory, bytes));
}

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void *valloc(size_t size) { return counted(__libc_memalign(4096, size)); }

void *pvalloc(size_t size) { return counted(__libc_memalign(4096, (size + 4095) & ~(size_t)4095)); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) {
        return EINVAL;
    }
    void *taken = counted(__libc_memalign(alignment, size));
    if (taken == NULL) {
        return ENOMEM;
    }
    *memory = taken;
    return 0;
}

int CAllocationCount_is_counting(void) { return 1; }

uint64_t CAllocationCount_of_this_thread(void) { return allocations; }

#else

#include <malloc.h>

int CAllocationCount_is_counting(void) { return 0; }

uint64_t CAllocationCount_of_this_thread(void) { return 0; }

#endif

// Kept from the compiler, which knows what malloc is and would take away what is not used.
static void use(void *memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
    free(memory);
}

void CAllocationCount_take_nine(void) {
    void *memory = NULL;
    use(malloc(24));
    use(calloc(3, 8));
    use(realloc(NULL, 40));
    use(reallocarray(NULL, 5, 8));
    use(memalign(64, 64));
    use(aligned_alloc(64, 128));
    use(valloc(16));
    use(pvalloc(16));
    if (posix_memalign(&memory, 32, 96) == 0) {
        use(memory);
    }
}
