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
	struct kafka_stats stats = {0};

	kafka_stats_read(
	    SLICE("{\"name\":\"p\",\"brokers\":{"
		  "\"a:1/1\":{\"state\":\"UP\",\"txretries\":3,\"x\":{}},"
		  "\"b:1/2\":{\"state\":\"DOWN\",\"txretries\":4},"
		  "\"c:1/3\":{\"txretries\":0,\"state\":\"UP\"}},"
		  "\"topics\":{\"brokers\":{\"d\":{\"state\":\"UP\"}}}}"),
	    &stats);
	ck_assert_int_eq(stats.up, 2);
	ck_assert_uint_eq(stats.retries, 7);
	kafka_stats_read(SLICE("{\"brokers\":{}}"), &stats);
	ck_assert_int_eq(stats.up, 0);
	ck_assert_uint_eq(stats.retries, 0);
}
END_TEST

START_TEST(test_batches_of_all_topics)
{
	struct kafka_stats stats = {0};

	kafka_stats_read(
	    SLICE("{\"topics\":{\"d\":{\"topic\":\"d\",\"batchcnt\":{"
		  "\"avg\":9,\"sum\":40,\"cnt\":1,\"p50\":40,\"p99\":40},"
		  "\"batchsize\":{\"sum\":600,\"cnt\":1}},"
		  "\"e\":{\"batchsize\":{\"sum\":300,\"cnt\":3},\"batchcnt\":{"
		  "\"p50\":4,\"p99\":8,\"p99_99\":9,\"cnt\":3,\"sum\":16}}}}"),
	    &stats);
	ck_assert_double_eq(stats.batch_records.sum, 56);
	ck_assert_double_eq(stats.batch_records.count, 4);
	ck_assert_double_eq(stats.batch_records.quantiles[0], 13);
	ck_assert_double_eq(stats.batch_records.quantiles[4], 16);
	ck_assert_double_eq(stats.batch_bytes.sum, 900);
	ck_assert_double_eq(stats.batch_bytes.count, 4);
}
END_TEST

START_TEST(test_batches_add_up)
{
	static const char json[] =
	    "{\"topics\":{\"d\":{\"batchcnt\":{\"sum\":%d,\"cnt\":%d,"
	    "\"p50\":%d,\"p75\":4,\"p90\":5,\"p95\":6,\"p99\":7}}}}";
	static const int windows[][3] = {{30, 10, 3}, {0, 0, 0}, {4, 2, 2}};
	struct kafka_stats stats = {0};
	char text[256];

	for (int i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), json, windows[i][0], windows[i][1],
		    windows[i][2]);
		kafka_stats_read(slice_of(text), &stats);
		/* A second without a batch leaves what the last one said. */
		ck_assert_double_eq(stats.batch_records.quantiles[0],
		    i < 2 ? 3 : 2);
	}
	ck_assert_double_eq(stats.batch_records.sum, 34);
	ck_assert_double_eq(stats.batch_records.count, 12);
	for (int i = 1; i < SUMMARY_QUANTILES; i++)
		ck_assert_double_eq(stats.batch_records.quantiles[i], i + 3);
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
	tcase_add_test(tc, test_batches_of_all_topics);
	tcase_add_test(tc, test_batches_add_up);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
