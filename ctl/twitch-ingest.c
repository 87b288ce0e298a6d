/* twitch-ingest: the whole pipeline, started with one command and kept up. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "env.h"
#include "instance.h"
#include "log.h"
#include "pipeline.h"
#include "quantity.h"
#include "standard.h"
#include "status.h"
#include "variable.h"
#include "version.h"

enum { GRACE_DEFAULT = 10, GRACE_MAX = 86400 };

enum part { READER, CLASSIFIER, PUBLISHER, PARTS };

struct options {
	struct arguments part[PARTS]; /* each part's name and options */
	struct arguments files;       /* of channels, each after its -f */
	struct arguments channels;
	const char *name;      /* of the pipeline, or NULL */
	bool brokers, exclude; /* -b, -x was given */
	int publishing;        /* an option for the publisher, or 0 */
	unsigned grace;
};

/* The options that a part has too, and how it spells them. */
static const struct passed {
	int option;
	enum part part;
	const char *as;
} passed[] = {
    {'a', READER, "-a"},
    {'C', READER, "-C"},
    {'g', READER, "-g"},
    {'m', READER, "-m"},
    {'n', READER, "-n"},
    {'u', READER, "-u"},
    {'g', CLASSIFIER, "-g"},
    {'o', CLASSIFIER, "-o"},
    {'x', CLASSIFIER, "-x"},
    {'y', CLASSIFIER, "-t"},
    {'b', PUBLISHER, "-b"},
    {'F', PUBLISHER, "-F"},
    {'g', PUBLISHER, "-g"},
    {'k', PUBLISHER, "-k"},
    {'r', PUBLISHER, "-r"},
    {'t', PUBLISHER, "-t"},
    {'X', PUBLISHER, "-X"},
};

static void
pass_on(struct options *o, int option, const char *value)
{
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
		if (passed[i].option != option)
			continue;
		arguments_add(&o->part[passed[i].part], passed[i].as);
		if (value != NULL)
			arguments_add(&o->part[passed[i].part], value);
		if (passed[i].part == PUBLISHER && option != 'g')
			o->publishing = option;
	}
}

static unsigned
seconds(const char *s)
{
	int64_t ms;

	if (quantity_duration(s, 1000, GRACE_MAX * 1000LL, &ms) == -1)
		die(STATUS_USAGE, "'%s' is not a time from 1 s to 1 day", s);
	return (unsigned)(ms / 1000);
}

/* The file .env of this folder, and the folders of a named pipeline. */
static void
prepare_environment(const char *name)
{
	unsigned line;

	if (env_load(".env", &line) == -1) {
		if (line > 0)
			die(STATUS_USAGE, "'.env', line %u: %s", line,
			    errno == EINVAL ? "it is not NAME=VALUE" :
					      strerror(errno));
		die(STATUS_USAGE, "cannot read '.env': %s", strerror(errno));
	}
	log_open("twitch-ingest");
	if (name != NULL)
		instance_select(name);
}

/* What the environment says and no option did. */
static void
read_environment(struct options *o)
{
	static const char *const lists[] = {
	    "TWITCH_CHANNELS", "TWITCH_CHANNEL"};
	const char *v;

	if (variable("KAFKA_BROKERS") != NULL)
		o->brokers = true;
	v = variable("KAFKA_TOPIC_CHAT_MESSAGES");
	if (v != NULL && variable("KAFKA_TOPIC") == NULL)
		setenv("KAFKA_TOPIC", v, 1);
	v = variable("TWITCH_USERNAME");
	if (v != NULL && !o->exclude)
		pass_on(o, 'x', v);
	for (size_t i = 0; i < 2 && o->files.n + o->channels.n == 0; i++)
		if ((v = variable(lists[i])) != NULL)
			arguments_split(&o->channels, v);
}

/*
 * Join the parts and run them. The reader keeps its channels on disk, with
 * what was joined and parted since: when it is started again it is given none.
 */
static enum status
run(const struct options *o)
{
	struct pipeline p = {0};
	const struct arguments *reader = &o->part[READER];
	const struct arguments *classifier = &o->part[CLASSIFIER];
	const struct arguments *publisher = &o->part[PUBLISHER];
	struct arguments first = {0};
	enum status status;

	arguments_append(&first, reader);
	arguments_append(&first, &o->files);
	arguments_add(&first, "--");
	arguments_append(&first, &o->channels);
	pipeline_add(&p, first.v, reader->v);
	pipeline_add(&p, classifier->v, classifier->v);
	if (o->brokers)
		pipeline_add(&p, publisher->v, publisher->v);
	status = pipeline_run(&p, o->grace, !o->brokers);
	arguments_free(&first);
	return status;
}

static _Noreturn void
usage(FILE *to, int status)
{
	fputs("usage: twitch-ingest [-hmV] [-a account] [-b brokers] "
	      "[-C ca-file] [-F config]\n"
	      "                     [-f file] [-g seconds] [-k key] "
	      "[-N name] [-n count]\n"
	      "                     [-o fields] [-r file] [-t topic] [-u url] "
	      "[-X property=value]\n"
	      "                     [-x login] [-y types] [channel ...]\n",
	    to);
	exit(status);
}

static const struct option long_options[] = {
    {"account", required_argument, NULL, 'a'},
    {"brokers", required_argument, NULL, 'b'},
    {"ca-file", required_argument, NULL, 'C'},
    {"config", required_argument, NULL, 'F'},
    {"exclude", required_argument, NULL, 'x'},
    {"file", required_argument, NULL, 'f'},
    {"grace", required_argument, NULL, 'g'},
    {"help", no_argument, NULL, 'h'},
    {"key", required_argument, NULL, 'k'},
    {"membership", no_argument, NULL, 'm'},
    {"name", required_argument, NULL, 'N'},
    {"output", required_argument, NULL, 'o'},
    {"per-connection", required_argument, NULL, 'n'},
    {"property", required_argument, NULL, 'X'},
    {"reject", required_argument, NULL, 'r'},
    {"topic", required_argument, NULL, 't'},
    {"types", required_argument, NULL, 'y'},
    {"url", required_argument, NULL, 'u'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void
read_option(struct options *o, int option)
{
	char grace[16];

	switch (option) {
	case 'h':
		usage(stdout, STATUS_OK);
	case 'V':
		puts("twitch-ingest " VERSION);
		exit(STATUS_OK);
	case '?':
		usage(stderr, STATUS_USAGE);
	case 'f':
		arguments_add(&o->files, "-f");
		arguments_add(&o->files, optarg);
		return;
	case 'N':
		o->name = optarg;
		return;
	case 'b':
		o->brokers = true;
		break;
	case 'g':
		o->grace = seconds(optarg);
		snprintf(grace, sizeof(grace), "%u", o->grace);
		pass_on(o, 'g', grace);
		return;
	case 'x':
		o->exclude = true;
		break;
	}
	pass_on(o, option, optarg);
}

int
main(int argc, char **argv)
{
	static const char *const programs[PARTS] = {
	    "ws-reader", "irc-classify", "kafka-publish"};
	struct options o = {.grace = GRACE_DEFAULT};
	enum status status;
	int option;

	standard_hold();
	log_open("twitch-ingest");
	for (int i = 0; i < PARTS; i++)
		arguments_add(&o.part[i], programs[i]);
	while ((option = getopt_long(argc, argv,
		    "a:b:C:F:f:g:hk:mN:n:o:r:t:u:VX:x:y:", long_options,
		    NULL)) != -1)
		read_option(&o, option);
	for (; optind < argc; optind++)
		arguments_add(&o.channels, argv[optind]);
	prepare_environment(o.name);
	read_environment(&o);
	if (o.publishing != 0 && !o.brokers)
		die(STATUS_USAGE,
		    "-%c is for kafka-publish: give -b or KAFKA_BROKERS too",
		    o.publishing);

	if (!o.brokers &&
	    (fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
		die(STATUS_FAILED, "standard output is closed");
	status = run(&o);
	for (int i = 0; i < PARTS; i++)
		arguments_free(&o.part[i]);
	arguments_free(&o.files);
	arguments_free(&o.channels);
	return status;
}
