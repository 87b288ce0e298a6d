#!/bin/sh
# kafka-publish into a real Kafka over TLS, with passwords
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/kafka/kafka.sh"
. "$TOP/tests/servers/tls.sh"
trap 'kafka_down KILL; clean' EXIT

certificates "$T/tls" && kafka_new "$T/kafka" && kafka_tls "$T/tls" &&
    kafka_up && kafka_topic chat 1 && kafka_topic later 1 &&
    kafka_topic closed 3 && kafka_topic closed-once 3 &&
    kafka_scram ingest secret || bail "Kafka does not start"
KAFKA_BROKERS=localhost:$kafka_tls_port KAFKA_TOPIC=chat
export KAFKA_BROKERS KAFKA_TOPIC

cat >"$T/.functions" <<'END'
. "$TOP/tests/faults.sh"
# A file of properties: these, and all that is needed else.
conf() {
	(umask 077; cat >conf)
	cat >>conf <<-EOF
		security.protocol=sasl_ssl
		sasl.username=ingest
		$(grep -q ^ssl.ca conf || echo "ssl.ca.location=$T/tls/ca.pem")
		$(grep -q ^sasl.m conf || echo sasl.mechanisms=PLAIN)
		$(grep -q ^sasl.p conf || echo sasl.password=secret)
	EOF
}
# Publish one by that file; a sentence with $1 is said.
says() {
	why=$1; shift
	events 1 | kafka-publish -w 2 -F conf "$@" 2>said; s=$?
	grep -e "$why" said && return $s
	return 99
}
END

check 'with a password, over TLS, from a broker whose certificate is trusted' '
	conf </dev/null && events 100 >events && kafka-publish -F conf <events &&
	kafka-tail -b $brokers -t chat -e -J | cmp - events'
check 'exactly once, too' '
	events 100 | kafka-publish -F conf -e -s spool &&
	[ $(kafka-tail -b $brokers -t chat -e -J | wc -l) = 200 ]'
check 'kafka-tail reads so' '
	[ $(kafka-tail -F conf -t chat -e -J | wc -l) = 200 ]'
status 3 'a wrong password: status 3, and the password is not said' '
	echo sasl.password=hush | conf
	says "refused the credentials: .*check sasl.username" && exit 99
	s=$?; ! grep hush said || exit 99; exit $s'
check 'SCRAM, or what it wants' '
	echo sasl.mechanisms=SCRAM-SHA-512 | conf
	says "Kafka 4 wants librdkafka 2.6.1"
	[ $? = 3 ] || events 1 | kafka-publish -F conf'
status 1 'a certificate that nobody we trust has signed' '
	echo ssl.ca.location=$T/tls/other.pem | conf
	says "certificate could not be verified"'
status 1 'one of another name' '
	conf </dev/null
	says "certificate could not be verified" -b 127.0.0.1:$kafka_tls_port'
status 2 'certificates that are not there' '
	echo ssl.ca.location=none | conf; says "ssl.ca.location failed"'

# --- a password that is wrong for a while
password() {
	kafka_down KILL
	sed -i "s/user_ingest=\"[a-z]*\"/user_ingest=\"$1\"/" \
	    "$T/kafka/1/properties"
	kafka_up || bail "Kafka does not start again"
}
echo 'later() { kafka-tail -b $brokers -t later -e -J; }' >>"$T/.functions"
run 'conf </dev/null; events 1000 >sent; mkfifo pipe'
start sh -c "cd '$T' && LOG_LEVEL=debug exec kafka-publish -F conf -t later \
    -s later.spool -g 60 <pipe 2>said"
publisher=$pid
exec 8>"$T/pipe"
head -n 500 "$T/sent" >&8
wait_for 60 '[ "$(later | wc -l)" = 500 ]'
password other 8>&-
wait_for 60 'grep "librdkafka: FAIL: .*Authentication failed" said'
tail -n 500 "$T/sent" >&8
exec 8>&-
password secret
wait $publisher
status=$?
check 'credentials that were good once are tried again, and nothing is lost' \
    "[ $status = 0 ] && grep 'Authentication failed' said && later | cmp - sent"

# --- a right that is taken away for a while
denied() {
	kafka_acl "$1" --deny-principal User:ingest --operation Write \
	    --topic closed --resource-pattern-type prefixed ||
	    bail "Kafka does not change what is denied"
}
for topic in closed closed-once; do
	mkdir "$T/$topic" && mkfifo "$T/$topic/pipe"
	case $topic in
	closed) options= ;;
	closed-once) options=-e ;;
	esac
	start sh -c "cd '$T/$topic' && kafka-publish -F ../conf -t $topic \
	    -s spool -g 60 $options <pipe 2>said; echo \$? >status"
done
exec 7>"$T/closed/pipe" 8>"$T/closed-once/pipe"
pipes() { tee /dev/fd/7 >&8; }
echo 'got() { kcat -C -q -e -o beginning -X isolation.level=read_committed \
    -b $brokers -t $1; }' >>"$T/.functions"
head -n 500 "$T/sent" | pipes
wait_for 60 '[ $(got closed | wc -l) = 500 ] && [ $(got closed-once | wc -l) = 500 ]'
denied --add 7>&- 8>&-
tail -n 500 "$T/sent" | pipes
exec 7>&- 8>&-
for topic in closed closed-once; do
	check "$topic: a right that is taken away is warned about" "
		until grep 'authorization failed' $topic/said; do sleep 0.1; done"
done
denied --remove
wait_for 90 '[ -e closed/status ] && [ -e closed-once/status ]'
for topic in closed closed-once; do
	check "$topic: once it is back each record is there, once" "
		[ \$(cat $topic/status) = 0 ] && ! grep rejected $topic/said &&
		got $topic | sort | cmp - <(sort sent)"
done

finish
