#ifndef SIM_CHATTER_H
#define SIM_CHATTER_H

#include <stdbool.h>

#include "channel.h"
#include "draw.h"

/* An invented user. */
struct chatter {
	char login[CHANNEL_MAX + 1];
	char display_name[64];
	char color[8];
	char badges[64], badge_info[32];
	char user_id[12];
	bool mod, subscriber, turbo, vip;
	unsigned months; /* as a subscriber */
};

struct chatter chatter_make(struct draw *d);

#endif
