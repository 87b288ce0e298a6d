#ifndef COLLECTOR_MEMORY_H
#define COLLECTOR_MEMORY_H

#include <stddef.h>

/*
 * Memory that is always there: when the system has none the program says so
 * and exits 1. The caller frees.
 */

/* n zeroed objects of this size. */
void *memory_new(size_t n, size_t size);

/* p, or NULL, moved to where n objects of this size have room. */
void *memory_grow(void *p, size_t n, size_t size);

#endif
