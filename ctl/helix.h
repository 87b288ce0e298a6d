#ifndef CTL_HELIX_H
#define CTL_HELIX_H

#include <stdint.h>

#include "headers.h"
#include "http.h"
#include "status.h"

struct cJSON;

/*
 * Twitch's Helix API, below https://api.twitch.tv/helix or
 * $TWITCH_HELIX_URL: GET requests that keep to its rate limit and survive
 * what passes.
 */
struct helix {
	struct http *http;
	const char *account; /* whose token; NULL: the application's */
	struct headers headers;
	int64_t not_before; /* on clock_mono(): no request until then */
};

/*
 * Get ready to ask as this account, or as the application when it is NULL;
 * it is borrowed. Returns STATUS_OK, and the caller owes a helix_close; or
 * another status, having logged why.
 */
enum status helix_open(struct helix *helix, const char *account,
    const char *ca_file);
void helix_close(struct helix *helix);

/*
 * Ask for path ? query. *json is the answer, an object, which the caller
 * deletes. Waits where Helix asks for it, and tries again what may pass: no
 * answer, trouble at the server, a cursor that is not known just now. A token
 * that is refused is renewed once. Returns STATUS_OK, or another status,
 * having logged why.
 */
enum status helix_get(struct helix *helix, const char *path,
    const struct http_form *query, struct cJSON **json);

#endif
