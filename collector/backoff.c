#include "backoff.h"

int64_t
backoff_delay(unsigned failures, int64_t first, int64_t most)
{
	while (failures-- > 1 && first < most)
		first *= 2;
	return first < most ? first : most;
}
