#ifndef COLLECTOR_DESCRIPTORS_H
#define COLLECTOR_DESCRIPTORS_H

#include <stddef.h>

/*
 * File descriptors, of which each connection needs one; some are for files,
 * and for what libcurl opens while it connects.
 */
enum { DESCRIPTORS_BESIDE = 64 };

/*
 * Have as many as the system allows us. Returns how many connections there is
 * room for.
 */
size_t descriptors_raise(void);

#endif
