#include "descriptors.h"

#include <stdint.h>
#include <sys/resource.h>

size_t
descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return SIZE_MAX;
	if (limit.rlim_cur != limit.rlim_max) {
		rlim_t before = limit.rlim_cur;

		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
			limit.rlim_cur = before;
	}
	if (limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	return limit.rlim_cur > DESCRIPTORS_BESIDE ?
	    (size_t)limit.rlim_cur - DESCRIPTORS_BESIDE :
	    0;
}
