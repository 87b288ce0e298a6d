#include "random.h"

#include <openssl/rand.h>

#include "log.h"
#include "status.h"

void
random_bytes(void *p, size_t n)
{
	if (RAND_bytes(p, (int)n) != 1)
		die(STATUS_FAILED, "the system gives no random numbers");
}

uint32_t
random_below(uint32_t below)
{
	uint64_t r;

	/* Of 64 bits the remainder's bias is too small to see. */
	random_bytes(&r, sizeof(r));
	return (uint32_t)(r % below);
}
