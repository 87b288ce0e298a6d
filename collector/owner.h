#ifndef COLLECTOR_OWNER_H
#define COLLECTOR_OWNER_H

#include <stddef.h>

/* The struct that this pointer's object is the member of. */
#define OWNER(p, type, member) \
	((type *)(void *)((char *)(p) - offsetof(type, member)))

#endif
