/* dirs: which variable names each directory, and how one is made. */

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirs.h"

static char top[] = "/tmp/check_dirs.XXXXXX";
static char path[DIRS_PATH_MAX];

static void
make_top(void)
{
	static const char *const names[] = {"TWITCH_RUN_DIR",
	    "TWITCH_STATE_DIR", "TWITCH_LOGIN_DIR", "XDG_RUNTIME_DIR",
	    "XDG_STATE_HOME", "HOME"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
}

static void
remove_top(void)
{
	char command[sizeof(top) + 16];

	ck_assert_int_eq(seteuid(getuid()), 0);
	snprintf(command, sizeof(command), "rm -r %s", top);
	ck_assert_int_eq(system(command), 0);
}

static unsigned
mode(const char *dir)
{
	struct stat st;

	ck_assert_int_eq(stat(dir, &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	return st.st_mode & 07777;
}

START_TEST(test_make_makes_parents)
{
	ck_assert_int_eq(dirs_make("a/b/c"), 0);
	ck_assert_uint_eq(mode("a"), 0700);
	ck_assert_uint_eq(mode("a/b/c"), 0700);
	ck_assert_int_eq(dirs_make("a/b/c"), 0);
	ck_assert_int_eq(dirs_make("a//b/d/"), 0);
	ck_assert_uint_eq(mode("a/b/d"), 0700);
	ck_assert_int_eq(dirs_make("/"), 0);
}
END_TEST

START_TEST(test_make_leaves_what_is_there)
{
	ck_assert_int_eq(mkdir("a", 0755), 0);
	ck_assert_int_eq(chmod("a", 0755), 0);
	ck_assert_int_eq(dirs_make("a"), 0);
	ck_assert_uint_eq(mode("a"), 0755);
}
END_TEST

START_TEST(test_make_fails)
{
	char longer[2 * DIRS_PATH_MAX];

	ck_assert_int_eq(close(open("file", O_CREAT | O_WRONLY, 0600)), 0);
	ck_assert_int_eq(dirs_make("file"), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(dirs_make("file/a"), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(symlink("nowhere", "link"), 0);
	ck_assert_int_eq(dirs_make("link"), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(dirs_make(""), -1);
	ck_assert_int_eq(errno, ENOENT);
	memset(longer, 'a', sizeof(longer));
	longer[DIRS_PATH_MAX] = '\0';
	ck_assert_int_eq(dirs_make(longer), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
}
END_TEST

/* The path is top/tail, and the folder that it is in was made. */
static void
path_is(const char *tail)
{
	char want[DIRS_PATH_MAX];

	snprintf(want, sizeof(want), "%s/%s", top, tail);
	ck_assert_str_eq(path, want);
	*strrchr(want, '/') = '\0';
	ck_assert_uint_eq(mode(want), 0700);
}

/* A user who is not root, and whom no machine has. */
static uid_t
become_somebody(void)
{
	uid_t uid = 1000000000 + (uid_t)getpid();

	if (geteuid() == 0) {
		ck_assert_int_eq(chown(top, uid, (gid_t)-1), 0);
		ck_assert_int_eq(seteuid(uid), 0);
	}
	return geteuid();
}

/* Set a variable to a folder in top, made with this mode. */
static void
set_folder(const char *variable, const char *folder, mode_t bits)
{
	ck_assert(mkdir(folder, bits) == 0 || errno == EEXIST);
	ck_assert_int_eq(chmod(folder, bits), 0);
	snprintf(path, sizeof(path), "%s/%s", top, folder);
	setenv(variable, path, 1);
}

START_TEST(test_run)
{
	become_somebody();
	set_folder("XDG_RUNTIME_DIR", "xdg", 0700);
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is("xdg/twitch-ingest/ctl");

	setenv("TWITCH_RUN_DIR", "", 1); /* as if unset */
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is("xdg/twitch-ingest/ctl");

	setenv("TWITCH_RUN_DIR", strcat(strcpy(path, top), "/run"), 1);
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is("run/ctl");
	ck_assert_int_eq(dirs_run(NULL, path), 0);
	path_is("run");
}
END_TEST

/* As cron, su and containers start programs. */
START_TEST(test_run_without_a_session)
{
	become_somebody();
	setenv("HOME", top, 1);
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is(".local/state/twitch-ingest/run/ctl");
	/* Who logs in finds what runs there. */
	set_folder("XDG_RUNTIME_DIR", "xdg", 0700);
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is(".local/state/twitch-ingest/run/ctl");
}
END_TEST

START_TEST(test_run_in_anothers_session)
{
	become_somebody();
	set_folder("TWITCH_STATE_DIR", "state", 0700);
	set_folder("XDG_RUNTIME_DIR", "open", 0777);
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is("state/run/ctl");
	ck_assert_int_eq(rmdir("state/run"), 0);
	setenv("XDG_RUNTIME_DIR", "/", 1);
	ck_assert_int_eq(dirs_run("ctl", path), 0);
	path_is("state/run/ctl");
}
END_TEST

/* cron, while its user is logged in. Only root can have made that folder. */
START_TEST(test_run_beside_a_session)
{
	char session[64], want[128];
	uid_t uid;

	if (geteuid() != 0)
		return;
	uid = become_somebody();
	setenv("HOME", top, 1);
	snprintf(session, sizeof(session), "/run/user/%ju", (uintmax_t)uid);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(dirs_make(session), 0);
	ck_assert_int_eq(chmod("/run/user", 0755), 0);
	ck_assert_int_eq(chown(session, uid, (gid_t)-1), 0);
	ck_assert_int_eq(seteuid(uid), 0);
	ck_assert_int_eq(dirs_run(NULL, path), 0);
	snprintf(want, sizeof(want), "%s/twitch-ingest", session);
	ck_assert_int_eq(seteuid(0), 0);
	rmdir(want);
	rmdir(session);
	ck_assert_str_eq(path, want);
}
END_TEST

START_TEST(test_state)
{
	setenv("XDG_STATE_HOME", top, 1);
	ck_assert_int_eq(dirs_state("channels.json", path), 0);
	path_is("twitch-ingest/channels.json");

	setenv("TWITCH_STATE_DIR", strcat(strcpy(path, top), "/state"), 1);
	ck_assert_int_eq(dirs_state("channels.json", path), 0);
	path_is("state/channels.json");
}
END_TEST

START_TEST(test_login)
{
	setenv("TWITCH_STATE_DIR", strcat(strcpy(path, top), "/state"), 1);
	ck_assert_int_eq(dirs_login("accounts", path), 0);
	path_is("state/accounts");

	setenv("TWITCH_LOGIN_DIR", strcat(strcpy(path, top), "/login"), 1);
	ck_assert_int_eq(dirs_login("accounts", path), 0);
	path_is("login/accounts");
}
END_TEST

START_TEST(test_a_user_without_variables)
{
	become_somebody();
	setenv("HOME", top, 1);
	ck_assert_int_eq(dirs_state("channels.json", path), 0);
	path_is(".local/state/twitch-ingest/channels.json");
	unsetenv("HOME");
	ck_assert_int_eq(dirs_state("channels.json", path), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(dirs_run("ctl", path), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(test_too_long)
{
	char name[DIRS_PATH_MAX];

	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	setenv("TWITCH_RUN_DIR", top, 1);
	ck_assert_int_eq(dirs_run(name, path), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	setenv("TWITCH_RUN_DIR", name, 1);
	ck_assert_int_eq(dirs_run("ctl", path), -1);
	ck_assert_int_eq(errno, ENAMETOOLONG);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("dirs");
	TCase *tc = tcase_create("dirs");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, make_top, remove_top);
	tcase_add_test(tc, test_make_makes_parents);
	tcase_add_test(tc, test_make_leaves_what_is_there);
	tcase_add_test(tc, test_make_fails);
	tcase_add_test(tc, test_run);
	tcase_add_test(tc, test_run_without_a_session);
	tcase_add_test(tc, test_run_in_anothers_session);
	tcase_add_test(tc, test_run_beside_a_session);
	tcase_add_test(tc, test_state);
	tcase_add_test(tc, test_login);
	tcase_add_test(tc, test_a_user_without_variables);
	tcase_add_test(tc, test_too_long);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
