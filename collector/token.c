#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "status.h"

extern char **environ;

/* Reap it, and forget it. Returns its wait status. */
static int
reap(struct token_request *t)
{
	int status = 0;

	while (waitpid(t->pid, &status, 0) == -1 && errno == EINTR)
		continue;
	loop_watch(t->loop, &t->exited, 0);
	loop_cancel(t->loop, &t->late);
	close(t->exited.fd);
	close(t->fd);
	t->pid = 0;
	return status;
}

static enum token_result
judge(int status)
{
	if (!WIFEXITED(status))
		return TOKEN_FAILED;
	switch (WEXITSTATUS(status)) {
	case 0:
		return TOKEN_OK;
	case STATUS_CREDENTIALS:
		return TOKEN_REFUSED;
	case STATUS_USAGE:
	case 126: /* sh(1): not executable */
	case 127: /* sh(1): not found */
		return TOKEN_MISSING;
	default:
		return TOKEN_FAILED;
	}
}

static void
on_exit_of_command(void *arg, uint32_t events)
{
	struct token_request *t = arg;
	char text[LOGIN_TOKEN_MAX + 16], token[LOGIN_TOKEN_MAX];
	ssize_t n = read(t->fd, text, sizeof(text));
	enum token_result result = judge(reap(t));

	(void)events;
	if (result == TOKEN_OK &&
	    login_token((struct slice){text, n < 0 ? 0 : (size_t)n}, token) ==
		-1)
		result = TOKEN_FAILED;
	t->done(t->arg, result, result == TOKEN_OK ? token : NULL);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(token, sizeof(token));
}

static void
on_late(void *arg)
{
	struct token_request *t = arg;

	token_stop(t);
	t->done(t->arg, TOKEN_FAILED, NULL);
}

/* In a process group of its own, reading nothing, writing to out. */
static int
spawn(pid_t *pid, int out, const char *command, const char *account,
    bool refused)
{
	char sh[] = "sh", flag[] = "-c", renew[] = "-r";
	char *argv[] = {sh, flag, (char *)command, sh, (char *)account,
	    refused ? renew : NULL, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t defaults, blocked;
	int error;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	sigemptyset(&blocked);
	posix_spawnattr_setsigmask(&attr, &blocked);
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return error;
}

int
token_start(struct token_request *t, struct loop *loop, const char *command,
    const char *account, bool refused)
{
	int fds[2], error;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	error = spawn(&t->pid, fds[1], command, account, refused);
	close(fds[1]);
	if (error != 0) {
		close(fds[0]);
		t->pid = 0;
		errno = error;
		return -1;
	}
	t->loop = loop;
	t->fd = fds[0];
	t->exited = (struct watch){
	    .fd = pidfd_open(t->pid, 0), .ready = on_exit_of_command, .arg = t};
	t->late = (struct alarm){.due = on_late, .arg = t};
	loop_watch(loop, &t->exited, EPOLLIN);
	loop_alarm(loop, &t->late, clock_mono() + TOKEN_MS);
	return 0;
}

void
token_stop(struct token_request *t)
{
	struct pollfd exited = {.fd = t->exited.fd, .events = POLLIN};

	if (t->pid == 0)
		return;
	kill(-t->pid, SIGTERM);
	if (poll(&exited, 1, TOKEN_STOP_MS) != 1)
		kill(-t->pid, SIGKILL);
	reap(t);
}
