#!/bin/bash
# Those commands of README's cookbook that need a real server, and compose.yaml's
# settings of Kafka
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/servers/postgres.sh"
. "$TOP/tests/servers/clickhouse.sh"
. "$TOP/tests/servers/rabbitmq.sh"
. "$TOP/tests/kafka/kafka.sh"
trap 'rabbitmq_end; postgres_down immediate
	[ -z "$clickhouse_pid" ] || clickhouse_down KILL; clean' EXIT
unset DB_HOST DB_PORT DB_USER DB_PASSWORD DB_NAME DB_SSLMODE

chmod 755 "$T"
start twitch-sim --chat 500 --url-file "$T/twitch"
{
	postgres_new "$T/postgres" && postgres_up &&
	clickhouse_new "$T/clickhouse" && clickhouse_up &&
	rabbitmq_new "$T/rabbitmq" && rabbitmq_up &&
	wait_for 20 '[ -s twitch ]'
} || bail "A server does not start"
TWITCH_IRC_URI=$(cat "$T/twitch")
RABBITMQ_PORT=$rabbitmq_port HOME=$T
export TWITCH_IRC_URI RABBITMQ_PORT HOME
elsewhere='s/rabbitmq.example.org/127.0.0.1/
	s/clickhouse-publish -H db.example.org -u ingest/clickhouse-publish -H 127.0.0.1 -u writer/'
. "$TOP/tests/cookbook.sh"
cat >>"$T/.functions" <<'END'
. "$TOP/tests/servers/clickhouse.sh"
chat() { env -u PGHOSTADDR psql -X -q -A -t -d chat -c "$1"; }
queue() { "$TOP/tests/amqp-queue.py" $rabbitmq_port "$@"; }
END

printf 'chess\nspeedrun\n' >"$T/channels.txt"
echo secret >"$T/.clickhouse-password"
echo 'db.example.org:*:chat:ingest:secret' >"$T/.pgpass"
chmod 600 "$T/.clickhouse-password" "$T/.pgpass"
psql -X -q -c "CREATE USER ingest PASSWORD 'secret'" \
    -c 'CREATE DATABASE chat OWNER ingest ENCODING UTF8'

PGHOSTADDR=127.0.0.1
export PGHOSTADDR
recipe 'into PostgreSQL' '--to postgresql:' \
    '[ $(chat "SELECT count(*) FROM text_messages") -ge 10 ]'
DB_PORT=$clickhouse_port
export DB_PORT
recipe 'into ClickHouse' 'clickhouse-publish' \
    '[ $(clickhouse "SELECT count() FROM text_messages") -ge 10 ]'
check 'a consumer binds its queue' '
	amqp-publish -H 127.0.0.1 </dev/null && queue bind all twitch_chat "chat.#"'
recipe 'into RabbitMQ' 'amqp-publish -H' '
	queue show all >shown && grep -q "\"key\": \"chat.chess\"" shown'
check 'an exchange as consensus has it' '
	queue delete twitch_chat && amqp-publish -H 127.0.0.1 -T </dev/null &&
	queue bind all twitch_chat "chat.#"'
recipe 'the records of consensus' 'amqp-publish -T' '
	queue take all | grep -E "^.\"username\":\"[a-z0-9_]*\",\"message\":"'
# As its image makes them of the environment.
cat >"$T/settings.py" <<'END'
import sys

import yaml

services = yaml.safe_load(open(sys.argv[1]))["services"]
for name, value in services["kafka"]["environment"].items():
    name = name.removeprefix("KAFKA_").lower().replace("_", ".")
    print(f"{name}={sys.argv[2] if name == 'log.dirs' else value}")
END
check 'Kafka takes the settings that compose.yaml gives it' '
	. "$TOP/tests/kafka/kafka.sh"
	python3 settings.py "$TOP/contrib/container/compose.yaml" "$T/log" >settings &&
	kafka kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c settings &&
	grep cluster.id log/meta.properties'
finish
