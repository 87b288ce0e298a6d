#ifndef SIM_API_H
#define SIM_API_H

#include "helix.h"
#include "oauth.h"

/*
 * Twitch's HTTP ends on one port of loopback: OAuth, Helix and, below /sim/,
 * what tests tell the simulator and ask of it:
 *
 *	/sim/set?NAME=N&…	see oauth.h and helix.h
 *	/sim/person?login=L&denies=0	who consents
 *	/sim/expire	every access token is over
 *	/sim/forget?login=L	no token of L is known; without L, of anybody
 *	/sim/hold, /sim/release, /sim/fail	see web.h
 *	/sim/counts	what has been asked, as JSON
 */
struct web;

struct api {
	struct web *web;
	struct oauth oauth;
	struct helix helix;
};

/* Listen on a free port, and write the URL to url_file. */
void api_open(struct api *api, const char *url_file);
void api_close(struct api *api);

#endif
