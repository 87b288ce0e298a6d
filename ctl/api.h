#ifndef CTL_API_H
#define CTL_API_H

#include <stdbool.h>
#include <stdint.h>

#include "guard.h"
#include "history.h"
#include "httpd.h"
#include "view.h"

/*
 * The paths that twitch-httpd serves, as twitch-httpd(1) describes them.
 * Zero-initialise, then set the first two.
 */
struct api {
	struct guard guard;
	bool reader_only; /* /readyz does not ask for a publisher */
	struct view view;
	struct history history;
	uint64_t answers[6]; /* by the first digit of their status */
};

/* Answer a request; for httpd_open, the context is the struct api. */
void api_answer(void *api, struct httpd_request *r);

/* Once a second: look at the files, for the history. */
void api_tick(struct api *api);

void api_close(struct api *api);

#endif
