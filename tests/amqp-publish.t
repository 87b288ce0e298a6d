#!/bin/sh
# amqp-publish without a broker; tests/servers/amqp.t has one
. "$(dirname "$0")/lib.sh"
unset RABBITMQ_HOST RABBITMQ_PORT RABBITMQ_USERNAME RABBITMQ_PASSWORD \
    RABBITMQ_VHOST

# --- how it is called
status 2 'an argument is wrong usage' 'amqp-publish chess </dev/null'
status 2 'a port that is none is refused' 'amqp-publish -p 70000'
status 2 'RABBITMQ_PORT too' 'RABBITMQ_PORT=none amqp-publish'
status 2 'a key with a lonely brace is refused' \
    "amqp-publish -k 'a{b' 2>said; s=\$?; grep \"key 'a{b'\" said; exit \$s"
status 2 'a file of a password that others may read is refused, and not said' '
	echo hush >password && chmod 644 password
	amqp-publish -P password 2>said; s=$?
	grep password said && ! grep hush said || exit 99
	exit $s'
status 2 'certificates that are not there are named' '
	amqp-publish -t -c none -H 127.0.0.1 -p 1 </dev/null 2>said; s=$?
	grep "certificates of: none" said || exit 99
	exit $s'

# --- no broker
status 1 'a broker that is away: one sentence names it, records are kept' '
	echo "{\"channel\":\"chess\"}" |
	    amqp-publish -H 127.0.0.1 -p 1 -g 1 -r rejected 2>said; s=$?
	grep "broker 127.0.0.1:1: cannot connect.*will try again" said &&
	jq -e ".record.channel == \"chess\"" rejected || exit 99
	exit $s'
check 'a host of IPv6 may have the brackets of a URL, or none' '
	for host in "[::1]" ::1; do
		echo "{}" | amqp-publish -H $host -p 1 -g 0 -r /dev/null 2>said
		grep "broker \\[::1\\]:1: cannot connect" said || exit 1
	done'
check 'SIGTERM ends the wait for it, with 0: nothing was taken' '
	rm -f said; mkfifo silent && exec 4<>silent &&
	{ amqp-publish -H 127.0.0.1 -p 1 <silent 2>said & p=$!; } &&
	until grep "will try again" said 2>/dev/null; do sleep 0.05; done &&
	kill $p && wait $p'
check 'past the spool nothing is lost by that' '
	echo "{\"n\":1}" | amqp-publish -H 127.0.0.1 -p 1 -g 1 -s spool
	[ $? = 1 ] && [ "$(cat spool/*.ndjson)" = "{\"n\":1}" ]'

# --- something that is no broker
check 'one that says nothing, or babble, is tried again' '
	perl -MIO::Socket::INET -e "
		\$l = IO::Socket::INET->new(Listen => 1,
		    LocalAddr => q(127.0.0.1)) or exit 1;
		open F, q(>), q(port.new); print F \$l->sockport; close F;
		rename q(port.new), q(port);
		while (\$c = \$l->accept) { print \$c q(HTTP/1.1 400 No) x 99 }" &
	p=$!
	until [ -s port ]; do sleep 0.05; done
	echo "{\"n\":1}" | amqp-publish -H 127.0.0.1 -p $(cat port) -g 1 2>said
	s=$?
	kill $p
	[ $s = 1 ] && grep "will try again" said'

finish
