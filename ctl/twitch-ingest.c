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
#include "dirs.h"
#include "env.h"
#include "instance.h"
#include "log.h"
#include "pipeline.h"
#include "publishers.h"
#include "standard.h"
#include "status.h"
#include "stop.h"
#include "variable.h"
#include "version.h"

enum { GRACE_DEFAULT = 10 };

enum part { READER, CLASSIFIER, PUBLISHER, PARTS };

struct options {
	struct arguments part[PARTS]; /* the options of each */
	struct arguments files;       /* of channels, each after its -f */
	struct arguments channels;
	struct arguments to;   /* URLs of destinations */
	const char *name;      /* of the pipeline, or NULL */
	bool brokers, exclude; /* -b, -x was given */
	int publishing;        /* an option for kafka-publish, or 0 */
	unsigned grace;        /* s */
	char grace_text[16];
	bool spool;            /* there shall be spools */
	const char *spool_dir; /* where, if it was said */
	const char *spool_max;
};

/* The options that a part has too, and how it spells them. */
static const struct passed {
	int option;
	enum part part;
	const char *as;
} passed[] = {
    {'a', READER, "-a"},
    {'C', READER, "-C"},
    {'m', READER, "-m"},
    {'n', READER, "-n"},
    {'u', READER, "-u"},
    {'o', CLASSIFIER, "-o"},
    {'x', CLASSIFIER, "-x"},
    {'y', CLASSIFIER, "-t"},
    {'b', PUBLISHER, "-b"},
    {'F', PUBLISHER, "-F"},
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
		if (passed[i].part == PUBLISHER)
			o->publishing = option;
	}
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
		if (errno == EPERM)
			die(STATUS_USAGE,
			    "others can write '.env', or it is another user's; "
			    "run: chown %u .env && chmod go-w .env",
			    geteuid());
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

/* Where the spools are, unless there shall be none. */
static const char *
spool_dir(const struct options *o, char path[DIRS_PATH_MAX])
{
	if (!o->spool || o->spool_dir != NULL)
		return o->spool ? o->spool_dir : NULL;
	if (dirs_state("spool", path) == -1)
		die(STATUS_USAGE,
		    "nowhere to keep a spool: set TWITCH_STATE_DIR or HOME, "
		    "or give --spool or --no-spool");
	return path;
}

/* The publishers that were asked for. */
static void
add_publishers(struct publishers *p, const struct options *o)
{
	if (o->brokers)
		publishers_add(p, "kafka-publish", "kafka",
		    &o->part[PUBLISHER]);
	for (size_t i = 0; i < o->to.n; i++)
		publishers_add_url(p, o->to.v[i]);
}

/* A part's command line: its program, then its options. */
static struct arguments
command(const struct options *o, enum part part, const char *program)
{
	struct arguments args = {0};

	arguments_add(&args, program);
	if (o->grace_text[0] != '\0') {
		arguments_add(&args, "--grace");
		arguments_add(&args, o->grace_text);
	}
	arguments_append(&args, &o->part[part]);
	return args;
}

/*
 * Join the parts and run them. The reader keeps its channels on disk, with
 * what was joined and parted since: when it is started again it is given none.
 */
static enum status
run(const struct options *o, struct publishers *publishers)
{
	struct pipeline p = {0};
	struct arguments reader = command(o, READER, "ws-reader");
	struct arguments classifier = command(o, CLASSIFIER, "irc-classify");
	struct arguments first = {0};
	enum status status;

	arguments_append(&first, &reader);
	arguments_append(&first, &o->files);
	arguments_add(&first, "--");
	arguments_append(&first, &o->channels);
	pipeline_add(&p, first.v, reader.v);
	pipeline_add(&p, classifier.v, classifier.v);
	if (publishers->n > 1)
		pipeline_split(&p);
	for (size_t i = 0; i < publishers->n; i++)
		pipeline_add(&p, publishers->list[i].v, publishers->list[i].v);
	status = pipeline_run(&p, o->grace, publishers->n == 0);
	arguments_free(&first);
	arguments_free(&reader);
	arguments_free(&classifier);
	return status;
}

static _Noreturn void
usage(FILE *to, int status)
{
	fputs("usage: twitch-ingest [-hmSV] [-a account] [-b brokers] "
	      "[-C ca-file] [-F config]\n"
	      "                     [-f file] [-g seconds] [-k key] [-M size] "
	      "[-N name]\n"
	      "                     [-n count] [-o fields] [-r file] "
	      "[-s directory] [-T url]\n"
	      "                     [-t topic] [-u url] [-X property=value] "
	      "[-x login] [-y types]\n"
	      "                     [channel ...]\n",
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
    {"no-spool", no_argument, NULL, 'S'},
    {"output", required_argument, NULL, 'o'},
    {"per-connection", required_argument, NULL, 'n'},
    {"property", required_argument, NULL, 'X'},
    {"reject", required_argument, NULL, 'r'},
    {"spool", required_argument, NULL, 's'},
    {"spool-max", required_argument, NULL, 'M'},
    {"to", required_argument, NULL, 'T'},
    {"topic", required_argument, NULL, 't'},
    {"types", required_argument, NULL, 'y'},
    {"url", required_argument, NULL, 'u'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void
read_option(struct options *o, int option)
{
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
		o->grace = stop_grace(optarg);
		if (o->grace == 0)
			die(STATUS_USAGE, STOP_GRACE_WRONG, optarg);
		snprintf(o->grace_text, sizeof(o->grace_text), "%u", o->grace);
		return;
	case 'M':
		o->spool_max = optarg;
		return;
	case 's':
		o->spool_dir = optarg;
		return;
	case 'S':
		o->spool = false;
		return;
	case 'T':
		arguments_add(&o->to, optarg);
		return;
	case 'x':
		o->exclude = true;
		break;
	}
	pass_on(o, option, optarg);
}

/* The options and the environment; what contradicts itself ends it here. */
static void
read_arguments(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv,
		    "a:b:C:F:f:g:hk:M:mN:n:o:r:Ss:T:t:u:VX:x:y:", long_options,
		    NULL)) != -1)
		read_option(o, option);
	for (; optind < argc; optind++)
		arguments_add(&o->channels, argv[optind]);
	prepare_environment(o->name);
	read_environment(o);
	if (o->publishing != 0 && !o->brokers)
		die(STATUS_USAGE,
		    "-%c is for kafka-publish: give -b or KAFKA_BROKERS too",
		    o->publishing);
}

static void
free_options(struct options *o)
{
	for (int i = 0; i < PARTS; i++)
		arguments_free(&o->part[i]);
	arguments_free(&o->files);
	arguments_free(&o->channels);
	arguments_free(&o->to);
}

int
main(int argc, char **argv)
{
	struct options o = {.grace = GRACE_DEFAULT, .spool = true};
	struct publishers publishers = {0};
	char spool[DIRS_PATH_MAX];
	enum status status;

	standard_hold();
	log_open("twitch-ingest");
	read_arguments(&o, argc, argv);
	publishers.grace = o.grace_text[0] == '\0' ? NULL : o.grace_text;
	publishers.spool_max = o.spool_max;
	if (o.brokers || o.to.n > 0)
		publishers.spool = spool_dir(&o, spool);
	add_publishers(&publishers, &o);

	if (publishers.n == 0 &&
	    (fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
		die(STATUS_FAILED, "standard output is closed");
	status = run(&o, &publishers);
	publishers_free(&publishers);
	free_options(&o);
	return status;
}
