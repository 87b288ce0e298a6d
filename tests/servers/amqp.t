#!/bin/sh
# amqp-publish into a real RabbitMQ that is stopped, killed, and short of disk
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/servers/rabbitmq.sh"
. "$TOP/tests/servers/tls.sh"
trap 'rabbitmq_end; clean' EXIT

certificates "$T/tls" && rabbitmq_new "$T/rabbitmq" &&
    rabbitmq_tls "$T/tls" && rabbitmq_up || bail "RabbitMQ does not start"
RABBITMQ_HOST=127.0.0.1 RABBITMQ_PORT=$rabbitmq_port
export RABBITMQ_HOST RABBITMQ_PORT

cat >"$T/.functions" <<'END'
. "$TOP/tests/servers/rabbitmq.sh"
. "$TOP/tests/faults.sh"
queue() { "$TOP/tests/amqp-queue.py" $rabbitmq_port "$@"; }
metric() { awk -v m="$1" '$1 == m { print $2 }' run/metrics/amqp-publish.prom; }
# Host $1 with the certificates of $2: all that is said is a sentence with $3.
untrusted() {
	events 1 | amqp-publish -c $2 -H $1 -p $rabbitmq_tls_port 2>said; s=$?
	[ $(wc -l <said) = 1 ] && grep "$1:.*$3" said && return $s
	return 99
}
END

# --- what arrives
check 'the exchange is made; a queue bound to it gets each record as it came' '
	amqp-publish </dev/null && queue bind all twitch_chat "chat.#" &&
	events 3000 >events && amqp-publish <events &&
	queue take all | cmp - events'
check 'its key is by the template, its properties are the event'\''s' '
	events 1 | amqp-publish && queue show all >shown &&
	jq -e ".key == \"chat.c1\" and .type == \"message\" and .id == \"1\" and
	    .mode == 2 and .content == \"application/json\" and
	    .time == 1763688000 and .app == \"twitch-ingest\" and
	    .headers.schema == \"irc-event/1\"" shown'
check 'one without a channel, an id or a type has a key all the same' '
	echo "{\"a\":1}" | amqp-publish && queue show all >shown &&
	jq -e ".key == \"chat.\" and .type == null and .id == null and
	    .headers == null" shown'
check 'another exchange, and another key' '
	amqp-publish -e ours </dev/null && queue bind some ours "message.*" &&
	events 10 | amqp-publish -e ours -k "{type}.{channel}" &&
	queue take some | cmp - <(events 10)'
check 'the counts are in the metrics' '
	[ $(metric amqp_publish_acknowledged_total) = 10 ] &&
	[ $(metric amqp_publish_up) = 1 ]'
check 'what no queue wants is said, and --mandatory refuses it alone' '
	events 10 | amqp-publish -e lonely 2>said && grep "no queue" said &&
	amqp-publish -e partly </dev/null &&
	queue bind partly partly "chat.c3" &&
	events 1000 | amqp-publish -m -e partly -r rejected &&
	[ $(queue take partly | wc -l) = 200 ] && [ $(wc -l <rejected) = 800 ] &&
	! jq -r .record.channel rejected | grep c3'

# --- what is refused
status 3 'a wrong password: status 3, and the password is not said' '
	events 1 | RABBITMQ_PASSWORD=hush amqp-publish 2>said; s=$?
	grep ACCESS_REFUSED said && ! grep hush said || exit 99
	exit $s'
check 'the password of a file' '
	echo guest >password && chmod 600 password &&
	events 1 | RABBITMQ_PASSWORD=x amqp-publish -P password'
status 2 'a virtual host that is not there is named' '
	events 1 | amqp-publish -v nowhere 2>said; s=$?
	grep "vhost nowhere not found" said || exit 99
	exit $s'
status 2 'an exchange of another type is named' '
	queue exchange direct direct
	events 1 | amqp-publish -e direct 2>said; s=$?
	grep "exchange .direct. .*topic" said || exit 99
	exit $s'
check 'one that does not outlive the broker may be used as it is' '
	amqp-publish -e passing -T </dev/null &&
	events 1 | amqp-publish -e passing -T'
check 'an exchange that is deleted meanwhile is made again' '
	{ events 1; until [ "$(metric amqp_publish_acknowledged_total)" = 1 ]; do
		sleep 0.1
	done; queue delete passing; events 2 | tail -n 1; } |
	    { rm -f run/metrics/amqp-publish.prom
	    amqp-publish -e passing -T 2>said; } && grep "will try again" said'

# --- TLS
check 'over TLS, to a broker whose certificate is trusted' '
	amqp-publish -e tls </dev/null && queue bind tls tls "#" &&
	events 10 | amqp-publish -e tls -t -c tls/ca.pem -H localhost \
	    -p $rabbitmq_tls_port && queue take tls | cmp - <(events 10)'
status 2 'a certificate that nobody we trust has signed' \
    'untrusted localhost tls/other.pem "cert verif"'
status 2 'one of another name' 'untrusted 127.0.0.1 tls/ca.pem "hostname verif"'

# --- the broker in trouble
rm -f "$T/rejected"
check 'short of disk, the broker takes nothing; then all of it' '
	queue bind full twitch_chat "chat.#" && queue take all >/dev/null
	rabbitmq set_disk_free_limit 100000GB &&
	{ events 2000 | amqp-publish -g 60 2>said & } &&
	until grep "takes nothing for now" said; do sleep 0.1; done &&
	rabbitmq set_disk_free_limit 50MB && wait $! &&
	queue take full >got && events 2000 >sent && account "short of disk" 0'

mkfifo "$T/pipe"
outage() {	# by signal $1
	run 'queue take all; queue take full' >/dev/null
	rm -f "$T/run/metrics/amqp-publish.prom"
	start bash -c 'cd "$T" && . ./.functions && stream 0.02 | tee sent >pipe'
	start sh -c 'exec amqp-publish -g 60 <"$T/pipe" 2>"$T/said"'
	wait_for 20 '[ "$(metric amqp_publish_acknowledged_total)" -gt 1000 ]'
	rabbitmq_down "$1"
	wait_for 20 'grep "will try again" said'
	rabbitmq_up || bail "RabbitMQ does not start again"
	wait_for 60 'grep "the store answers again" said'
	touch "$T/enough"
	wait $pid
	status=$?
	check "amqp-publish outlives a broker that is ended by SIG$1" \
	    "[ $status = 0 ]"
	check 'nothing is lost; twice is only what was not confirmed' \
	    "queue take full >got && account 'broker ended by SIG$1' 1000"
}
outage TERM
outage KILL

# --- kill -9 and SIGTERM of amqp-publish
seconds=15${SOAK:+0}
check 'kill -9 every second: nothing is lost past the spool' "
	queue take full >got && killed $seconds amqp-publish -s spool &&
	queue take full >got && account 'kill -9 each second' $((seconds * 1000))"
check 'SIGTERM: what was read arrives, the rest stays in the pipe, exit 0' '
	queue take full >/dev/null
	stopped amqp_publish_acknowledged_total amqp-publish &&
	queue take full | cmp - sent'

cat "$T/account"
finish
