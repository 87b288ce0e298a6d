#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside.h"
#include "clock.h"
#include "log.h"

enum {
	DELAY_FIRST_MS = 1000,
	DELAY_MAX_MS = 30000,
	SETTLED_MS = 1000,
	HEALTHY_MS = 60000
};

/*
 * What a terminal, timeout(1) or systemd sends to the whole group at once must
 * reach only this process and the head: a stage that stopped in the middle
 * would leave what is in the pipe before it.
 */
static void
child_signals(bool head)
{
	sigset_t blocked;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGHUP);
	if (!head)
		sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/* For the metrics of the second and further ones, see lib/metrics.h. */
static void
tell_twin(unsigned twin)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", twin);
	if (twin > 1)
		setenv("TWITCH_TWIN", number, 1);
	else
		unsetenv("TWITCH_TWIN");
}

static _Noreturn void
child(const struct stage *stage, bool head, pid_t parent)
{
	child_signals(head);
	/* The others see the end of their input when the parent is gone. */
	if (head) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(STATUS_FAILED);
	}
	if (dup2(stage->in, STDIN_FILENO) == -1 ||
	    dup2(stage->out, STDOUT_FILENO) == -1) {
		log_error("cannot give %s its pipes: %s", stage->name,
		    strerror(errno));
		_exit(STATUS_FAILED);
	}
	for (size_t i = 0; i < stage->n_more; i++)
		fcntl(stage->more[i], F_SETFD, 0);
	tell_twin(stage->twin);
	beside_exec(stage->argv);
	if (errno != ENOENT) {
		log_error("cannot run %s: %s", stage->name, strerror(errno));
		_exit(STATUS_FAILED);
	}
	log_error("cannot find '%s' beside twitch-ingest or in PATH",
	    stage->name);
	_exit(STATUS_USAGE);
}

int
stage_start(struct stage *stage, bool head)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == -1)
		return -1;
	if (pid == 0)
		child(stage, head, parent);
	stage->pid = pid;
	stage->started = clock_mono();
	return 0;
}

int64_t
stage_retry(struct stage *stage)
{
	int64_t now = clock_mono(), delay;

	if (now - stage->started >= SETTLED_MS)
		stage->argv = stage->again;
	if (now - stage->started >= HEALTHY_MS)
		stage->delay = 0;
	delay = stage->delay;
	stage->due = now + delay;
	stage->delay = delay == 0    ? DELAY_FIRST_MS :
	    delay * 2 > DELAY_MAX_MS ? DELAY_MAX_MS :
				       delay * 2;
	stage->restarts++;
	return delay;
}

enum status
stage_status(int how)
{
	int status = WIFEXITED(how) ? WEXITSTATUS(how) : STATUS_FAILED;

	return status > STATUS_CREDENTIALS ? STATUS_FAILED :
					     (enum status)status;
}
