#include "repair.h"

#include "scan.h"
#include "utf8.h"

/* Is this escape of six bytes a NUL or half a character? */
static bool
is_bad(const char *escape)
{
	return memcmp(escape, "\\u0000", 6) == 0 ||
	    ((escape[2] | 32) == 'd' && escape[3] != '\0' &&
		strchr("89abcdefABCDEF", escape[3]) != NULL);
}

/* The first escape to be replaced; end when there is none. */
static char *
find_bad(char *p, const char *end)
{
	while ((p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		size_t n = scan_escape(p, end);

		if (n == 6 && is_bad(p))
			return p;
		p += n > 0 ? n : 1;
	}
	return NULL;
}

struct slice
repair(struct slice record, char *buf)
{
	char *end, *p;

	if (utf8_is_valid(record) &&
	    memmem(record.p, record.len, "\\u", 2) == NULL)
		return record;
	end = utf8_repair(buf, record);
	for (p = buf; (p = find_bad(p, end)) != NULL; p += 6)
		memcpy(p, "\\ufffd", 6);
	return (struct slice){buf, (size_t)(end - buf)};
}
