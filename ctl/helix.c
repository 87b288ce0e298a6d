#include "helix.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "quantity.h"
#include "stop.h"

enum {
	TRIES = 6, /* waits of 1 to 32 s: longer than Helix's minute */
	WAIT_MS = 1000,
	RESET_MAX_MS = 60 * 1000
};

/* What to do next about a request. */
enum verdict {
	VERDICT_DONE,
	VERDICT_AGAIN,   /* it may pass */
	VERDICT_RENEW,   /* the token is refused */
	VERDICT_HOPELESS /* asking again gives the same */
};

enum status
helix_open(struct helix *helix, const char *account, const char *ca_file)
{
	const char *url = getenv("TWITCH_HELIX_URL");

	if (url == NULL || *url == '\0')
		url = "https://api.twitch.tv/helix";
	*helix = (struct helix){.account = account};
	helix->http = http_open(url, ca_file);
	if (helix->http != NULL)
		return headers_get(&helix->headers, account, false);
	log_error("cannot use '%s': %s", url,
	    errno == EINVAL ? "tokens go to https:// only" : strerror(errno));
	return STATUS_USAGE;
}

void
helix_close(struct helix *helix)
{
	http_close(helix->http);
	headers_forget(&helix->headers);
}

/* A header that holds a number, or -1. */
static int64_t
number(struct helix *helix, const char *name)
{
	const char *text = http_header(helix->http, name);
	int64_t v;

	if (text == NULL ||
	    quantity_number(text, 0, INT64_MAX / 1000, &v) == -1)
		return -1;
	return v;
}

/* No request before so many milliseconds have passed. */
static void
put_off(struct helix *helix, int64_t wait)
{
	int64_t until = clock_mono() + wait;

	if (until > helix->not_before)
		helix->not_before = until;
}

/*
 * Helix says how many requests are left and, in Unix seconds, when there are
 * more. That time is bounded, since this machine's clock may be wrong.
 */
static void
note_limit(struct helix *helix)
{
	int64_t reset = number(helix, "Ratelimit-Reset"), wait;

	if (number(helix, "Ratelimit-Remaining") != 0 || reset == -1)
		return;
	wait = reset * 1000 - clock_wall();
	put_off(helix, wait < RESET_MAX_MS ? wait : RESET_MAX_MS);
}

static const char *
message(const cJSON *json)
{
	const char *text =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json,
		"message"));

	return text == NULL ? "no reason given" : text;
}

static enum verdict
judge(const struct http_answer *answer, const cJSON *json)
{
	switch (answer->status) {
	case 200:
		return cJSON_IsObject(json) ? VERDICT_DONE : VERDICT_AGAIN;
	case 400:
		/* Helix forgets a cursor now and then, and knows it again. */
		return strcmp(message(json), "invalid cursor") == 0 ?
		    VERDICT_AGAIN :
		    VERDICT_HOPELESS;
	case 401:
		return VERDICT_RENEW;
	case 429:
		return VERDICT_AGAIN;
	default:
		return answer->status >= 500 ? VERDICT_AGAIN : VERDICT_HOPELESS;
	}
}

/* One request and its answer, which is logged unless it is a good one. */
static enum verdict
ask(struct helix *helix, const char *path, const struct http_form *query,
    cJSON **json)
{
	struct http_answer answer;
	enum verdict verdict;

	*json = NULL;
	if (http_get(helix->http, path, query, helix->headers.lines, &answer) ==
	    -1) {
		log_warn("no answer from Helix: %s", http_error(helix->http));
		return VERDICT_AGAIN;
	}
	log_debug("%s: status %ld", path, answer.status);
	note_limit(helix);
	*json = cJSON_ParseWithLength(answer.body, answer.len);
	verdict = judge(&answer, *json);
	if (verdict == VERDICT_DONE)
		return verdict;
	log_warn("Helix: status %ld: %s", answer.status, message(*json));
	cJSON_Delete(*json);
	*json = NULL;
	return verdict;
}

/* Wait until the limit allows a request. Returns -1 on a stop. */
static int
wait_for_turn(const struct helix *helix)
{
	int64_t wait = helix->not_before - clock_mono();

	return wait > 0 && stop_wait(-1, 0, (int)wait) == -1 ? -1 : 0;
}

enum status
helix_get(struct helix *helix, const char *path, const struct http_form *query,
    cJSON **json)
{
	bool renewed = false;
	enum status status;

	for (int try = 0; try < TRIES; try++) {
		if (wait_for_turn(helix) == -1)
			break;
		switch (ask(helix, path, query, json)) {
		case VERDICT_DONE:
			return STATUS_OK;
		case VERDICT_HOPELESS:
			return STATUS_USAGE;
		case VERDICT_RENEW:
			if (renewed)
				return STATUS_CREDENTIALS;
			renewed = true;
			status =
			    headers_get(&helix->headers, helix->account, true);
			if (status != STATUS_OK)
				return status;
			break;
		case VERDICT_AGAIN:
			put_off(helix, WAIT_MS << try);
			break;
		}
	}
	log_error("%s", stop_requested() ? "stopped" : "Helix gives no answer");
	return STATUS_FAILED;
}
