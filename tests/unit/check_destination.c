/* Destinations: what a URL means as a publisher's command line. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../ctl/destination.h"

/* The program and its options, between blanks. */
static const char *
command(const char *url)
{
	static char line[512], why[DESTINATION_WHY_MAX];
	struct destination d;

	if (destination_parse(&d, url, why) == -1)
		return why;
	strcpy(line, d.program);
	for (size_t i = 0; i < d.options.n; i++) {
		strcat(line, " ");
		strcat(line, d.options.v[i]);
	}
	arguments_free(&d.options);
	return line;
}

static const struct {
	const char *url, *command;
} cases[] = {
    {"kafka://localhost:9092?topic=chat",
	"kafka-publish --brokers localhost:9092 --topic chat"},
    {"kafka://a:1,b:2?topic=chat-{type}&exactly-once",
	"kafka-publish --brokers a:1,b:2 --topic chat-{type} --exactly-once"},
    {"kafka://a?property=linger.ms%3D5&key=%26",
	"kafka-publish --brokers a --property linger.ms=5 --key &"},
    {"amqp://mq", "amqp-publish --host mq"},
    {"amqp://me@mq:5/chat?exchange=x",
	"amqp-publish --host mq --port 5 --user me --vhost chat --exchange x"},
    {"amqp://mq/%2f", "amqp-publish --host mq --vhost /"},
    {"amqps://mq/", "amqp-publish --tls --host mq"},
    {"clickhouse://ch:8123/twitch",
	"clickhouse-publish --host ch --port 8123 --database twitch"},
    {"postgresql://me%40home@[::1]:5433/chat?batch=100",
	"postgres-publish --database postgresql://me%40home@[::1]:5433/chat "
	"--batch 100"},
    {"postgres://pg", "postgres-publish --database postgresql://pg"},
    {"postgres://pg/x?sslmode=verify-full&sslrootcert=/a",
	"postgres-publish --database postgresql://pg/x --sslmode verify-full "
	"--sslrootcert /a"},
    {"clickhouse://ch?tls&ca=/a", "clickhouse-publish --host ch --tls --ca /a"},
    {"sqlite:chat.db", "sqlite-publish --database chat.db"},
    {"sqlite:/a%3Fb%25?linger=1", "sqlite-publish --database /a?b% --linger 1"},
    {"file:logs/{channel}/{date}.ndjson?zstd",
	"file-publish logs/{channel}/{date}.ndjson --zstd"},
};

START_TEST(test_command)
{
	ck_assert_str_eq(command(cases[_i].url), cases[_i].command);
}
END_TEST

static const struct {
	const char *url, *why;
} refused[] = {
    {"", "none of"},
    {"kafka:localhost", "none of"},
    {"mysql://x", "none of"},
    {"KAFKA://x", "none of"},
    {"kafka://", "no broker"},
    {"kafka://?topic=x", "no broker"},
    {"amqp://", "no host"},
    {"amqp://me@/v", "no host"},
    {"amqp://me:secret@mq", "password"},
    {"postgresql://me:@pg/x", "password"},
    {"sqlite:", "no file"},
    {"sqlite:a%0", "'%'"},
    {"sqlite:a%00b", "'%'"},
    {"sqlite:a%zz", "'%'"},
    {"amqp://mq/%", "'%'"},
    {"file:", "no file"},
    {"file:-x", "'-'"},
    {"sqlite:x?", "NAME=VALUE"},
    {"sqlite:x?=1", "NAME=VALUE"},
    {"sqlite:x?a=1&", "NAME=VALUE"},
    {"sqlite:x?-r=1", "NAME=VALUE"},
    {"sqlite:x?Batch=1", "NAME=VALUE"},
    {"sqlite:x?batch=%4", "'%'"},
};

START_TEST(test_refused)
{
	const char *why = command(refused[_i].url);

	ck_assert_msg(strstr(why, refused[_i].why) != NULL, "%s: %s",
	    refused[_i].url, why);
}
END_TEST

START_TEST(test_kind)
{
	struct destination d;
	char why[DESTINATION_WHY_MAX];

	ck_assert_int_eq(destination_parse(&d, "amqps://mq", why), 0);
	ck_assert_str_eq(d.kind, "amqp");
	arguments_free(&d.options);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("destination");
	TCase *tc = tcase_create("destination");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, test_command, 0,
	    sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tc, test_refused, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, test_kind);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
