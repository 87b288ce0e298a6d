#ifndef COLLECTOR_RANDOM_H
#define COLLECTOR_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Numbers nobody can guess: WebSocket keys and masks (RFC 6455, section
 * 10.3), jitter, and the digits of anonymous nicks.
 */
void random_bytes(void *p, size_t n);

/* A number from 0 to below, without below; below is at least 1. */
uint32_t random_below(uint32_t below);

#endif
