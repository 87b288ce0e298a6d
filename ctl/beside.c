#include "beside.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
beside_exec(char **argv)
{
	char self[PATH_MAX], beside[PATH_MAX + NAME_MAX + 1];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash != NULL) {
		*slash = '\0';
		snprintf(beside, sizeof(beside), "%s/%s", self, argv[0]);
		execv(beside, argv);
	}
	execvp(argv[0], argv);
}
