#include "moment.h"

int
moment_open(struct moment *w, struct members *members)
{
	w->timestamp = members_want(members, SLICE("timestamp"));
	w->received = members_want(members, SLICE("received"));
	return w->timestamp == -1 || w->received == -1 ? -1 : 0;
}

int64_t
moment_of(const struct moment *w, const struct members *members)
{
	int64_t ms = member_number(&members->list[w->timestamp]);

	return ms != -1 ? ms : member_number(&members->list[w->received]);
}
