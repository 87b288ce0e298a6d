#ifndef LIB_QUANTITY_H
#define LIB_QUANTITY_H

#include <stdint.h>

/*
 * Numbers as people type them in options. Each returns 0 with *v set, or -1
 * and *v untouched when s is not wholly such a number or lies outside
 * min…max.
 */

/* A whole number in decimal. */
int quantity_number(const char *s, int64_t min, int64_t max, int64_t *v);

/* A time in milliseconds: 200ms, 10s or 10, 5m, 1h. */
int quantity_duration(const char *s, int64_t min, int64_t max, int64_t *v);

/* A size in bytes: 65536, 64K, 64M, 2G, with or without iB (or B) after. */
int quantity_size(const char *s, int64_t min, int64_t max, int64_t *v);

#endif
