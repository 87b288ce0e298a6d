/*
 * fail_io.so makes rare failures happen. Preloaded into a program, it lets
 * read(2), write(2), pwrite(2), splice(2), fsync(2), fdatasync(2), close(2) or
 * rename(2) fail as FAIL_IO says:
 *
 *	FAIL_IO='CALL NAME ERROR [AFTER [COUNT]]; ...'
 *
 * CALL is one of those. NAME is the number of a descriptor, or a part of the
 * path: of either path of rename, else of where /proc/self/fd says the
 * descriptor leads; splice's is the one that it writes. ERROR is a name of
 * errno(3) known below, or SHORT: no error, but only one byte is read or
 * written; or SLOW: the call is made 20 seconds late; or KILL: the process is
 * killed before the call. The first AFTER calls (0) of that name succeed, then
 * COUNT (all) do not. A rule that makes no sense ends the program with status
 * 99.
 *
 *	LD_PRELOAD=build/fail_io.so FAIL_IO='write /x.json ENOSPC' program
 *
 * A program built by gcc with ASan wants its own library first; it takes
 * ours with ASAN_OPTIONS=verify_asan_link_order=0.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	RULES_MAX = 8,
	NONE = -1,
	SHORT = 0,
	KILL = -2,
	SLOW = -3,
	BAD_RULE = 99,
	SLOW_SECONDS = 20
};

struct rule {
	char call[16], name[256];
	int error; /* an errno, SHORT, SLOW or KILL */
	int after, count;
	atomic_int calls;
};

static struct rule rules[RULES_MAX];
static int rules_len;

static int
error_number(const char *name)
{
	static const struct {
		const char *name;
		int error;
	} known[] = {{"EACCES", EACCES}, {"EAGAIN", EAGAIN}, {"EDQUOT", EDQUOT},
	    {"EINTR", EINTR}, {"EIO", EIO}, {"ENOSPC", ENOSPC},
	    {"EPIPE", EPIPE}, {"EROFS", EROFS}, {"SHORT", SHORT},
	    {"SLOW", SLOW}, {"KILL", KILL}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i].name) == 0)
			return known[i].error;
	return NONE;
}

/* A rule from its words. Returns 0, or -1. */
static int
parse_rule(struct rule *r, const char *text)
{
	char error[16] = "";

	r->count = INT_MAX;
	if (sscanf(text, "%15s %255[^; ] %15[^; ] %d %d", r->call, r->name,
		error, &r->after, &r->count) < 3)
		return -1;
	r->error = error_number(error);
	return r->error == NONE ? -1 : 0;
}

__attribute__((constructor)) static void
parse(void)
{
	const char *text = getenv("FAIL_IO");

	while (text != NULL && *text != '\0') {
		if (rules_len == RULES_MAX ||
		    parse_rule(&rules[rules_len++], text) == -1) {
			fprintf(stderr, "fail_io: bad rule: %s\n", text);
			_exit(BAD_RULE);
		}
		text = strchr(text, ';');
		if (text != NULL)
			text++;
	}
}

/* A NAME of digits is a number, and no part of a path. */
static bool
means(const struct rule *r, const char *number, const char *path)
{
	if (strspn(r->name, "0123456789") == strlen(r->name))
		return strcmp(r->name, number) == 0;
	return strstr(path, r->name) != NULL;
}

/* How the call on this descriptor or path shall end; NONE: as it does. */
static int
failure(const char *call, const char *number, const char *path)
{
	for (struct rule *r = rules; r < rules + rules_len; r++) {
		int n;

		if (strcmp(call, r->call) != 0 || !means(r, number, path))
			continue;
		n = atomic_fetch_add(&r->calls, 1) - r->after;
		if (n < 0 || n >= r->count)
			continue;
		if (r->error == KILL)
			raise(SIGKILL);
		if (r->error != SLOW)
			return r->error;
		sleep(SLOW_SECONDS);
	}
	return NONE;
}

static int
failure_of_fd(const char *call, int fd)
{
	char number[16], link[32], path[PATH_MAX];
	ssize_t n;
	int saved = errno;

	snprintf(number, sizeof(number), "%d", fd);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	errno = saved;
	return failure(call, number, path);
}

static int
fail(int error)
{
	errno = error;
	return -1;
}

ssize_t
read(int fd, void *p, size_t n)
{
	int error = failure_of_fd("read", fd);

	if (error > 0)
		return fail(error);
	return syscall(SYS_read, fd, p, error == SHORT && n > 1 ? 1 : n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	int error = failure_of_fd("write", fd);

	if (error > 0)
		return fail(error);
	return syscall(SYS_write, fd, p, error == SHORT && n > 1 ? 1 : n);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	int error = failure_of_fd("pwrite", fd);

	if (error > 0)
		return fail(error);
	return syscall(SYS_pwrite64, fd, p, error == SHORT && n > 1 ? 1 : n,
	    at);
}

ssize_t
splice(int from, off64_t *from_at, int to, off64_t *to_at, size_t n,
    unsigned flags)
{
	int error = failure_of_fd("splice", to);

	if (error > 0)
		return fail(error);
	return syscall(SYS_splice, from, from_at, to, to_at,
	    error == SHORT && n > 1 ? 1 : n, flags);
}

int
fdatasync(int fd)
{
	int error = failure_of_fd("fdatasync", fd);

	return error > 0 ? fail(error) : (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	int error = failure_of_fd("fsync", fd);

	return error > 0 ? fail(error) : (int)syscall(SYS_fsync, fd);
}

/* As on Linux, the descriptor is gone whatever close returns. */
int
close(int fd)
{
	int error = failure_of_fd("close", fd);
	int n = (int)syscall(SYS_close, fd);

	return error > 0 ? fail(error) : n;
}

int
rename(const char *from, const char *to)
{
	char paths[2 * PATH_MAX];
	int error;

	snprintf(paths, sizeof(paths), "%s %s", from, to);
	error = failure("rename", "", paths);
	return error > 0 ? fail(error) : renameat(AT_FDCWD, from, AT_FDCWD, to);
}
