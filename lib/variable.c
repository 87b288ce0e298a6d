#include "variable.h"

#include <stddef.h>
#include <stdlib.h>

const char *
variable(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : NULL;
}

const char *
variable_or(const char *name, const char *otherwise)
{
	const char *v = variable(name);

	return v != NULL ? v : otherwise;
}
