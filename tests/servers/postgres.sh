# PostgreSQL for tests and benches: a server on a loopback port of its own.
# Source it with $TOP set.
#
#	postgres_new DIR	a server in DIR; $postgres_port is where it will
#				listen, and PGHOST, PGPORT, PGUSER, PGDATABASE say so
#	postgres_tls DIR	speak TLS too, with the certificates in DIR;
#				before postgres_up
#	postgres_up		start it and wait until it answers
#	postgres_down [MODE]	end it: fast, or immediate as in a crash
#
# Users from the socket in DIR are trusted, those from the port need their
# password. Each returns 1, the reason on standard error, when it fails.

# PostgreSQL does not run as root: then it is nobody's, who may enter DIR.
postgres_do() {
	(
		cd "$postgres_dir" || exit
		[ "$(id -u)" != 0 ] ||
		    set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
		exec env HOME="$postgres_dir" "$@"
	)
}

postgres_new() {
	postgres_dir=$1
	for postgres_bin in /usr/lib/postgresql/*/bin; do :; done
	postgres_port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
	    Listen => 1, LocalAddr => "127.0.0.1:0")->sockport')
	mkdir -p "$postgres_dir" || return 1
	[ "$(id -u)" != 0 ] || chown 65534:65534 "$postgres_dir" || return 1
	postgres_do "$postgres_bin/initdb" -D "$postgres_dir/data" -U postgres \
	    -E UTF8 --no-sync --auth-local trust --auth-host scram-sha-256 \
	    >"$postgres_dir/initdb.log" || return 1
	cat >>"$postgres_dir/data/postgresql.conf" <<-EOF
		listen_addresses = '127.0.0.1'
		port = $postgres_port
		unix_socket_directories = '$postgres_dir'
	EOF
	export postgres_dir postgres_bin postgres_port
	export PGHOST="$postgres_dir" PGPORT="$postgres_port" PGUSER=postgres \
	    PGDATABASE=postgres
}

postgres_tls() {
	cp "$1/server.pem" "$1/server.key" "$postgres_dir" || return 1
	[ "$(id -u)" != 0 ] ||
	    chown 65534:65534 "$postgres_dir"/server.* || return 1
	cat >>"$postgres_dir/data/postgresql.conf" <<-EOF
		ssl = on
		ssl_cert_file = '$postgres_dir/server.pem'
		ssl_key_file = '$postgres_dir/server.key'
	EOF
}

postgres_up() {
	postgres_do "$postgres_bin/pg_ctl" -s -w -D "$postgres_dir/data" \
	    -l "$postgres_dir/log" start
}

postgres_down() {
	postgres_do "$postgres_bin/pg_ctl" -s -w -D "$postgres_dir/data" \
	    -m "${1:-fast}" stop
}
