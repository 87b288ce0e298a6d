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
}

void
identity_close(struct identity *identity)
{
	pacer_close(&identity->joins);
	pacer_close(&identity->logins);
}
