#ifndef TESTS_UNIT_SPOOL_H
#define TESTS_UNIT_SPOOL_H

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../publisher/spool/spool.h"
#include "atomic.h"

/*
 * A spool in a folder of its own, which a pipe goes into: for the tests of
 * spools, as their fixture.
 */
enum { RECORD_MAX = 1000 };

static char dir[64];
static struct spool sp;
static int input[2];

static inline enum status
try_open(const char *program, const char *destination)
{
	sp = (struct spool){.path = dir,
	    .program = program,
	    .destination = destination,
	    .max = SPOOL_MAX_MIN,
	    .sync_ms = 1,
	    .record_max = RECORD_MAX};
	return spool_open(&sp, input[0]);
}

static inline void
open_spool(void)
{
	ck_assert_int_eq(try_open("here", "there"), STATUS_OK);
}

/* As after kill -9: nothing is done at the end. */
static inline void
leave(void)
{
	spool_sync_close(&sp.sync);
	segments_free(&sp.segments);
	free(sp.block);
	spool_owner_close(&sp.owner);
}

static inline void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/check_spool.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(pipe(input), 0);
	open_spool();
}

static inline void
teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

/* The path of a file in its folder. */
static inline char *
file(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static inline void
write_file(const char *name, const char *text)
{
	ck_assert_int_eq(atomic_write(file(name), slice_of(text), false), 0);
}

#endif
