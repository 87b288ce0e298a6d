#include "password.h"

#include <errno.h>
#include <string.h>

#include "log.h"
#include "secret.h"
#include "status.h"

enum { PASSWORD_MAX = 4096 };

const char *
password_read(const char *path)
{
	char why[SECRET_WHY_MAX], *secret;
	size_t len;

	secret = secret_read(path, PASSWORD_MAX, &len);
	if (secret == NULL)
		die(STATUS_USAGE, "%s", secret_why(path, errno, why));
	secret[strcspn(secret, "\r\n")] = '\0';
	return secret;
}
