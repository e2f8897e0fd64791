// Memory for the CNI plugin, which is linked with musl and lives for a millisecond: a process so short gives its memory
// back by ending. musl's own allocator makes a mapping for each of the first allocations of a size, which costs more
// than the plugin's work. Programs with glibc keep glibc's.
#include <features.h>
#ifndef __GLIBC__

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define UNIT 16
#define REFILL (1 << 20)

// Pages that are never written to cost nothing.
static _Alignas(UNIT) unsigned char first[64 << 10];
static unsigned char *next = first, *end = first + sizeof first;

static void *take(size_t alignment, size_t size) {
    if (size > PTRDIFF_MAX - 2 * REFILL || alignment > REFILL) return errno = ENOMEM, NULL;
    // The size is kept before the block, for realloc.
    uintptr_t start = ((uintptr_t)next + UNIT + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (start > (uintptr_t)end || (uintptr_t)end - start < size) {
        size_t room = size + alignment + UNIT > REFILL ? size + alignment + UNIT : REFILL;
        void *more = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) return errno = ENOMEM, NULL;
        next = more;
        end = next + room;
        start = ((uintptr_t)next + UNIT + alignment - 1) & ~(uintptr_t)(alignment - 1);
    }
    next = (unsigned char *)start + size;
    ((size_t *)start)[-1] = size;
    return (void *)start;
}

void *malloc(size_t size) { return take(UNIT, size); }

void free(void *block) { (void)block; }

void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return errno = ENOMEM, NULL;
    // Neither the arena nor a mapping has been used before.
    return take(UNIT, bytes);
}

void *realloc(void *block, size_t size) {
    void *moved = take(UNIT, size);
    if (block && moved) {
        size_t old = ((size_t *)block)[-1];
        memcpy(moved, block, old < size ? old : size);
    }
    return moved;
}

void *aligned_alloc(size_t alignment, size_t size) { return take(alignment < UNIT ? UNIT : alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    *block = aligned_alloc(alignment, size);
    return *block ? 0 : ENOMEM;
}

size_t malloc_usable_size(void *block) { return block ? ((size_t *)block)[-1] : 0; }

#endif
