#include "pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

enum {
	PIPE_BYTES = 1024 * 1024, /* what may wait while a stage is started */
	REPEAT_MS = 500,          /* timeout(1) sends its signal twice */
	MARGIN_MS = 1000          /* a stage's own grace ends first */
};

/* Where in the poll set: the signals, our output, then a pipe per stage. */
enum { POLL_SIGNALS, POLL_OUTPUT, POLL_PIPES, POLL_MAX = 2 + PIPELINE_MAX };

void
pipeline_add(struct pipeline *p, char **argv, char **again)
{
	p->stages[p->n++] = (struct stage){.name = argv[0],
	    .argv = argv,
	    .again = again,
	    .in = STDIN_FILENO,
	    .out = STDOUT_FILENO};
}

/* The pipes between the stages. Returns 0, or -1 with errno set. */
static int
make_pipes(struct pipeline *p)
{
	int fds[2];

	for (size_t i = 0; i + 1 < p->n; i++) {
		if (pipe2(fds, O_CLOEXEC) == -1)
			return -1;
		/* Where the limit is lower the pipe stays as it is. */
		fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
		p->stages[i].out = fds[1];
		p->stages[i + 1].in = fds[0];
	}
	return 0;
}

static void
close_pipe(int *fd)
{
	if (*fd > STDERR_FILENO)
		close(*fd);
	*fd = -1;
}

/* Have the signals read, not delivered. Returns 0, or -1 with errno set. */
static int
take_signals(struct pipeline *p)
{
	struct sigaction hup;
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* nohup(1) had it ignored, to outlive the terminal. */
	if (sigaction(SIGHUP, NULL, &hup) == 0 && hup.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	p->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return p->signals == -1 ? -1 : 0;
}

static void
note(struct pipeline *p, enum status status)
{
	if (status > p->worst)
		p->worst = status;
}

/* The stage shall not run any more; its death is still to come. */
static void
kill_stage(struct stage *stage)
{
	stage->over = true;
	if (stage->pid != 0)
		kill(stage->pid, SIGKILL);
}

static void
set_deadline(struct pipeline *p)
{
	p->deadline = clock_mono() + (int64_t)p->grace * 1000 + MARGIN_MS;
}

/*
 * Stop from the head. Stages that wait to be started again are started now:
 * their input is to be drained.
 */
static void
stop(struct pipeline *p)
{
	struct stage *first = &p->stages[0];

	if (p->stopping)
		return;
	p->stopping = true;
	p->stopped = clock_mono();
	set_deadline(p);
	if (first->pid != 0)
		kill(first->pid, SIGTERM);
	else
		first->over = true;
	for (size_t i = 0; i < p->n; i++)
		p->stages[i].due = p->stopped;
}

static void
asked_to_stop(struct pipeline *p)
{
	if (!p->stopping) {
		log_info("stopping");
		stop(p);
	} else if (clock_mono() - p->stopped > REPEAT_MS) {
		log_error("stopped by a second signal: "
			  "what the stages still held is lost");
		note(p, STATUS_FAILED);
		for (size_t i = 0; i < p->n; i++)
			kill_stage(&p->stages[i]);
	}
}

/* What our output goes to is no more: the last stage has nothing to drain. */
static void
output_lost(struct pipeline *p)
{
	p->watched = -1;
	note(p, STATUS_FAILED);
	kill_stage(&p->stages[p->n - 1]);
	stop(p);
}

enum { FATE_MAX = 64 };

/* What became of a child, waitpid(2) having said `how`. */
static void
describe(int how, char fate[FATE_MAX])
{
	if (WIFSIGNALED(how))
		snprintf(fate, FATE_MAX, "was killed by signal %d",
		    WTERMSIG(how));
	else
		snprintf(fate, FATE_MAX, "ended with status %d",
		    WEXITSTATUS(how));
}

static void
restart(struct pipeline *p, size_t i, const char *fate)
{
	struct stage *stage = &p->stages[i];
	int64_t delay = stage_retry(stage);
	char when[32] = "";

	stage->torn = i + 1 < p->n;
	if (delay > 0)
		snprintf(when, sizeof(when), " in %d s", (int)(delay / 1000));
	log_warn("%s %s: starting it again%s", stage->name, fate, when);
}

/* A stage's child has died: is the stage over, or is it started again? */
static void
stage_died(struct pipeline *p, size_t i, int how)
{
	struct stage *stage = &p->stages[i];
	enum status status = stage_status(how);
	bool last = p->stopping && p->head == i; /* its input has ended */
	char fate[FATE_MAX];

	stage->pid = 0;
	if (stage->over)
		return;
	describe(how, fate);
	/* Before the head had its handler the signal itself ends it. */
	if (i == 0 && last && WIFSIGNALED(how) && WTERMSIG(how) == SIGTERM)
		status = STATUS_OK;
	if (p->stopping)
		note(p, status);

	if (status > STATUS_FAILED) {
		log_error("%s %s: stopping", stage->name, fate);
		note(p, status);
		stage->over = true;
		stop(p);
	} else if (i == 0 && (last || status == STATUS_OK)) {
		if (status != STATUS_OK)
			log_error("%s %s", stage->name, fate);
		stage->over = true;
		stop(p);
	} else if (last && status == STATUS_OK) {
		stage->over = true;
	} else {
		restart(p, i, fate);
	}
}

static void
reap(struct pipeline *p)
{
	int how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		for (size_t i = 0; i < p->n; i++)
			if (p->stages[i].pid == pid)
				stage_died(p, i, how);
}

static void
read_signals(struct pipeline *p)
{
	struct signalfd_siginfo info;

	while (read(p->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(p);
		else
			asked_to_stop(p);
	}
}

static bool
is_due(const struct stage *stage)
{
	return !stage->over && stage->pid == 0 && clock_mono() >= stage->due;
}

/* From the last, so that a stage has somebody to read it. */
static void
start_due(struct pipeline *p)
{
	for (size_t i = p->n; i-- > 0;) {
		struct stage *stage = &p->stages[i];

		if (!is_due(stage) || stage->torn)
			continue;
		if (stage_start(stage, i == 0) == -1) {
			log_warn("cannot start %s: %s", stage->name,
			    strerror(errno));
			stage_retry(stage);
		}
	}
}

/*
 * While stopping: pass over the stages that have ended, the next one's input
 * ending with each, and kill one that takes too long.
 */
static void
advance(struct pipeline *p)
{
	struct stage *stage;

	while (p->head < p->n && p->stages[p->head].over &&
	    p->stages[p->head].pid == 0) {
		close_pipe(&p->stages[p->head].out);
		p->head++;
		set_deadline(p);
	}
	if (!p->stopping || p->head == p->n || clock_mono() < p->deadline)
		return;
	stage = &p->stages[p->head];
	if (!stage->over) {
		log_error("%s did not end within %u s (see --grace): killed; "
			  "what it had not passed on is lost",
		    stage->name, p->grace);
		note(p, STATUS_FAILED);
		kill_stage(stage);
	}
}

static void
say_metrics(struct pipeline *p)
{
	struct metrics *m = &p->metrics;
	char label[64];

	metrics_family(m, "twitch_ingest_stage_up", "gauge",
	    "1 while the stage runs.");
	for (size_t i = 0; i < p->n; i++) {
		snprintf(label, sizeof(label), "stage=\"%s\"",
		    p->stages[i].name);
		metrics_value(m, label, p->stages[i].pid != 0);
	}
	metrics_family(m, "twitch_ingest_stage_restarts_total", "counter",
	    "Starts of the stage after it died.");
	for (size_t i = 0; i < p->n; i++) {
		snprintf(label, sizeof(label), "stage=\"%s\"",
		    p->stages[i].name);
		metrics_value(m, label, (double)p->stages[i].restarts);
	}
	metrics_write(m);
}

/* How long nothing needs to be done, ms. */
static int
idle_time(const struct pipeline *p)
{
	int64_t now = clock_mono(), next = now + metrics_wait(&p->metrics);

	if (p->stopping && p->deadline < next && !p->stages[p->head].over)
		next = p->deadline;
	for (size_t i = 0; i < p->n; i++) {
		const struct stage *stage = &p->stages[i];

		if (!stage->over && stage->pid == 0 && stage->due > now &&
		    stage->due < next)
			next = stage->due;
	}
	return next > now ? (int)(next - now) : 0;
}

/*
 * Wait for something to happen. A stage that is due waits for room in its
 * output, where a LF makes sure that the half line of its predecessor stays a
 * line of its own.
 */
static void
wait_for_event(struct pipeline *p)
{
	struct pollfd fds[POLL_MAX];

	fds[POLL_SIGNALS] = (struct pollfd){p->signals, POLLIN, 0};
	fds[POLL_OUTPUT] = (struct pollfd){p->watched, 0, 0};
	for (size_t i = 0; i < p->n; i++) {
		const struct stage *stage = &p->stages[i];
		bool wants = is_due(stage) && stage->torn;

		fds[POLL_PIPES + i] =
		    (struct pollfd){wants ? stage->out : -1, POLLOUT, 0};
	}
	if (poll(fds, POLL_PIPES + p->n, idle_time(p)) <= 0)
		return;
	if (fds[POLL_OUTPUT].revents != 0)
		output_lost(p);
	if (fds[POLL_SIGNALS].revents != 0)
		read_signals(p);
	for (size_t i = 0; i < p->n; i++)
		if (fds[POLL_PIPES + i].revents & POLLOUT)
			p->stages[i].torn =
			    write(p->stages[i].out, "\n", 1) != 1;
}

enum status
pipeline_run(struct pipeline *p, unsigned grace, bool prints)
{
	p->grace = grace;
	p->watched = prints ? STDOUT_FILENO : -1;
	if (make_pipes(p) == -1 || take_signals(p) == -1)
		die(STATUS_FAILED, "cannot join the stages: %s",
		    strerror(errno));
	if (metrics_open(&p->metrics, "twitch-ingest", NULL) == -1)
		log_warn("cannot write metrics: %s", strerror(errno));

	while (p->head < p->n) {
		start_due(p);
		wait_for_event(p);
		advance(p);
		if (metrics_due(&p->metrics))
			say_metrics(p);
	}
	say_metrics(p);
	metrics_close(&p->metrics);
	for (size_t i = 0; i < p->n; i++)
		close_pipe(&p->stages[i].in);
	close(p->signals);
	return p->worst;
}
