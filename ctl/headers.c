#include "headers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside.h"
#include "log.h"
#include "stage.h"

static _Noreturn void
child(const char *account, bool refused, int out)
{
	char name[] = "twitch-oauth", command[] = "headers";
	char renew[] = "-r", application[] = "-A", end[] = "--";
	char *argv[6] = {name, command};
	int n = 2;

	if (refused)
		argv[n++] = renew;
	if (account == NULL) {
		argv[n++] = application;
	} else {
		argv[n++] = end;
		argv[n++] = (char *)account;
	}
	if (dup2(out, STDOUT_FILENO) != -1)
		beside_exec(argv);
	log_error("cannot run twitch-oauth: %s", strerror(errno));
	_exit(errno == ENOENT ? STATUS_USAGE : STATUS_FAILED);
}

/* Everything it prints, up to what is reasonable. */
static size_t
read_all(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, text + len, size - len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	return len;
}

static void
split(struct headers *headers)
{
	char *rest = headers->text, *line;
	int n = 0;

	while (n < HEADERS_MAX && (line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0')
			headers->lines[n++] = line;
	headers->lines[n] = NULL;
}

enum status
headers_get(struct headers *headers, const char *account, bool refused)
{
	int out[2], how;
	size_t len;
	pid_t pid;

	if (pipe(out) == -1 || (pid = fork()) == -1) {
		log_error("cannot run twitch-oauth: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (pid == 0) {
		close(out[0]);
		child(account, refused, out[1]);
	}
	close(out[1]);
	len = read_all(out[0], headers->text, sizeof(headers->text) - 1);
	headers->text[len] = '\0';
	close(out[0]);
	split(headers);
	while (waitpid(pid, &how, 0) == -1 && errno == EINTR)
		continue;
	return stage_status(how);
}

void
headers_forget(struct headers *headers)
{
	explicit_bzero(headers, sizeof(*headers));
}
