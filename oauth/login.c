/* login without a browser on this machine: the device flow (RFC 8628). */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "account.h"
#include "callback.h"
#include "client.h"
#include "clock.h"
#include "commands.h"
#include "endpoint.h"
#include "log.h"
#include "renew.h"
#include "stop.h"

/* RFC 8628, 3.5: what slow_down asks for. */
enum { SLOWER_S = 5, INTERVAL_MAX_S = 60 };

/* Wait for so many seconds, saying how long is left. -1 on a stop. */
static int
wait_seconds(int seconds, int64_t end)
{
	int64_t until = clock_mono() + seconds * 1000L, now;
	bool shows = isatty(STDERR_FILENO);

	while ((now = clock_mono()) < until) {
		int left = end > now ? (int)((end - now) / 1000) : 0;

		if (shows)
			fprintf(stderr, "\rwaiting for you: %d:%02d left ",
			    left / 60, left % 60);
		if (stop_wait(-1, 0,
			until - now < 1000 ? (int)(until - now) : 1000) == -1)
			return -1;
	}
	return 0;
}

static bool
says(const struct endpoint *e, const char *message)
{
	return strcasecmp(e->why, message) == 0;
}

/*
 * True if the answer is not Twitch's last word. "invalid device code" is said
 * of a code that was denied, was used or is over, but Twitch has said it of
 * one still pending too; so only time ends that.
 */
static bool
may_change(const struct endpoint *e, enum answer answer)
{
	return answer == ANSWER_FAILED || says(e, "authorization_pending") ||
	    says(e, "slow_down") || says(e, "invalid device code");
}

/* Poll until the person has decided or the code is over. */
static enum status
poll_until_decided(struct endpoint *e, const struct client *client,
    const struct device *device, struct token *token)
{
	int64_t end = clock_mono() + device->expires_in * 1000L;
	int interval = device->interval;
	char before[sizeof(e->why)] = "authorization_pending";

	while (clock_mono() < end) {
		enum answer answer;

		if (wait_seconds(interval, end) == -1) {
			log_error("stopped before the code was confirmed");
			return STATUS_FAILED;
		}
		answer = endpoint_poll(e, client, device, token);
		if (answer == ANSWER_OK)
			return STATUS_OK;
		if (!may_change(e, answer)) {
			log_error("Twitch refused the login: %s", e->why);
			return STATUS_CREDENTIALS;
		}
		if (!says(e, before))
			log_warn("Twitch: %s; still waiting", e->why);
		memcpy(before, e->why, sizeof(before));
		if (says(e, "slow_down") && interval < INTERVAL_MAX_S)
			interval += SLOWER_S;
	}
	log_error("the code has expired and nobody confirmed it; try again");
	return STATUS_FAILED;
}

static enum status
device_flow(struct endpoint *e, const struct client *client,
    const struct settings *s, struct token *token)
{
	struct device device;
	enum status status;
	enum answer answer;

	answer = endpoint_device(e, client, s->scopes, &device);
	status = endpoint_status(e, answer, "a code for", "a device");
	if (status != STATUS_OK)
		return status;
	printf("Open %s\nand confirm the code %s within %d minutes.\n",
	    device.verification_uri, device.user_code,
	    (device.expires_in + 59) / 60);
	fflush(stdout);
	status = poll_until_decided(e, client, &device, token);
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	device_free(&device);
	return status;
}

static enum status
login_by_device(const struct settings *s, const char *name)
{
	struct account account = {0};
	struct client client = {0};
	struct endpoint e = {0};
	struct token token;
	enum status status = client_load(&client, NULL);

	if (status == STATUS_OK)
		status = endpoint_open(&e, s->ca_file);
	if (status == STATUS_OK)
		status = device_flow(&e, &client, s, &token);
	if (status == STATUS_OK)
		status =
		    renew_adopt(&account, name, client.id, &token, s->ca_file);
	if (status == STATUS_OK)
		printf("logged in as %s\n", account.name);
	account_free(&account);
	endpoint_close(&e);
	client_free(&client);
	return status;
}

enum status
login_command(const struct settings *s, char **args)
{
	char name[CHANNEL_MAX + 1];

	(void)args;
	if (s->name != NULL && account_name(s->name, name) == -1) {
		log_error("'%s' is not an account's name", s->name);
		return STATUS_USAGE;
	}
	if (s->browser)
		return callback_login(s, s->name == NULL ? NULL : name);
	return login_by_device(s, s->name == NULL ? NULL : name);
}
