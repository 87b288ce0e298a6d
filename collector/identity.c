#include "identity.h"

void
identity_open(struct identity *identity, const char *account,
    const struct limits *limits)
{
	*identity = (struct identity){.account = account,
	    .rooms_max = limits->rooms,
	    .rooms_limit = limits->rooms};
	pacer_open(&identity->joins, limits->joins, LIMITS_WINDOW);
	pacer_open(&identity->logins, limits->logins, LIMITS_WINDOW);
	TAILQ_INIT(&identity->clients);
	for (int side = 0; side < SIDES; side++)
		TAILQ_INIT(&identity->waiting[side]);
}

void
identity_close(struct identity *identity)
{
	pacer_close(&identity->joins);
	pacer_close(&identity->logins);
}
