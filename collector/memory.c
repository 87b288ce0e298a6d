#include "memory.h"

#include <stdlib.h>

#include "log.h"
#include "status.h"

void *
memory_new(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		die(STATUS_FAILED, "out of memory");
	return p;
}

void *
memory_grow(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (p == NULL)
		die(STATUS_FAILED, "out of memory");
	return p;
}
