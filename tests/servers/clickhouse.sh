# ClickHouse for tests and benches: one server on loopback ports of its own.
# Source it with $TOP set.
#
#	clickhouse_new DIR	a server in DIR; $clickhouse_port is its HTTP port
#	clickhouse_tls DIR	speak HTTPS too, at $clickhouse_tls_port, with the
#				certificates in DIR; before clickhouse_up
#	clickhouse_up		start it and wait until it answers; $clickhouse_pid
#	clickhouse_down [SIGNAL]	end it and wait until it is gone
#	clickhouse SQL		ask it, as the user it was made with
#
# Each returns 1, the reason on standard error, when it fails. The user is
# writer, the password is secret; the user reader may only read.

. "$TOP/tests/servers/ports.sh"

clickhouse_pid=

clickhouse_new() {
	clickhouse_dir=$1
	mkdir -p "$clickhouse_dir" || return 1
	clickhouse_port=$(free_ports)
	clickhouse_tcp_port=$(free_ports)
	clickhouse_peer_port=$(free_ports)
	export clickhouse_dir clickhouse_port
	cat >"$clickhouse_dir/config.xml" <<-EOF
		<yandex>
		<logger>
		  <level>warning</level>
		  <log>$clickhouse_dir/log</log>
		  <errorlog>$clickhouse_dir/errors</errorlog>
		</logger>
		<listen_host>127.0.0.1</listen_host>
		<http_port>$clickhouse_port</http_port>
		<tcp_port>$clickhouse_tcp_port</tcp_port>
		<interserver_http_port>$clickhouse_peer_port</interserver_http_port>
		<path>$clickhouse_dir/data/</path>
		<tmp_path>$clickhouse_dir/tmp/</tmp_path>
		<users_config>$clickhouse_dir/users.xml</users_config>
		<default_profile>default</default_profile>
		<default_database>default</default_database>
		<mark_cache_size>16777216</mark_cache_size>
		</yandex>
	EOF
	cat >"$clickhouse_dir/users.xml" <<-EOF
		<yandex>
		<profiles>
		  <default></default>
		  <readonly><readonly>1</readonly></readonly>
		</profiles>
		<quotas><default></default></quotas>
		<users>
		  <writer>
		    <password>secret</password>
		    <networks><ip>127.0.0.1</ip></networks>
		    <profile>default</profile><quota>default</quota>
		  </writer>
		  <reader>
		    <password></password>
		    <networks><ip>127.0.0.1</ip></networks>
		    <profile>readonly</profile><quota>default</quota>
		  </reader>
		</users>
		</yandex>
	EOF
}

clickhouse_tls() {
	clickhouse_tls_port=$(free_ports)
	export clickhouse_tls_port
	mkdir -p "$clickhouse_dir/config.d" &&
	cat >"$clickhouse_dir/config.d/tls.xml" <<-EOF
		<yandex>
		<https_port>$clickhouse_tls_port</https_port>
		<openSSL><server>
		  <certificateFile>$1/server.pem</certificateFile>
		  <privateKeyFile>$1/server.key</privateKeyFile>
		  <verificationMode>none</verificationMode>
		</server></openSSL>
		</yandex>
	EOF
}

clickhouse() {
	printf '%s' "$1" | curl -sS --fail-with-body -H 'X-ClickHouse-User: writer' \
	    -H 'X-ClickHouse-Key: secret' --data-binary @- \
	    "http://127.0.0.1:$clickhouse_port/${2-}"
}

clickhouse_up() {
	clickhouse-server --config-file="$clickhouse_dir/config.xml" \
	    >>"$clickhouse_dir/said" 2>&1 &
	clickhouse_pid=$!
	clickhouse_tries=600
	until curl -s "http://127.0.0.1:$clickhouse_port/ping" |
	    grep -q Ok; do
		clickhouse_tries=$((clickhouse_tries - 1))
		if [ $clickhouse_tries = 0 ] ||
		    ! kill -0 $clickhouse_pid 2>/dev/null; then
			cat "$clickhouse_dir/said" "$clickhouse_dir/errors" >&2
			return 1
		fi
		sleep 0.1
	done
}

clickhouse_down() {
	kill "-${1:-TERM}" $clickhouse_pid
	wait $clickhouse_pid 2>/dev/null || :
	clickhouse_pid=
}
