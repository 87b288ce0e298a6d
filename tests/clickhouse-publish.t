#!/bin/sh
# clickhouse-publish without a server; tests/servers/clickhouse.t has one
. "$(dirname "$0")/lib.sh"
unset DB_HOST DB_PORT DB_USER DB_PASSWORD DB_NAME DB_SSLMODE

cat >"$T/.functions" <<'END'
# A server that gives the answer $1 to every request, and keeps requests in
# `asked`; its port is in `port`.
serve() {
	rm -f port asked
	perl -MIO::Socket::INET -e '
		$l = IO::Socket::INET->new(Listen => 5,
		    LocalAddr => "127.0.0.1") or exit 1;
		open F, ">port.new"; print F $l->sockport; close F;
		rename "port.new", "port";
		while ($c = $l->accept) {
			open A, ">>asked";
			$c->sysread($b, 65536);
			print A $b;
			close A;
			print $c $ARGV[0];
			close $c;
		}' "$1" &
	server=$!
	until [ -s port ]; do sleep 0.05; done
}
answer() { printf 'HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "$1" ${#2} "$2"; }
END

# --- how it is called
status 2 'an argument is wrong usage' 'clickhouse-publish chess </dev/null'
status 2 'a port that is none is refused' 'clickhouse-publish -p 0'
status 2 'DB_PORT too' 'DB_PORT=none clickhouse-publish'
status 2 'a file of a password that others may read is refused, and not said' '
	echo hush >password && chmod 644 password
	clickhouse-publish -P password 2>said; s=$?
	grep password said && ! grep hush said || exit 99
	exit $s'
status 2 'a password of two lines is no header' '
	DB_PASSWORD="a
b" clickhouse-publish </dev/null'

# --- no server, or a strange one
status 1 'a server that is away: one sentence, and records are kept' '
	echo "{\"n\":1}" |
	    clickhouse-publish -H 127.0.0.1 -p 1 -g 1 -r rejected 2>said; s=$?
	grep "127.0.0.1 port 1.*will try again" said &&
	jq -e ".record.n == 1" rejected || exit 99
	exit $s'
check 'a host of IPv6 may have the brackets of a URL, or none' '
	for host in "[::1]" ::1; do
		echo "{}" | clickhouse-publish -H $host -p 1 -g 0 -r /dev/null 2>said
		grep "connect to ::1 port 1" said || exit 1
	done'
check 'past the spool nothing is lost by that' '
	echo "{\"n\":1}" | clickhouse-publish -H 127.0.0.1 -p 1 -g 1 -s spool
	[ $? = 1 ] && [ "$(cat spool/*.ndjson)" = "{\"n\":1}" ]'
check 'user and password go as headers, and nowhere else' '
	serve "$(answer "200 OK" 1)"
	echo "{\"id\":\"1\"}" | DB_USER=me DB_PASSWORD=hush clickhouse-publish \
	    -H 127.0.0.1 -p $(cat port) -d chat; s=$?
	kill $server
	[ $s = 0 ] && grep "^X-ClickHouse-User: me" asked &&
	grep "^X-ClickHouse-Key: hush" asked &&
	grep "^POST /?database=chat&query=INSERT%20INTO%20events%20" asked &&
	! grep "POST.*hush" asked && grep "{\"id\":\"1\"," asked'
status 1 'an answer that is no sense is tried again' '
	serve "$(answer "503 No" busy)"
	echo "{\"n\":1}" | clickhouse-publish -H 127.0.0.1 -p $(cat port) -g 1 2>said
	s=$?
	kill $server
	grep "clickhouse says: busy; will try again" said || exit 99
	exit $s'
status 3 'a current server'\''s refusal of a password, too' '
	serve "$(answer "403 Forbidden" "Code: 516. DB::Exception: me: Authentication failed")"
	clickhouse-publish -H 127.0.0.1 -p $(cat port) </dev/null; s=$?
	kill $server
	exit $s'

finish
