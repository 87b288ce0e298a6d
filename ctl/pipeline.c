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
	REPEAT_MS = 500, /* timeout(1) sends its signal twice */
	MARGIN_MS = 1000 /* a stage's own grace ends first */
};

/* Where in the poll set: the signals, our output, then both ends of pipes. */
enum {
	POLL_SIGNALS,
	POLL_OUTPUT,
	POLL_PIPES,
	POLL_MAX = POLL_PIPES + 2 * PIPELINE_MAX
};

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
set_deadline(const struct pipeline *p, struct stage *stage)
{
	stage->deadline = clock_mono() + (int64_t)p->grace * 1000 + MARGIN_MS;
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
	set_deadline(p, first);
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

	for (size_t k = 0; k < p->n_joints; k++)
		if (p->joints[k].from == i)
			p->joints[k].torn = true;
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
	bool last = stage->deadline != 0; /* its input has ended */
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

/* True while an output of the stage may end in half a line. */
static bool
is_torn(const struct pipeline *p, size_t i)
{
	for (size_t k = 0; k < p->n_joints; k++)
		if (p->joints[k].from == i && p->joints[k].torn)
			return true;
	return false;
}

/* From the last, so that a stage has somebody to read it. */
static void
start_due(struct pipeline *p)
{
	for (size_t i = p->n; i-- > 0;) {
		struct stage *stage = &p->stages[i];

		if (!is_due(stage) || is_torn(p, i))
			continue;
		if (stage_start(stage, i == 0) == -1) {
			log_warn("cannot start %s: %s", stage->name,
			    strerror(errno));
			stage_retry(stage);
		}
	}
}

/* A stage has ended for good: so does the input of those that it feeds. */
static void
end_joints(struct pipeline *p, size_t i)
{
	for (size_t k = 0; k < p->n_joints; k++) {
		struct joint *j = &p->joints[k];

		if (j->from == i && j->write != -1) {
			joint_end(j);
			set_deadline(p, &p->stages[j->to]);
		}
	}
}

static void
kill_late(struct pipeline *p, struct stage *stage)
{
	log_error("%s did not end within %u s (see --grace): killed; "
		  "what it had not passed on is lost, unless a spool has it",
	    stage->name, p->grace);
	note(p, STATUS_FAILED);
	kill_stage(stage);
}

/*
 * Pass on the ends of stages, and kill one that takes too long for its own.
 * Returns false when all have ended.
 */
static bool
advance(struct pipeline *p)
{
	int64_t now = clock_mono();
	bool running = false;

	for (size_t i = 0; i < p->n; i++) {
		struct stage *stage = &p->stages[i];

		if (stage->over && stage->pid == 0) {
			end_joints(p, i);
			continue;
		}
		running = true;
		if (!stage->over && stage->deadline != 0 &&
		    now >= stage->deadline)
			kill_late(p, stage);
	}
	return running;
}

/* How long nothing needs to be done, ms. */
static int
idle_time(const struct pipeline *p)
{
	int64_t now = clock_mono(), next = now + metrics_wait(&p->metrics);

	for (size_t i = 0; i < p->n; i++) {
		const struct stage *stage = &p->stages[i];

		if (stage->over)
			continue;
		if (stage->deadline != 0 && stage->deadline < next)
			next = stage->deadline;
		if (stage->pid == 0 && stage->due > now && stage->due < next)
			next = stage->due;
	}
	return next > now ? (int)(next - now) : 0;
}

/*
 * A stage that is due waits for room in its outputs, where the half line of
 * its predecessor is to be ended. What comes for one that is over is read for
 * it, so that the others can end.
 */
static void
watch_joint(const struct pipeline *p, const struct joint *j,
    struct pollfd fds[2])
{
	bool wants = j->torn && is_due(&p->stages[j->from]);
	bool idle = p->stages[j->to].over && p->stages[j->to].pid == 0;

	fds[0] = (struct pollfd){wants ? j->write : -1, POLLOUT, 0};
	fds[1] = (struct pollfd){idle ? j->read : -1, POLLIN, 0};
}

/* Wait for something to happen. */
static void
wait_for_event(struct pipeline *p)
{
	struct pollfd fds[POLL_MAX], *ends = fds + POLL_PIPES;

	fds[POLL_SIGNALS] = (struct pollfd){p->signals, POLLIN, 0};
	fds[POLL_OUTPUT] = (struct pollfd){p->watched, 0, 0};
	for (size_t k = 0; k < p->n_joints; k++)
		watch_joint(p, &p->joints[k], ends + 2 * k);
	if (poll(fds, POLL_PIPES + 2 * p->n_joints, idle_time(p)) <= 0)
		return;
	if (fds[POLL_OUTPUT].revents != 0)
		output_lost(p);
	if (fds[POLL_SIGNALS].revents != 0)
		read_signals(p);
	for (size_t k = 0; k < p->n_joints; k++) {
		if (ends[2 * k].revents & POLLOUT)
			joint_mend(&p->joints[k]);
		if (ends[2 * k + 1].revents != 0)
			joint_discard(&p->joints[k]);
	}
}

enum status
pipeline_run(struct pipeline *p, unsigned grace, bool prints)
{
	p->grace = grace;
	p->watched = prints ? STDOUT_FILENO : -1;
	if (pipeline_join(p) == -1 || take_signals(p) == -1)
		die(STATUS_FAILED, "cannot join the stages: %s",
		    strerror(errno));
	if (metrics_open(&p->metrics, "twitch-ingest") == -1)
		log_warn("cannot write metrics: %s", strerror(errno));

	do {
		start_due(p);
		wait_for_event(p);
		if (metrics_due(&p->metrics))
			pipeline_report(p);
	} while (advance(p));
	pipeline_report(p);
	metrics_close(&p->metrics);
	for (size_t k = 0; k < p->n_joints; k++)
		joint_close(&p->joints[k]);
	close(p->signals);
	arguments_free(&p->tee);
	return p->worst;
}
