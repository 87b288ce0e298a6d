/* kafka_conf: properties from defaults, arguments and files. */

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../publisher/kafka/kafka_conf.h"
#include "../../publisher/kafka/kafka_stats.h"

static char path[] = "/tmp/check_kafka_conf.XXXXXX";
static struct rd_kafka_conf_s *conf;

static void
setup(void)
{
	static const struct kafka_property defaults[] = {
	    {"client.id", "ours"}, {"linger.ms", "10"}, {NULL, NULL}};

	conf = kafka_conf_new(defaults);
	close(mkstemp(path));
}

static void
teardown(void)
{
	kafka_conf_free(conf);
	unlink(path);
}

static void
is(const char *name, const char *want)
{
	char value[64];

	ck_assert_int_eq(kafka_conf_get(conf, name, value, sizeof(value)), 0);
	ck_assert_str_eq(value, want);
}

static int
load(const char *text, mode_t mode, char why[KAFKA_WHY_MAX])
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
	chmod(path, mode);
	return kafka_conf_file(conf, path, why);
}

START_TEST(test_the_later_setting_counts)
{
	char why[KAFKA_WHY_MAX];

	is("client.id", "ours");
	ck_assert_int_eq(kafka_conf_argument(conf, "client.id=theirs", why), 0);
	is("client.id", "theirs");
	ck_assert_int_eq(load("client.id=file\n", 0644, why), 0);
	is("client.id", "file");
	is("linger.ms", "10");
}
END_TEST

START_TEST(test_file)
{
	char why[KAFKA_WHY_MAX];

	ck_assert_int_eq(load("# a comment\n"
			      "\n"
			      "  linger.ms =  7 \r\n"
			      "\t# another\n"
			      "sasl.username=a=b\n"
			      "client.id=last",
			     0644, why),
	    0);
	is("linger.ms", "7");
	is("sasl.username", "a=b");
	is("client.id", "last");
}
END_TEST

START_TEST(test_secret_in_a_private_file)
{
	char why[KAFKA_WHY_MAX];

	ck_assert_int_eq(load("sasl.password=hush\n", 0600, why), 0);
	ck_assert_int_eq(load("sasl.password=hush\n", 0640, why), 0);
}
END_TEST

static const struct refused {
	const char *text;
	mode_t mode;
	const char *why; /* a part of it */
} refused[] = {
    {"linger.ms=1\nno.such.property=1\n", 0600,
	"line 2: No such configuration property: \"no.such.property\""},
    {"linger.ms=x\n", 0600, "line 1: "},
    {"hush\n", 0600, "line 1: it is not NAME=VALUE"},
    {"sasl.password=hush\n", 0644, "everybody may read it: chmod 600 it"},
    {"ssl.key.password=hush\n", 0604, "everybody may read it: chmod 600 it"},
};

START_TEST(test_refused_files)
{
	char why[KAFKA_WHY_MAX];

	ck_assert_int_eq(load(refused[_i].text, refused[_i].mode, why), -1);
	ck_assert_msg(strstr(why, refused[_i].why) != NULL, "%s", why);
	ck_assert_ptr_null(strstr(why, "hush"));
}
END_TEST

START_TEST(test_no_file)
{
	char why[KAFKA_WHY_MAX];

	ck_assert_int_eq(kafka_conf_file(conf, "/nonexistent", why), -1);
	ck_assert_str_eq(why,
	    "cannot read '/nonexistent': No such file or directory");
}
END_TEST

static const struct {
	const char *argument, *why;
} arguments[] = {
    {"linger.ms", "'linger.ms' is not NAME=VALUE"},
    {"x=1", "No such configuration property: \"x\""},
    {"sasl.password=hush", "sasl.password is a secret"},
    {"ssl.key.password=hush", "ssl.key.password is a secret"},
    {"ssl.key.pem=hush", "ssl.key.pem is a secret"},
    {"sasl.oauthbearer.client.secret=hush", "is a secret"},
    {"sasl.oauthbearer.config=hush", "is a secret"},
};

START_TEST(test_refused_arguments)
{
	char why[KAFKA_WHY_MAX];

	ck_assert_int_eq(kafka_conf_argument(conf, arguments[_i].argument, why),
	    -1);
	ck_assert_msg(strstr(why, arguments[_i].why) != NULL, "%s", why);
	ck_assert_ptr_null(strstr(why, "hush"));
}
END_TEST

START_TEST(test_get)
{
	char value[4];

	ck_assert_int_eq(kafka_conf_get(conf, "group.id", value, sizeof(value)),
	    -1);
	ck_assert_int_eq(kafka_conf_get(conf, "client.id", value,
			     sizeof(value)),
	    -1);
	ck_assert_int_eq(kafka_conf_get(conf, "linger.ms", value,
			     sizeof(value)),
	    0);
}
END_TEST

START_TEST(test_statistics)
{
	struct kafka_stats stats;

	kafka_stats_read(
	    SLICE("{\"name\":\"p\",\"brokers\":{"
		  "\"a:1/1\":{\"state\":\"UP\",\"txretries\":3,\"x\":{}},"
		  "\"b:1/2\":{\"state\":\"DOWN\",\"txretries\":4},"
		  "\"c:1/3\":{\"txretries\":0,\"state\":\"UP\"}},"
		  "\"topics\":{\"brokers\":{\"d\":{\"state\":\"UP\"},"
		  "\"batchcnt\":{\"avg\":9,\"sum\":30,\"cnt\":1},"
		  "\"batchsize\":{\"sum\":600,\"cnt\":1}},"
		  "\"e\":{\"batchsize\":{\"sum\":300,\"cnt\":2},"
		  "\"batchcnt\":{\"sum\":15,\"cnt\":2}}}}"),
	    &stats);
	ck_assert_int_eq(stats.up, 2);
	ck_assert_uint_eq(stats.retries, 7);
	ck_assert_double_eq(stats.batch_records, 15);
	ck_assert_double_eq(stats.batch_bytes, 300);
	kafka_stats_read(SLICE("{\"brokers\":{}}"), &stats);
	ck_assert_int_eq(stats.up, 0);
	ck_assert_uint_eq(stats.retries, 0);
	ck_assert_double_eq(stats.batch_records, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("kafka_conf");
	TCase *tc = tcase_create("kafka_conf");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_later_setting_counts);
	tcase_add_test(tc, test_file);
	tcase_add_test(tc, test_secret_in_a_private_file);
	tcase_add_loop_test(tc, test_refused_files, 0,
	    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, test_no_file);
	tcase_add_loop_test(tc, test_refused_arguments, 0,
	    sizeof(arguments) / sizeof(arguments[0]));
	tcase_add_test(tc, test_get);
	tcase_add_test(tc, test_statistics);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
