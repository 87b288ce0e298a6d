#include "draw.h"

#include <string.h>

void
draw_uuid(struct draw *d, char uuid[UUID_LEN + 1])
{
	static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
	static const char hex[] = "0123456789abcdef";
	uint64_t bits = 0;

	for (int i = 0; i < UUID_LEN; i++) {
		uuid[i] = form[i];
		if (i == 0 || i == 18)
			bits = draw_bits(d);
		if (form[i] == 'x')
			uuid[i] = hex[bits & 15];
		else if (form[i] == 'v')
			uuid[i] = hex[8 | (bits & 3)];
		else
			continue;
		bits >>= 4;
	}
	uuid[UUID_LEN] = '\0';
}
